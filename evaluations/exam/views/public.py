"""The simulator that anybody may open: nothing is kept, the hypotheses are in the address."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.http import Request

from ..enums import Forme
from ..presenters import example, rules_of, simulator_page
from ..reglements import find_reglement
from ..rules import Reglement
from ..rules.hypotheses import Answer, answer, read_hypotheses

AHEAD, BEHIND = 2, 2  # sessions offered around the current year


def sessions_around(year: int) -> list[int]:
    return list(range(year - BEHIND, year + AHEAD + 1))


def session_asked(text: str, choices: list[int], default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and int(text) in choices else default


def next_session() -> int:
    """The session that people of today prepare: the jury of a year meets at the beginning of July."""
    today = timezone.localdate()
    return today.year + (today.month > 7)


@login_not_required
@require_GET
def simulator(request: Request) -> HttpResponse:
    """What if, what minimum, which kept marks, what a second chance needs."""
    data = request.GET.dict()
    choices = sessions_around(next_session())
    session = session_asked(data.get("session", "")[:4], choices, next_session())
    reglement = find_reglement(session)
    context = {"session": session, "sessions": choices, "formes": Forme.choices, "data": data}
    if reglement is None:
        return render(request, "evaluations/exam/simulator.html", context | {"unknown": True})
    page = page_of(data, reglement)
    address = reverse("evaluations:exam_simulator")
    context |= {
        "page": page,
        "rules": rules_of(reglement),
        "forme": data.get("forme", Forme.GLOBALE),
        "asked": bool(page.verdict or page.sentences or page.errors),
        "example": f"{address}?{urlencode(example(session))}",
    }
    status = 422 if page.errors else 200
    return render(request, "evaluations/exam/simulator.html", context, status=status)


def page_of(data: dict[str, str], reglement: Reglement):
    """The page for these fields; empty fields ask nothing."""
    hypotheses = read_hypotheses(data, reglement)
    if hypotheses.is_empty and not hypotheses.errors:
        return simulator_page(data, reglement, Answer(None))
    return simulator_page(data, reglement, answer(hypotheses, reglement))
