"""Logs a machine can read: one JSON object a line, with the number of the request it belongs to."""

import json
import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

request_id: ContextVar[str] = ContextVar("request_id", default="")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
ROW = re.compile(r"DETAIL: .*")
GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")


class RequestIdMiddleware:
    """Number each request, or keep the number given by the proxy, and answer with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(number)
        request.META["HTTP_X_REQUEST_ID"] = number  # Django says a refusal once all of this is over
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = number
        return response


def without_people(text: str) -> str:
    """The text without the addresses that a mail server refuses, nor the rows that PostgreSQL refuses."""
    return ROW.sub("DETAIL: (retiré)", ADDRESS.sub("(adresse e-mail)", text))


def message_of(record: logging.LogRecord) -> str:
    """The message, with the route in place of the path: a path may hold the secret of somebody's link."""
    message, request = record.getMessage(), getattr(record, "request", None)
    if not isinstance(request, HttpRequest):
        return message
    path = request.path.encode("unicode_escape").decode("ascii")  # as Django writes it
    match = request.resolver_match
    return message.replace(path, f"/{match.route}" if match else "(aucune page)")


class JsonFormatter(logging.Formatter):
    """What happened, where and in which request; nobody's name in it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_people(message_of(record)),
            "process": record.process,
        }
        request = getattr(record, "request", None)
        told = request.META.get("HTTP_X_REQUEST_ID") if isinstance(request, HttpRequest) else ""
        if number := request_id.get() or told:
            line["request_id"] = number
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info:
            line["exception"] = without_people(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
