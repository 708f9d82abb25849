import json
import logging
import sys

import pytest
from django.http import HttpResponse

from ndrc_cfa.logs import JsonFormatter, RequestIdMiddleware


def logged(**extra: object) -> dict:
    record = logging.LogRecord(
        "cfa", logging.ERROR, __file__, 1, "%s reçus", (3,), extra.pop("exc", None)
    )
    record.__dict__.update(extra)
    return json.loads(JsonFormatter().format(record))


def test_a_line_is_one_json_object():
    line = logged(status_code=503)
    assert line["message"] == "3 reçus"
    assert (line["level"], line["logger"], line["status"]) == ("ERROR", "cfa", 503)
    assert "request_id" not in line


def test_a_line_keeps_the_exception():
    try:
        raise ValueError("trop tard")
    except ValueError:
        line = logged(exc=sys.exc_info())
    assert "ValueError: trop tard" in line["exception"]


@pytest.mark.parametrize("given", ["proxy-42-abcdef", "forged\n{}", "", "x"])
def test_a_request_keeps_the_proxys_number_or_gets_one(rf, given):
    seen = []
    middleware = RequestIdMiddleware(lambda request: HttpResponse(seen.append(logged()) or "ok"))
    response = middleware(rf.get("/", headers={"X-Request-ID": given}))
    assert seen[0]["request_id"] == response["X-Request-ID"]
    assert (response["X-Request-ID"] == given) == (given == "proxy-42-abcdef")
    assert "request_id" not in logged()
