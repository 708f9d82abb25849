"""System checks: the libraries that the rendering needs, looked for without importing WeasyPrint."""

import ctypes
from typing import Any

from django.core.checks import CheckMessage, Error, register

LIBRARIES = {
    "documents.E001": (
        "libpango-1.0-0",
        ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ),
    "documents.E002": (
        "libpangoft2-1.0-0",
        ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
    ),
    "documents.E003": (
        "libharfbuzz-subset0",
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
    ),
}


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


@register()
def check_libraries(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without HarfBuzz's subsetter each PDF costs three to seventeen times as much, in silence."""
    return [
        Error(
            f"The library of {package} is missing: PDF documents cannot be made as they must.",
            hint=f"apt-get install {package}",
            id=code,
        )
        for code, (package, names) in LIBRARIES.items()
        if not any(_loads(name) for name in names)
    ]
