"""What the plannings ask of the staff today: to generate, to bring back to the calendar, too short."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse

from attendance.generation import planned_on_shut_days

from .home_tasks import Task, plural


def planning_tasks(cfa, cohorts: list[dict[str, Any]], today: date) -> Iterator[Task]:
    """`cohorts` are the rows of the home page: each cohort and its gauge of hours."""
    yield from _to_generate([row for row in cohorts if not row["gauge"].planned], today)
    yield from _on_shut_days(cfa, today)
    yield from _too_short([row for row in cohorts if row["gauge"].planned])


def _to_generate(rows: list[dict[str, Any]], today: date) -> Iterator[Task]:
    if not rows:
        return
    first = rows[0]["cohort"]
    is_late = first.starts_on <= today
    yield Task(
        kind="stop" if is_late else "todo",
        word="Bloquant" if is_late else "À faire",
        count=str(len(rows)),
        what=plural(len(rows), "planning à générer", "plannings à générer"),
        why=f"{first.name}, {'commencée' if is_late else 'commence'} le {first.starts_on:%d/%m/%Y}",
        url=reverse("attendance:sessions_generate", args=[first.uuid]),
        action="Générer les demi-journées",
    )


def _on_shut_days(cfa, today: date) -> Iterator[Task]:
    found = list(
        planned_on_shut_days(today)
        .filter(cohort__cfa=cfa)
        .values("cohort__uuid", "cohort__name")
        .annotate(count=Count("pk"))
        .order_by("cohort__name")
    )
    if not found:
        return
    count = sum(row["count"] for row in found)
    yield Task(
        kind="stop",
        word="Bloquant",
        count=str(count),
        what=plural(count, "demi-journée un jour sans cours", "demi-journées des jours sans cours"),
        why=f"{found[0]['cohort__name']} : le calendrier a changé depuis le planning",
        url=reverse("attendance:sessions_generate", args=[found[0]["cohort__uuid"]]),
        action="Générer de nouveau",
    )


def _too_short(rows: list[dict[str, Any]]) -> Iterator[Task]:
    """Even held whole, they stay under the legal minimum: said while it can be mended."""
    short = [row for row in rows if not row["gauge"].is_planned_enough]
    if not short:
        return
    first = short[0]
    lacking = f"{first['gauge'].minimum - first['gauge'].planned:.1f}".replace(".0", "")
    yield Task(
        kind="stop",
        word="Bloquant",
        count=str(len(short)),
        what=plural(
            len(short), "planning sous le minimum légal", "plannings sous le minimum légal"
        ),
        why=f"{first['cohort'].name} : il manque {lacking.replace('.', ',')} h (D643-8)",
        url=reverse("attendance:makeup_add", args=[first["cohort"].uuid]),
        action="Proposer des rattrapages",
    )
