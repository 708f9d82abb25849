"""The marks of a session, cell by cell; proposed, harmonised and decided are kept apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from evaluations.models import ExamRegistration, ExamSession, ExamUnit
from evaluations.rules import Conflict, show_mark
from evaluations.tasks import announce_results

from ..candidates import ccf_bars, cell_text, dossiers
from ..enums import Outcome, Plan, RegistrationState, Stage, Status
from ..permissions import can_publish_results
from ..reglements import reglement_of
from ..rules import Entry, Reglement, UnitRule
from ..rules.reading import read_entry, read_half
from .publishing import freeze_result, keep_statistics, misses_orals
from .registering import check_team, locked_registration, locked_session

ANY: Any = object()


class OralsMissed(DomainError):
    """The correction would refuse a candidate to whom the orals of the second chance were not offered."""


@dataclass(frozen=True)
class Cell:
    """One mark to write: whose, for which unit, and the text as typed."""

    registration: ExamRegistration
    code: str
    text: str
    expected: Any = ANY  # what the person saw


@transaction.atomic
def save_exam_mark(
    *,
    registration: ExamRegistration,
    code: str,
    stage: str,
    text: str,
    by: User,
    expected=ANY,
    reason: str = "",
    is_confirmed: bool = False,
) -> str:
    """Write one cell of the grid and return what it shows.

    `expected` is what the person saw: a cell changed since then is a Conflict and nothing is written.
    After the publication only an administrator corrects, with a reason, and the result is made again. A
    correction that opens the orals too late is an OralsMissed until it comes with `is_confirmed`.
    """
    registration, reglement = ready(registration, by, reason)
    shown = write_cell(
        registration, reglement, Cell(registration, code, text), stage, by, expected, reason
    )
    _remake(registration, reglement, by, reason, is_confirmed)
    return shown


@transaction.atomic
def save_candidate_marks(
    *,
    registration: ExamRegistration,
    stage: str,
    cells: Iterable[Cell],
    by: User,
    reason: str = "",
    is_confirmed: bool = False,
) -> list[tuple[Cell, DomainError]]:
    """Several marks of one candidate, the result made again once: returns the cells refused, and why.

    An OralsMissed writes none of them (see save_exam_mark).
    """
    registration, reglement = ready(registration, by, reason)
    refused = []
    for cell in cells:
        try:
            write_cell(registration, reglement, cell, stage, by, cell.expected, reason)
        except DomainError as error:
            refused.append((cell, error))
    _remake(registration, reglement, by, reason, is_confirmed)
    return refused


def _remake(
    registration: ExamRegistration, reglement: Reglement, by: User, reason: str, is_confirmed: bool
) -> None:
    """Freeze the published result again, once what cannot be mended has been said and accepted."""
    session = registration.session
    if not session.is_published:
        return
    one = dossiers(session, [registration], reglement)[0]
    if misses_orals(one):
        if not is_confirmed:
            raise OralsMissed(
                f"Avec cette note, {registration.enrolment.apprentice} remplit les conditions des "
                f"épreuves de contrôle (règle CONTROLE ; {reglement.source('controle')}), mais la "
                "seconde délibération est publiée et aucun oral ne lui a été proposé : le résultat "
                "deviendrait « refusé ». Voyez d'abord avec le service des examens de l'académie ; "
                "une note d'oral se saisit ensuite à l'étape « oral de contrôle »."
            )
        record("exam.orals_missed", registration, cfa=session.cfa, actor=by, reason=reason)
    freeze_result(one)
    keep_statistics(session)
    announce_results.delay_on_commit([registration.pk])


@transaction.atomic
def adopt_marks(*, session: ExamSession, by: User) -> int:
    """The jury keeps the marks as harmonised, else as proposed: fill the decided ones still empty."""
    session = locked_session(session.pk)
    if not can_publish_results(by, session.cfa):
        raise NotAllowed("Seule l'administration du CFA saisit la délibération du jury.")
    if session.is_published:
        raise DomainError(
            "Les résultats sont publiés : corrigez une note à la fois, avec son motif."
        )
    registrations = session.registrations.active().select_related("enrolment__apprentice")
    count = 0
    for one in dossiers(session, registrations):
        for code in one.undecided:
            entry, unit = one.entry(code), one.units[code]
            if bar := one.bar(code):
                unit.outcome = bar
                unit.save(update_fields=["outcome"])
                count += 1
                continue
            if entry is None or entry.mark is None:
                continue
            unit.decided = Decimal(entry.mark) / 2
            unit.save(update_fields=["decided"])
            count += 1
    record("exam.marks_adopted", session, cfa=session.cfa, actor=by, data={"count": count})
    return count


def ready(
    registration: ExamRegistration, by: User, reason: str, reglement: Reglement | None = None
) -> tuple[ExamRegistration, Reglement]:
    registration = locked_registration(registration)
    session = registration.session
    check_team(by, session.cfa)
    if registration.state == RegistrationState.WITHDRAWN:
        raise DomainError("Ce candidat s'est retiré de la session.")
    if session.is_published:
        _check_correction(registration, by, reason)
    return registration, reglement or reglement_of(session.referentiel, session.year)


def _check_correction(registration: ExamRegistration, by: User, reason: str) -> None:
    session = registration.session
    if not session.is_final and registration.decision == "controle":
        return  # the orals of the second chance are typed between the two publications
    if not can_publish_results(by, session.cfa):
        raise NotAllowed("Les résultats sont publiés : seule l'administration du CFA les corrige.")
    if len(reason.strip()) < 10:
        raise DomainError(
            "Les résultats sont publiés : indiquez le motif de la correction (10 caractères au "
            "moins), il reste dans l'historique.",
            field="reason",
        )


def unit_of(registration: ExamRegistration, code: str) -> ExamUnit:
    unit = registration.units.select_related("unite").filter(unite__code=code).first()
    if unit is None:
        raise DomainError(f"Ce candidat n'est pas inscrit à {code}.", field=code)
    return unit


def write_cell(
    registration: ExamRegistration,
    reglement: Reglement,
    cell: Cell,
    stage: str,
    by: User,
    expected,
    reason: str,
) -> str:
    unit, rule = unit_of(registration, cell.code), reglement.unit(cell.code)
    if stage not in Stage.values or rule is None:
        raise DomainError("Cette note n'existe pas.", field=cell.code)
    old = cell_text(unit, stage, rule)
    if stage == Stage.ORAL:
        _set_oral(unit, registration, reglement, cell.text)
    else:
        _set_mark(unit, registration, rule, reglement, stage, cell.text)
    new = cell_text(unit, stage, rule)
    if new == old:
        return new
    if expected is not ANY and expected != old:
        raise Conflict(
            f"Cette note a été changée pendant votre saisie : « {old or 'vide'} ». Gardez la vôtre ou "
            "prenez l'autre.",
            field=cell.code,
            current=old,
        )
    unit.save()
    data = {"unit": cell.code, "stage": stage, "old": old, "new": new}
    record("exam.mark_saved", registration, cfa=registration.session.cfa, actor=by, reason=reason, data=data)  # fmt: skip
    return new


def _set_mark(
    unit: ExamUnit,
    registration: ExamRegistration,
    rule: UnitRule,
    reglement: Reglement,
    stage: str,
    text: str,
) -> None:
    try:
        entry = read_entry(text, rule, reglement)
    except DomainError as error:
        raise DomainError(f"{rule.code} : {error.message}", field=rule.code) from None
    if entry is not None:
        check_sat(unit, rule, entry)
        _check_not_barred(registration, rule, entry)
    if entry is None or entry.status == Status.MARK:
        unit.outcome = ""
        setattr(
            unit, stage, None if entry is None or entry.mark is None else Decimal(entry.mark) / 2
        )
        if stage == Stage.PROPOSED:
            unit.parts = {} if entry is None else _parts(rule, entry)
        return
    # The marks of the other stages stay: they come back if the absence is taken away.
    unit.outcome = Outcome(entry.status)
    setattr(unit, stage, None)


def _parts(rule: UnitRule, entry: Entry) -> dict[str, str]:
    return {
        part.code: "FM" if rank in entry.absent_parts else str(Decimal(mark) / 2)
        for rank, (part, mark) in enumerate(zip(rule.parts, entry.parts, strict=False))
    }


def check_sat(unit: ExamUnit, rule: UnitRule, entry: Entry) -> None:
    """This entry may stand for a unit as the candidate registered it; DomainError otherwise."""
    if unit.plan == Plan.DISPENSED:
        raise DomainError(
            f"{rule.code} est dispensée : elle ne porte pas de note. Changez d'abord la demande à "
            "l'inscription.",
            field=rule.code,
        )
    if unit.plan == Plan.KEPT:
        raise DomainError(
            f"La note de {rule.code} est conservée de la session {unit.kept_session} "
            f"({show_mark(unit.kept_mark)}) : changez d'abord la demande à l'inscription.",
            field=rule.code,
        )
    if entry.status in (Status.KEPT, Status.DISPENSED):
        raise DomainError(
            f"{rule.code} : une dispense ou une note conservée se demande à l'inscription.",
            field=rule.code,
        )
    if rule.is_optional and entry.status == Status.NV:
        raise DomainError(f"{rule.code} est facultative : une note, ou AB.", field=rule.code)


def _check_not_barred(registration: ExamRegistration, rule: UnitRule, entry: Entry) -> None:
    """A dossier not valid is not marked, nor an absence that nobody justified (REF2018, D643-24)."""
    if entry.status != Status.MARK:
        return
    bar = ccf_bars([registration.enrolment]).get((registration.enrolment_id, rule.epreuve))
    if bar == Outcome.NV:
        raise DomainError(
            f"Le dossier de {rule.epreuve} est non valide (NV) : l'épreuve n'est pas notée. Si le "
            "contrôle s'est trompé, reprenez-le d'abord.",
            field=rule.code,
        )
    if bar == Outcome.ABSENT:
        raise DomainError(
            f"Le candidat est noté absent sans justification au CCF de {rule.epreuve} : justifiez "
            "l'absence sur le planning, ou écrivez AB ou FM.",
            field=rule.code,
        )


def _set_oral(unit: ExamUnit, registration, reglement: Reglement, text: str) -> None:
    code, controle = unit.unite.code, reglement.controle
    if not text.strip():
        unit.oral = None
        return
    if controle is None or code not in controle.units:
        raise DomainError(f"{code} n'a pas d'épreuve de contrôle.", field=code)
    if unit.plan == Plan.DISPENSED:
        raise DomainError(f"{code} est dispensée : pas d'oral de contrôle.", field=code)
    others = registration.units.filter(oral__isnull=False).exclude(pk=unit.pk).count()
    if others >= controle.orals:
        raise DomainError(
            f"{controle.orals} oraux de contrôle au plus : effacez l'un des autres.", field=code
        )
    if text.strip().casefold() in ("a", "ab", "abs", "absent", "absente"):
        raise DomainError(
            f"{code} : absent à l'oral de contrôle, laissez la case vide ; la première note reste.",
            field=code,
        )
    try:
        unit.oral = Decimal(read_half(text, reglement)) / 2
    except DomainError as error:
        raise DomainError(f"{code} : {error.message}", field=code) from None
