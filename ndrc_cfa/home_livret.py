"""What the livrets ask of the staff today: periods, visits and bilans that nobody wrote or signed in time."""

from datetime import date

from django.db.models import Count
from django.urls import reverse

from livret.meetings import meetings_late
from livret.models import LivretPeriod
from livret.rules import late_limit

from .home_tasks import Task, count_and_first, plural


def periods_late(cfa, today: date) -> Task | None:
    late = (
        LivretPeriod.objects.filter(livret__enrolment__cohort__cfa=cfa)
        .unsigned_before(late_limit(today))
        .aggregate(count=Count("pk"), people=Count("livret", distinct=True))
    )
    if not late["count"]:
        return None
    return Task(
        kind="todo",
        word="À faire",
        count=str(late["count"]),
        what=plural(late["count"], "période du livret à signer", "périodes du livret à signer"),
        why=f"{late['people']} {plural(late['people'], 'apprenti', 'apprentis')}, délai dépassé",
        url=reverse("livret:livret_list") + "?voir=retard",
        action="Voir qui",
    )


def reviews_late(cfa, today: date) -> Task | None:
    """Visits and bilans past their day without minutes, or too long at the signature."""
    count, oldest = count_and_first(meetings_late(cfa, today).order_by("planned_on", "pk"))
    if not count:
        return None
    return Task(
        kind="todo",
        word="À faire",
        count=str(count),
        what=plural(count, "visite ou bilan en retard", "visites ou bilans en retard"),
        why=f"le plus ancien prévu le {oldest.planned_on:%d/%m} · {oldest.livret.enrolment.apprentice}",
        url=reverse("livret:review_detail", args=[oldest.uuid])
        if count == 1
        else reverse("livret:livret_list") + "?voir=rencontres",
        action="Voir qui",
    )
