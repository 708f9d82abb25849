"""Following apprentices: coverage, signals, timeline, radars; a constant number of queries per cohort."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from apprentices.models import Contract, Enrolment
from attendance.enums import PresenceState
from attendance.models import Presence
from evaluations.marks.selectors import averages, semesters_of
from programmes.models import Competence

from . import drawing
from .enums import (
    CommitmentState,
    CompetenceLevel,
    LinkDeed,
    MaitrePosition,
    PeriodRole,
    PeriodState,
    ReviewState,
)
from .models import (
    Commitment,
    CompetencePosition,
    Fiche,
    Livret,
    LivretPeriod,
    PeriodTask,
    PersonalLink,
    PlanTask,
)
from .pdf import assessed_competences
from .querysets import UNBOUND
from .rules import coverage as rule
from .rules import signals as signs

RANK = {level: n for n, level in enumerate(CompetenceLevel.values)}


def coverage_of(enrolments: Iterable[Enrolment], today: date) -> dict[int, rule.Coverage]:
    """What E4 and E6 still lack, by enrolment."""
    known = {enrolment.pk: enrolment for enrolment in enrolments}
    missions: dict[int, list[rule.Mission]] = defaultdict(list)
    done = PeriodTask.objects.filter(
        period__livret__enrolment__in=known, removed_at__isnull=True
    ).prefetch_related("competences")
    for task in done.annotate(owner=Max("period__livret__enrolment")):
        missions[task.owner].append(_mission(task, is_done=True))
    planned = PlanTask.objects.filter(
        livret__enrolment__in=known, removed_at__isnull=True
    ).prefetch_related("competences")
    for wanted in planned.annotate(owner=Max("livret__enrolment")):
        missions[wanted.owner].append(_mission(wanted, is_done=False))
    fiches: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for owner, epreuve, need in Fiche.objects.filter(livret__enrolment__in=known).values_list(
        "livret__enrolment", "epreuve", "need"
    ):
        fiches[owner].add((epreuve, need))
    competences: dict[int, list[int]] = defaultdict(list)
    referentiels = {e.cohort.programme.referentiel_id for e in known.values()}
    for referentiel, pk in Competence.objects.filter(
        bloc__referentiel__in=referentiels,
        bloc__is_optional=False,
        bloc__unite__is_professional=True,
    ).values_list("bloc__referentiel", "pk"):
        competences[referentiel].append(pk)
    return {
        pk: rule.cover(
            missions[pk],
            fiches[pk],
            competences[enrolment.cohort.programme.referentiel_id],
            starts_on=enrolment.starts_on,
            today=today,
        )
        for pk, enrolment in known.items()
    }


def _mission(task: Any, *, is_done: bool) -> rule.Mission:
    touched = frozenset(competence.pk for competence in task.competences.all())
    return rule.Mission(task.pk, task.title, task.kind, task.network, touched, is_done)


def signals_of(enrolments: Iterable[Enrolment], today: date) -> dict[int, list[signs.Signal]]:
    """The signs of a contract that may break, by enrolment, each with its reason."""
    known = {enrolment.pk: enrolment for enrolment in enrolments}
    facts: dict[int, dict[str, Any]] = {
        pk: {"starts_on": e.starts_on, "today": today, "has_contract": False, "has_maitre": False}
        for pk, e in known.items()
    }
    maitres: dict[int, list[int]] = defaultdict(list)
    for pk, maitre, email, user in (
        Contract.objects.filter(enrolment__in=known, ends_on__gte=today)
        .exclude(state__in=UNBOUND)
        .values_list("enrolment", "maitre", "maitre__email", "maitre__user")
    ):
        facts[pk]["has_contract"] = True
        facts[pk]["has_maitre"] |= bool(email or user)
        maitres[maitre].append(pk)
    for row in (
        Presence.objects.filter(
            enrolment__in=known,
            state=PresenceState.ABSENT,
            sheet__session__date__gt=today - timedelta(days=signs.ABSENCE_DAYS),
            sheet__session__date__lte=today,
        )
        .order_by()
        .values("enrolment")
        .annotate(count=Count("pk"))
    ):
        facts[row["enrolment"]]["absent_recently"] = row["count"]
    _writing(known, facts)
    _links(maitres, known, facts)
    for late in (
        Commitment.objects.filter(
            review__livret__enrolment__in=known, state=CommitmentState.OPEN, due_on__lt=today
        )
        .exclude(review__state__in=(ReviewState.REPLACED, ReviewState.CANCELLED))
        .order_by()
        .values("review__livret__enrolment")
        .annotate(count=Count("pk"))
    ):
        facts[late["review__livret__enrolment"]]["late_commitments"] = late["count"]
    _marks(known, facts)
    return {pk: signs.signals(signs.Facts(**values)) for pk, values in facts.items()}


def _links(
    maitres: dict[int, list[int]], known: dict[int, Enrolment], facts: dict[int, dict[str, Any]]
) -> None:
    """Since when a maître whose signature is awaited has answered none of the links, renewed ones included."""
    awaited = set(
        LivretPeriod.objects.filter(
            livret__enrolment__in=known, state=PeriodState.APPRENTICE_SIGNED
        ).values_list("livret__enrolment", flat=True)
    )
    since: dict[int, datetime] = {}
    for maitre, sent, answered in (
        PersonalLink.objects.filter(maitre__in=maitres, deed=LinkDeed.OPINION)
        .order_by("created_at", "pk")
        .values_list("maitre", "created_at", "confirmed_at")
    ):
        if answered:
            since.pop(maitre, None)
        else:
            since.setdefault(maitre, sent)
    for maitre, sent in since.items():
        for pk in awaited.intersection(maitres[maitre]):
            facts[pk]["link_unanswered_since"] = timezone.localdate(sent)


def _writing(known: dict[int, Enrolment], facts: dict[int, dict[str, Any]]) -> None:
    """The last thing each apprentice wrote, and the last opinion of each maître."""
    opinions = (
        LivretPeriod.objects.filter(livret__enrolment__in=known)
        .exclude(maitre_position="")
        .order_by("number")
    )
    for pk, opinion in opinions.values_list("livret__enrolment", "maitre_position"):
        facts[pk]["opinion_is_difficult"] = opinion == MaitrePosition.DIFFICULT
    accounts = {e.apprentice.user_id: pk for pk, e in known.items() if e.apprentice.user_id}
    rows = (
        Event.objects.filter(
            actor__in=accounts, subject="livret.livretperiod", verb__startswith="period_"
        )
        .order_by()
        .values_list("actor")
        .annotate(last=Max("happened_at"))
    )
    for actor, last in rows:
        facts[accounts[actor]]["last_written_on"] = timezone.localdate(last)


def _marks(known: dict[int, Enrolment], facts: dict[int, dict[str, Any]]) -> None:
    """The average of the marks that the apprentice may see."""
    for cohort in {enrolment.cohort for enrolment in known.values()}:
        numbers = [semester.number for semester in semesters_of(cohort)]
        found = averages(cohort, numbers, only_visible=True)
        for pk in found.enrolment_ids:
            general = found.general(pk) if pk in facts else None
            if general is not None:
                facts[pk]["average"] = Decimal(round(float(general), 2)).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    at: datetime | date
    what: str
    who: str
    url: str = ""
    kind: str = "none"


def timeline_of(livret: Livret) -> list[Moment]:
    """What happened in the livret, latest first, with what is planned."""
    moments = []
    for review in livret.reviews.standing().prefetch_related("signatures"):
        url = reverse("livret:review_detail", args=[review.uuid])
        day = review.held_on or review.planned_on
        who = review.participants
        moments.append(
            Moment(
                day,
                f"{review.get_kind_display()} : {review.status_word[0].lower() + review.status_word[1:]}",
                who,
                url,
                review.status_kind,
            )
        )
    for period in livret.periods.prefetch_related("signatures__signature", "signatures__scan"):
        url = reverse("livret:period_detail", args=[period.uuid])
        for row in period.signatures.all():
            version = f", version {row.round}" if period.round > 1 else ""
            what = f"Période {period.number} signée ({PeriodRole(row.role).name_inside}{version})"
            moments.append(
                Moment(
                    timezone.localtime(row.signed_at).date(), what, row.signer_label, url, "done"
                )
            )
        if not period.is_coming and not period.closed_at:
            what = f"Période {period.number} : {period.status_word.lower()}"
            moments.append(
                Moment(period.ends_on, what, "", url, "stop" if period.is_late else "todo")
            )
    return sorted([*moments, *_corrections(livret)], key=lambda moment: moment.at, reverse=True)


def _corrections(livret: Livret) -> list[Moment]:
    """Each correction that was asked of a period, on its day, with its note."""
    periods = {str(period.uuid): period for period in livret.periods.all()}
    found = []
    for event in Event.objects.filter(
        subject="livret.livretperiod",
        subject_id__in=periods,
        verb="period_correction_asked",
    ).select_related("actor"):
        period = periods[event.subject_id]
        who = event.data.get("person") or str(event.actor or "")
        found.append(
            Moment(
                timezone.localdate(event.happened_at),
                f"Période {period.number} : correction demandée, « {event.reason} »",
                who,
                reverse("livret:period_detail", args=[period.uuid]),
                "todo",
            )
        )
    return found


def radars_of(livret: Livret) -> list[dict[str, Any]]:
    """One radar per period where somebody took position, so that one sees it move."""
    competences = assessed_competences(livret.enrolment)
    if len(competences) < 3:
        return []
    rows: dict[int, dict[int, CompetencePosition]] = defaultdict(dict)
    positions = CompetencePosition.objects.filter(period__livret=livret).select_related("period")
    for row in positions.order_by("period__number"):
        rows[row.period.number][row.competence_id] = row
    names = [f"C{n}" for n in range(1, len(competences) + 1)]
    found = []
    for number, held in rows.items():
        mine = [
            RANK.get(held[c.pk].apprentice_level, 0) if c.pk in held else 0 for c in competences
        ]
        theirs = [RANK.get(held[c.pk].maitre_level, 0) if c.pk in held else 0 for c in competences]
        picture = drawing.radar(names, [(mine, drawing.AMBER), (theirs, drawing.ACCENT)])
        table = [
            {
                "name": name,
                "title": competence.title,
                "mine": held[competence.pk].get_apprentice_level_display()
                if competence.pk in held
                else "",
                "theirs": held[competence.pk].get_maitre_level_display()
                if competence.pk in held
                else "",
            }
            for name, competence in zip(names, competences, strict=True)
        ]
        found.append({"number": number, "picture": picture, "table": table})
    return found
