"""QR codes as images, for pages and documents."""

from base64 import b64encode
from io import BytesIO


def qr_data_uri(text: str) -> str:
    """A QR code as a PNG of one pixel per module; the style sheet enlarges it without smoothing."""
    import qrcode

    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=1, border=0, mask_pattern=0
    )
    code.add_data(text)
    code.make(fit=True)
    out = BytesIO()
    code.make_image().save(out, "PNG")
    return "data:image/png;base64," + b64encode(out.getvalue()).decode()
