"""Behind the proxy, the visitor's address is the one it saw: what limits, sessions and proofs go by."""

import ipaddress
from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse


class ClientAddressMiddleware:
    """Put the visitor's address in REMOTE_ADDR, where everybody reads it.

    The last address of X-Forwarded-For is the proxy's own word, whatever the visitor wrote before it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        with suppress(ValueError):  # asked without the proxy
            request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(told))
        return self.get_response(request)
