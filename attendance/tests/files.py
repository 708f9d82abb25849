"""Small true files, and some that are not what they say."""

import io

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject


def pdf(**names) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    if names.get("script"):
        action = {"/S": "/JavaScript", "/JS": "/x"}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(k): NameObject(v) for k, v in action.items()}
        )
    if names.get("password"):
        writer.encrypt("x")
    writer.write(out)
    return out.getvalue()


def photo(kind="PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, kind)
    return out.getvalue()
