"""What every list of the app shares: the size of a page and the page itself, kept in the address."""

from typing import Any

from django.core.paginator import Paginator

from accounts.http import Request

SIZES = (25, 50, 100)


def paged(request: Request, found: Any) -> dict[str, Any]:
    """The page asked for, the sizes offered and the address of the list without its page."""
    asked = request.GET.get("size", "")
    size = int(asked) if asked.isdecimal() and int(asked) in SIZES else SIZES[0]
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "page": Paginator(found, size).get_page(request.GET.get("page")),
        "sizes": SIZES,
        "size": size,
        "query": query.urlencode(),
    }
