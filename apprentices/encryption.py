"""The NIR at rest: Fernet (AES-128-CBC and HMAC-SHA256) of the `cryptography` library.

`settings.NIR_KEYS` lists the keys: the first one encrypts, the others still decrypt, so that a key is
changed without losing anything (`manage.py rotate_nir_keys`). The database and its backups alone
reveal no number.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from accounts.errors import DomainError


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.NIR_KEYS])


def encrypt(number: str) -> str:
    """The text to store for these 15 characters; another one each time."""
    return _keys().encrypt(number.encode("ascii")).decode("ascii")


def decrypt(stored: str) -> str:
    """The number again, or a DomainError when no key of the installation opens it."""
    try:
        return _keys().decrypt(stored.encode("ascii")).decode("ascii")
    except InvalidToken as error:
        raise DomainError(
            "Ce numéro est illisible : sa clé de chiffrement n'est plus dans les réglages de "
            "l'installation. Prévenez l'administrateur, ou saisissez le numéro à nouveau."
        ) from error


def renew(stored: str) -> str:
    """The same number under the first key."""
    return _keys().rotate(stored.encode("ascii")).decode("ascii")
