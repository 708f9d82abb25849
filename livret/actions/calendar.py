"""The periods of a cohort: chosen, laid on each livret, laid again without losing what is written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Cohort, Enrolment
from attendance.models import ClassSession

from ..enums import Cadence, PeriodState
from ..models import Livret, LivretPeriod, PeriodCalendar, PeriodSignature, PeriodTask
from ..permissions import can_lay_periods
from ..rules import SECTIONS, layout

AWAY = 1000  # added to numbers while they change hands
TEXTS = [name for names in SECTIONS.values() for name in names]


@dataclass(frozen=True)
class LaidOut:
    """What became of the livrets of a cohort."""

    livrets: int
    changed: int  # livrets whose periods moved
    kept: int  # periods that hold something


def propose_starts(cohort: Cohort, cadence: str) -> list[date]:
    """First days of the periods that this cadence gives on the cohort's planning."""
    days = ClassSession.objects.planned().filter(cohort=cohort).values_list("date", flat=True)
    return layout.starts(cadence, cohort.starts_on, cohort.ends_on, days)


def calendar_of(cohort: Cohort) -> tuple[str, list[date]]:
    """The cadence and the first days in use; quarters while nothing was chosen."""
    chosen = PeriodCalendar.objects.filter(cohort=cohort).first()
    if chosen is None:
        return Cadence.QUARTERLY, layout.starts(Cadence.QUARTERLY, cohort.starts_on, cohort.ends_on)
    return chosen.cadence, [date.fromisoformat(day) for day in chosen.starts]


def dates_of(enrolment: Enrolment) -> tuple[date, date]:
    """The days that the periods of one apprentice cover."""
    cohort = enrolment.cohort
    first, last = max(enrolment.starts_on, cohort.starts_on), enrolment.ends_on or cohort.ends_on
    if last < first:
        raise DomainError("Les dates de l'inscription ne touchent pas la promotion : corrigez-les.")
    return first, last


@transaction.atomic
def lay_periods(*, cohort: Cohort, cadence: str, starts: Sequence[date], by: User) -> LaidOut:
    """Choose the periods of a cohort and lay them on each livret that is not sealed."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("cfa").get(pk=cohort.pk)
    if not can_lay_periods(by, cohort):
        raise NotAllowed("Seule l'équipe du CFA choisit les périodes d'une promotion.")
    if cadence not in Cadence.values:
        raise DomainError("Choisissez un rythme de la liste.", field="cadence")
    if refused := layout.refusal(starts, cohort.starts_on, cohort.ends_on):
        raise DomainError(refused, field="starts")
    calendar, _new = PeriodCalendar.objects.update_or_create(
        cohort=cohort,
        defaults={
            "cadence": cadence,
            "starts": [day.isoformat() for day in starts],
            "changed_at": timezone.now(),
            "changed_by": by,
        },
    )
    livrets = list(
        Livret.objects.filter(enrolment__cohort=cohort, sealed_at__isnull=True)
        .select_for_update(of=("self",))
        .select_related("enrolment__cohort")
    )
    held = _held(livrets)
    changed = sum(_lay(livret, held[livret.pk], starts, cadence) for livret in livrets)
    kept = sum(period.is_written for periods in held.values() for period in periods)
    done = LaidOut(len(livrets), changed, kept)
    data = {"cadence": cadence, "starts": calendar.starts, **vars(done)}
    record("periods_laid", cohort, cfa=cohort.cfa, actor=by, data=data)
    return done


def _held(livrets: Sequence[Livret]) -> dict[int, list[layout.Held]]:
    """The periods of each livret, locked, with what decides whether they move."""
    periods = LivretPeriod.objects.filter(livret__in=livrets).order_by("livret", "number")
    locked = list(periods.select_for_update(of=("self",)))
    signed = set(PeriodSignature.objects.filter(period__in=locked).values_list("period", flat=True))
    filled = set(
        periods.filter(Q(proofs__isnull=False) | Q(positions__isnull=False)).values_list(
            "pk", flat=True
        )
    )
    tasks: dict[int, list[date | None]] = defaultdict(list)
    for period, day in PeriodTask.objects.filter(period__in=locked).values_list(
        "period", "done_on"
    ):
        tasks[period].append(day)
    found: dict[int, list[layout.Held]] = defaultdict(list)
    for row in locked:
        is_signed = row.pk in signed or row.state != PeriodState.DRAFT or row.round > 1
        texts = any(getattr(row, name) for name in [*TEXTS, "correction_note"])
        found[row.livret_id].append(
            layout.Held(
                row.pk,
                row.number,
                row.starts_on,
                row.ends_on,
                is_signed=is_signed,
                is_written=is_signed or texts or row.pk in filled or row.pk in tasks,
                done_on=tuple(day for day in tasks.get(row.pk, []) if day),
            )
        )
    return found


def _lay(livret: Livret, held: list[layout.Held], starts: Sequence[date], cadence: str) -> bool:
    first, last = dates_of(livret.enrolment)
    laid = layout.relay(held, starts, first, last, min(layout.SHORTEST[cadence], layout.LEAST_DAYS))
    before = [(p.key, p.number, p.starts_on, p.ends_on) for p in held]
    if [(p.key, p.number, p.starts_on, p.ends_on) for p in laid] == before:
        return False
    reused = {p.key for p in laid if p.key}
    gone = LivretPeriod.objects.filter(livret=livret).exclude(pk__in=reused)
    livret.reviews.filter(period__in=gone).update(period=None)
    gone.delete()
    LivretPeriod.objects.filter(livret=livret).update(number=F("number") + AWAY)
    for period in laid:
        values = {
            "number": period.number,
            "starts_on": period.starts_on,
            "ends_on": period.ends_on,
        }
        if period.key:
            LivretPeriod.objects.filter(pk=period.key).update(**values)
        else:
            LivretPeriod.objects.create(livret=livret, **values)
    for review in livret.reviews.filter(period__isnull=True, kind="quarterly"):
        review.period = period_on(livret, review.held_on or review.planned_on)
        review.save(update_fields=("period",))
    return True


def period_on(livret: Livret, day: date) -> LivretPeriod | None:
    """The period of that day."""
    return LivretPeriod.objects.filter(livret=livret, starts_on__lte=day, ends_on__gte=day).first()
