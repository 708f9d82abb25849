"""A field saved as it is typed: what the page is told of it, and what it needs to know."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse

from accounts.errors import DomainError, NotAllowed

from .. import rules


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def answer(deed: Callable[[], str]) -> JsonResponse:
    """Save; the page shows what became of it: saved, changed elsewhere, or why not."""
    try:
        kept = deed()
    except rules.Changed as error:
        body = {"state": "conflict", "message": error.message, "current": error.current}
        return JsonResponse(body, status=409)
    except (DomainError, NotAllowed) as error:
        return refusal(error)
    return JsonResponse({"state": "saved", "value": kept})


def refusal(error: DomainError | NotAllowed) -> JsonResponse:
    """Why nothing is kept: who writes (403) or what is written (422)."""
    body = {"state": "error", "message": error.message}
    if isinstance(error, NotAllowed):
        return JsonResponse(body, status=403)
    return JsonResponse(body | {"field": error.field}, status=422)


def hand_of(request: HttpRequest) -> dict[str, Any]:
    """What the signature pad sent, with the page that was read and the device."""
    data, strokes = request.POST, None
    if text := data.get("strokes", ""):
        try:
            strokes = json.loads(text)
        except (ValueError, RecursionError):
            strokes = "illisible"
    return {
        "strokes": strokes,
        "typed_name": data.get("typed_name", ""),
        "seen": data.get("seen", ""),
        "user_agent": request.headers.get("User-Agent", ""),
        "ip": request.META.get("REMOTE_ADDR") or None,
    }


def kept_for_later() -> JsonResponse:
    """The door is closed (a link expired or replaced): what was typed waits on the device for the next one."""
    message = "Ce lien n'est plus valable : rechargez la page pour en recevoir un nouveau."
    return JsonResponse({"state": "later", "message": message}, status=403)


def page_facts(url: str, person: Any, login: str) -> dict[str, Any]:
    """What the form that saves itself knows (static/js/autosave.js)."""
    return {"url": url, "person": person, "login": login}
