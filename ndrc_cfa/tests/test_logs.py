import json
import logging
import sys
from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.http import HttpResponse, HttpResponseNotFound
from django.urls import Resolver404, resolve
from django.utils.log import log_response

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


def test_a_line_names_nobody():
    try:
        raise ValueError(
            "{'aicha.benali@apprenti.example': (550, b'no')}\nDETAIL:  Failing row contains (1, Benali).\n"
        )
    except ValueError:
        line = json.dumps(logged(exc=sys.exc_info()))
    assert "ValueError" in line
    assert "aicha" not in line
    assert "Benali" not in line


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/compte-cfa/invitation/un-secret/", "Not Found: /compte-cfa/invitation/<str:token>/"),
        ("/inconnue/aïcha/", "Not Found: (aucune page)"),
    ],
)
def test_a_line_names_the_route_and_never_the_secret_of_a_link(rf, path, said):
    request = rf.get(path)
    with suppress(Resolver404):
        request.resolver_match = resolve(path)
    lines = []
    log_response(
        "%s: %s",
        "Not Found",
        path,
        request=request,
        response=HttpResponseNotFound(),
        logger=SimpleNamespace(
            warning=lambda message, *args, extra, exc_info: lines.append((message, args))
        ),
    )
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, *lines[0], None)
    record.request = request
    assert json.loads(JsonFormatter().format(record))["message"] == said


@pytest.mark.parametrize("given", ["proxy-42-abcdef", "forged\n{}", "", "x"])
def test_a_request_keeps_the_proxys_number_or_gets_one(rf, given):
    seen = []
    middleware = RequestIdMiddleware(lambda request: HttpResponse(seen.append(logged()) or "ok"))
    request = rf.get("/", headers={"X-Request-ID": given})
    response = middleware(request)
    assert logged(request=request)["request_id"] == response["X-Request-ID"]
    assert seen[0]["request_id"] == response["X-Request-ID"]
    assert (response["X-Request-ID"] == given) == (given == "proxy-42-abcdef")
    assert "request_id" not in logged()
