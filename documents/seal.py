"""The electronic seal: a PAdES B-B signature with the installation's own key.

It proves that the file left this installation and has not changed since. It is not qualified: that
needs a certificate and a time stamp of a trust service provider. Put such a certificate and key
(`certificate.pem`, `key.pem`) in the folder named by NDRC_SEAL_DIR and they are used instead.
"""

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings

FIELD = "Cachet"
BYTES_RESERVED = 8192
VALID_FOR = timedelta(days=3653)


def seal(pdf: bytes) -> bytes:
    """The same bytes followed by an invisible signature (an incremental update)."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    return signers.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        ),
        signer=_signer(str(settings.SEAL_DIR), os.getpid()),
        bytes_reserved=BYTES_RESERVED,
    ).getvalue()


def certificate_pem() -> bytes:
    """The public certificate, to hand to whoever wants to check the seals with a PDF reader."""
    return (_folder(Path(settings.SEAL_DIR)) / "certificate.pem").read_bytes()


@cache
def _signer(folder: str, pid: int) -> Any:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from pyhanko.sign.signers import SimpleSigner

    class FastSigner(SimpleSigner):
        """pyHanko loads and checks the private key twice per signature; this one keeps it."""

        private_key: ec.EllipticCurvePrivateKey | None = None

        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            if self.private_key is None or digest_algorithm != "sha256":
                return super().sign_raw(data, digest_algorithm)
            return self.private_key.sign(data, ec.ECDSA(hashes.SHA256()))

    made = _folder(Path(folder))
    signer = FastSigner.load(str(made / "key.pem"), str(made / "certificate.pem"))
    if signer is None:
        raise RuntimeError(f"La clé ou le certificat du cachet est illisible dans {made}.")
    key = serialization.load_pem_private_key((made / "key.pem").read_bytes(), password=None)
    if isinstance(key, ec.EllipticCurvePrivateKey):  # another key type goes pyHanko's own way
        signer.private_key = key
    return signer


def _folder(folder: Path) -> Path:
    """The folder with key and certificate, made once: the first of several workers wins."""
    if (folder / "key.pem").exists() and (folder / "certificate.pem").exists():
        return folder
    if folder.exists() and any(folder.iterdir()):
        raise RuntimeError(f"{folder} doit contenir key.pem et certificate.pem, ou être vide.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_pair(made)
        os.rename(made, folder)  # atomic; replaces an empty folder, fails on a filled one
    except OSError:
        if not (folder / "key.pem").exists():
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _write_pair(folder: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "Cachet des documents du CFA"),
        ]
    )
    now = datetime.now(UTC)
    usage = {
        "digital_signature": True,
        "content_commitment": True,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": False,
        "key_cert_sign": False,
        "crl_sign": False,
        "encipher_only": False,
        "decipher_only": False,
    }
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with open(os.open(folder / "key.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
        f.write(secret)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
