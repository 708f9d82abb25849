"""The deeds of the formative marks: open an assessment, write a mark, close a semester."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Cohort, Enrolment
from programmes.models import Epreuve, Subject

from ..enums import BLANK_EXAMS, PeriodState
from ..models import Appreciation, Assessment, GradingPeriod, Mark
from ..rules import Conflict
from . import selectors
from .permissions import can_lock_period, can_mark
from .rules import Cell, parse_cell, show_cell

CLOSED = (
    "Ce semestre est verrouillé : ses notes ne bougent plus. Demandez à l'équipe du CFA de le "
    "rouvrir, avec un motif."
)


def _check_marker(by: User, cohort: Cohort) -> None:
    if not can_mark(by, cohort):
        raise NotAllowed(
            "Seuls l'équipe du CFA et les formateurs de la promotion saisissent ses notes. Demandez "
            "à l'équipe du CFA de vous ajouter à la promotion."
        )


def _period(cohort: Cohort, number: int) -> GradingPeriod:
    """The semester, written from the cohort's dates the first time it is needed."""
    dates = next((one for one in selectors.semesters_of(cohort) if one.number == number), None)
    if dates is None:
        raise DomainError("Choisissez un semestre de 1 à 4.", field="number")
    period, _ = GradingPeriod.objects.get_or_create(
        cohort=cohort,
        number=number,
        defaults={"starts_on": dates.starts_on, "ends_on": dates.ends_on},
    )
    return GradingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)


def open_assessment(assessment: Assessment, by: User) -> Assessment:
    found = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("period__cohort__cfa", "subject")
        .get(pk=assessment.pk)
    )
    _check_marker(by, found.period.cohort)
    if found.period.is_locked:
        raise DomainError(CLOSED)
    return found


@transaction.atomic
def save_assessment(
    *,
    cohort: Cohort,
    number: int,
    subject: Subject,
    kind: str,
    title: str,
    held_on: date,
    coefficient: Decimal,
    scale: Decimal,
    epreuve: Epreuve | None,
    is_visible: bool,
    by: User,
    assessment: Assessment | None = None,
) -> Assessment:
    """Open a column of the grid, or change what it says; the marks already given must still fit."""
    _check_marker(by, cohort)
    period = _period(cohort, number)
    if period.is_locked:
        raise DomainError(CLOSED, field="number")
    if subject.programme_id != cohort.programme_id:
        raise DomainError("Cette matière n'est pas celle de la promotion.", field="subject")
    if not period.starts_on <= held_on <= period.ends_on:
        raise DomainError(
            f"Le semestre {number} va du {period.starts_on:%d/%m/%Y} au {period.ends_on:%d/%m/%Y}.",
            field="held_on",
        )
    if kind in BLANK_EXAMS:
        if epreuve is None or epreuve.referentiel_id != cohort.programme.referentiel_id:
            raise DomainError(
                "Dites quelle épreuve cette épreuve blanche prépare.", field="epreuve"
            )
        if scale != 20:
            raise DomainError("Une épreuve blanche se note sur 20.", field="scale")
    if assessment is not None:
        assessment = open_assessment(assessment, by)
        _check_fits(assessment, kind, scale)
    made = assessment or Assessment()
    values = {
        "period": period,
        "subject": subject,
        "kind": kind,
        "title": title.strip(),
        "held_on": held_on,
        "coefficient": coefficient,
        "scale": scale,
        "epreuve": epreuve,
        "is_visible": is_visible,
    }
    for name, value in values.items():
        setattr(made, name, value)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise DomainError(
            "Une évaluation de cette matière porte déjà cet intitulé à cette date.", field="title"
        ) from None
    verb = "assessment.changed" if assessment else "assessment.opened"
    record(verb, made, cfa=cohort.cfa, actor=by, data={"title": made.title, "scale": str(scale)})
    return made


def _check_fits(assessment: Assessment, kind: str, scale: Decimal) -> None:
    values = [v for v in assessment.marks.values_list("value", flat=True) if v is not None]
    if values and max(values) > scale:
        raise DomainError(
            f"Une note déjà saisie ({show_cell('marked', max(values))}) dépasse ce barème : "
            "corrigez-la d'abord.",
            field="scale",
        )
    if kind in BLANK_EXAMS and any(value % Decimal("0.5") for value in values):
        raise DomainError(
            "Des notes déjà saisies ne sont pas en demi-points, comme une épreuve blanche les "
            "demande : corrigez-les d'abord.",
            field="kind",
        )


@transaction.atomic
def delete_assessment(*, assessment: Assessment, by: User) -> None:
    """Take away a column that holds no mark."""
    assessment = open_assessment(assessment, by)
    if assessment.marks.exists():
        raise DomainError(
            "Cette évaluation porte des notes : effacez-les d'abord, ou gardez-la avec ses notes."
        )
    cohort = assessment.period.cohort
    record("assessment.deleted", assessment, cfa=cohort.cfa, actor=by)
    assessment.delete()


KEPT: Any = object()


@transaction.atomic
def save_mark(
    *,
    assessment: Assessment,
    enrolment: Enrolment,
    text: str,
    by: User,
    expected: str = KEPT,
) -> Mark | None:
    """Write one cell as it was typed; nothing typed empties it. `expected`: the text the person saw."""
    assessment = open_assessment(assessment, by)
    return _write(assessment, enrolment, text, by, expected)


def _write(
    assessment: Assessment, enrolment: Enrolment, text: str, by: User, expected: str = KEPT
) -> Mark | None:
    cell = parse_cell(text, selectors.scale_of(assessment))
    if enrolment.cohort_id != assessment.period.cohort_id:
        raise DomainError("Cet apprenti n'est pas dans la promotion de cette évaluation.")
    found = assessment.marks.select_for_update(of=("self",)).filter(enrolment=enrolment).first()
    old = show_cell(found.status, found.value) if found else ""
    new = show_cell(cell.status, cell.value) if cell else ""
    if old == new:
        return found
    if expected is not KEPT and expected != old:
        who = found.marked_by if found and found.marked_by else "Une autre personne"
        raise Conflict(
            f"{who} a écrit {f'« {old} »' if old else 'rien'} pendant votre saisie. Gardez la vôtre "
            "ou prenez la sienne.",
            field="mark",
            current=old,
            who=str(who),
        )
    if cell is None:
        if found:
            found.delete()
        found = None
    else:
        found = _store(assessment, enrolment, cell, by, found)
    cohort = assessment.period.cohort
    data = {"enrolment": str(enrolment.uuid), "old": old, "new": new}
    record("mark.saved", assessment, cfa=cohort.cfa, actor=by, data=data)
    return found


def _store(
    assessment: Assessment, enrolment: Enrolment, cell: Cell, by: User, found: Mark | None
) -> Mark:
    mark = found or Mark(assessment=assessment, enrolment=enrolment)
    mark.status, mark.value = cell.status, cell.value
    mark.marked_by, mark.marked_at = by, timezone.now()
    mark.save()
    return mark


@transaction.atomic
def save_appreciation(
    *,
    cohort: Cohort,
    number: int,
    enrolment: Enrolment,
    subject: Subject | None,
    text: str,
    by: User,
    expected: str = KEPT,
) -> str:
    """Write what is said of one apprentice in a subject, or by the council; nothing erases it."""
    _check_marker(by, cohort)
    period = _period(cohort, number)
    if period.is_locked:
        raise DomainError(CLOSED)
    if enrolment.cohort_id != cohort.pk:
        raise DomainError("Cet apprenti n'est pas dans la promotion.")
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > 600:
        raise DomainError("L'appréciation tient en 600 caractères : raccourcissez-la.")
    found = Appreciation.objects.filter(period=period, enrolment=enrolment, subject=subject).first()
    old = found.text if found else ""
    if old == text:
        return text
    if expected is not KEPT and expected != old:
        who = str(found.written_by) if found and found.written_by else "Une autre personne"
        raise Conflict(
            f"{who} a modifié cette appréciation pendant votre saisie (« {old[:80]} »). Gardez la "
            "vôtre ou prenez la sienne.",
            field="text",
            current=old,
            who=who,
        )
    if not text and found:
        found.delete()
    elif text:
        made = found or Appreciation(period=period, enrolment=enrolment, subject=subject)
        made.text, made.written_by = text, by
        made.save()
    data = {
        "enrolment": str(enrolment.uuid),
        "subject": subject.title if subject else "",
        "old": old,
        "new": text,
    }
    record("appreciation.saved", period, cfa=cohort.cfa, actor=by, data=data)
    return text


@transaction.atomic
def lock_period(*, cohort: Cohort, number: int, by: User) -> GradingPeriod:
    """Close a semester: nothing of it moves any more."""
    if not can_lock_period(by, cohort):
        raise NotAllowed("Seule l'équipe du CFA verrouille un semestre.")
    period = _period(cohort, number)
    if period.is_locked:
        raise DomainError("Ce semestre est déjà verrouillé.")
    period.state = PeriodState.LOCKED
    period.locked_at, period.locked_by = timezone.now(), by
    period.save()
    record("period.locked", period, cfa=cohort.cfa, actor=by)
    return period


@transaction.atomic
def reopen_period(*, cohort: Cohort, number: int, reason: str, by: User) -> GradingPeriod:
    """Let a locked semester be corrected, with a reason that stays in the history."""
    if not can_lock_period(by, cohort):
        raise NotAllowed("Seule l'équipe du CFA rouvre un semestre.")
    period = _period(cohort, number)
    if not period.is_locked:
        raise DomainError("Ce semestre n'est pas verrouillé.")
    reason = reason.strip()
    if len(reason) < 10:
        raise DomainError(
            "Indiquez le motif (10 caractères au moins) : il reste dans l'historique.",
            field="reason",
        )
    period.state = PeriodState.OPEN
    period.locked_at = period.locked_by = None
    period.save()
    record("period.reopened", period, cfa=cohort.cfa, actor=by, reason=reason)
    return period
