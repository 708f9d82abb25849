import pytest
from django.http import HttpResponse

from ndrc_cfa.proxy import ClientAddressMiddleware


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("2001:db8::7", "2001:db8::7"),
        ("203.0.113.9, <script>", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_the_address_is_the_one_that_the_proxy_saw(rf, told, address):
    seen = []
    middleware = ClientAddressMiddleware(
        lambda request: HttpResponse(seen.append(request.META["REMOTE_ADDR"]) or "ok")
    )
    middleware(rf.get("/", headers={"X-Forwarded-For": told}))
    assert seen == [address]
