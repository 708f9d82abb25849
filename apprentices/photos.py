"""A photo received for the card: checked by its content, cut to 35 x 45, stripped of what it carries."""

import base64
import warnings
from io import BytesIO

from accounts.errors import DomainError
from documents.uploads import refuse_heic

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
# 35 x 45 mm at 300 points an inch: what the card prints.
WIDTH, HEIGHT = 413, 531
LEAST_SIDE = 200


def read_photo(data: bytes) -> bytes:
    """The picture as a JPEG of the card's size, without position, date or name of the device."""
    from PIL import Image, ImageOps

    if not data:
        raise DomainError("Choisissez une photo.", field="photo")
    if len(data) > MOST_BYTES:
        raise DomainError("Cette photo dépasse 8 Mo : réduisez-la.", field="photo")
    refuse_heic(data, "photo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(BytesIO(data), formats=FORMATS)
        size = picture.width * picture.height
        if size <= MOST_PIXELS:
            picture = ImageOps.exif_transpose(picture).convert("RGB")
    except Exception as error:  # a decoder meets anything in a file that lies about itself
        raise DomainError(
            "Ce fichier n'est pas une photo lisible : envoyez une image JPEG, PNG ou WebP.",
            field="photo",
        ) from error
    if size > MOST_PIXELS:
        raise DomainError("Cette photo a trop de points : réduisez-la.", field="photo")
    if min(picture.size) < LEAST_SIDE:
        raise DomainError(
            f"Cette photo est trop petite : {LEAST_SIDE} points de côté au moins.", field="photo"
        )
    # Cut around the middle, a little above it: a face is rarely at the bottom.
    picture = ImageOps.fit(picture, (WIDTH, HEIGHT), centering=(0.5, 0.4))
    out = BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def data_uri(jpeg: bytes) -> str:
    """The photo inside the document that shows it: nothing is fetched to print a card."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
