"""The deeds of a CCF: start, enter, lock, reopen, issue the sheet."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from apprentices.models import Enrolment
from documents.actions import request_document
from documents.enums import DocumentState
from documents.freezing import freeze
from documents.models import Document
from programmes.enums import EpreuveForm, Level
from programmes.models import Epreuve, SousCompetence
from programmes.selectors import categorie_of_cfa, rule_for

from . import pdf, selectors
from .ccf.concerned import outside_ccf
from .ccf.notes import conflict, note, note_change, snapshot
from .ccf.publication import is_published
from .ccf.rules import check_final_year, indicative_mark
from .enums import Deed, DossierState, SituationCode
from .models import CcfDossier, CcfEvaluation, CcfLevel, CcfSignature, CcfSituation
from .permissions import can_grade_ccf, can_grade_enrolment, can_reopen_ccf
from .rules import (
    Change,
    Incomplete,
    next_state,
    parse_mark,
    show_mark,
    what_is_missing,
    why_no_ccf,
)


class _Kept:
    """The absence of a value: the field keeps what it has (None and "" are values)."""

    def __repr__(self) -> str:
        return "KEPT"


KEPT: Any = _Kept()
FIELDS = ("held_on", "choice", "fiches", "evaluators", "appreciation")


@transaction.atomic
def start_evaluation(
    *, enrolment: Enrolment, epreuve: Epreuve, by: User, at: datetime | None = None
) -> CcfEvaluation:
    """Open the CCF of one épreuve for one apprentice, with its two empty situations."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort__cfa", "cohort__programme", "apprentice")
        .get(pk=enrolment.pk)
    )
    if not can_grade_enrolment(by, enrolment):
        raise NotAllowed(
            "Seuls l'équipe du CFA, les formateurs de la promotion et le tuteur CFA de l'apprenti "
            "ouvrent son CCF. Demandez à l'équipe du CFA de vous ajouter à la promotion."
        )
    if epreuve.referentiel_id != enrolment.cohort.programme.referentiel_id:
        raise DomainError("Cette épreuve n'est pas celle du référentiel de la promotion.")
    day = timezone.localdate(at) if at else timezone.localdate()
    check_ccf(enrolment, epreuve, day)
    if CcfEvaluation.objects.filter(enrolment=enrolment, epreuve=epreuve).exists():
        raise DomainError(
            f"Le CCF de l'épreuve {epreuve.code} est déjà ouvert pour {enrolment.apprentice} : "
            "reprenez-le dans la liste."
        )
    evaluation = CcfEvaluation.objects.create(enrolment=enrolment, epreuve=epreuve)
    CcfSituation.objects.bulk_create(
        CcfSituation(evaluation=evaluation, code=code) for code in SituationCode.values
    )
    note("ccf.started", evaluation, by, happened_at=at)
    return evaluation


def check_ccf(enrolment: Enrolment, epreuve: Epreuve, day: date) -> None:
    """The candidate takes this épreuve in CCF that day; DomainError with the text otherwise."""
    if why := outside_ccf([enrolment]).why(enrolment.pk, epreuve.code):
        raise DomainError(
            f"{epreuve.code} de {enrolment.apprentice} n'est pas en CCF : « {why.lower()} » à son "
            "inscription à l'examen. Si c'est une erreur, corrigez d'abord cette inscription."
        )
    cfa = enrolment.cohort.cfa
    categorie = categorie_of_cfa(cfa, day)
    rule = rule_for(epreuve, categorie)
    if rule is None or rule.form != EpreuveForm.CCF:
        form = rule.get_form_display() if rule else ""
        source = rule.source if rule else ""
        raise DomainError(why_no_ccf(str(cfa), categorie, str(epreuve), form, source, day))


@transaction.atomic
def save_situation(
    *,
    evaluation: CcfEvaluation,
    code: str,
    by: User,
    held_on: date | None = KEPT,
    choice: str = KEPT,
    fiches: str = KEPT,
    evaluators: str = KEPT,
    appreciation: str = KEPT,
    expected: Mapping[str, Any] | None = None,
) -> CcfSituation:
    """Write what is known of one situation; the fields not given keep their value.

    `expected` holds the values the person saw: a field changed since then is a Conflict.
    """
    evaluation = open_for(evaluation, by)
    if code not in SituationCode.values:
        raise DomainError("Un CCF a deux situations, A et B.")
    situation = evaluation.situations.get(code=code)
    given = dict(zip(FIELDS, (held_on, choice, fiches, evaluators, appreciation), strict=True))
    for name, value in given.items():
        if value is KEPT:
            continue
        value = value.strip() if isinstance(value, str) else value
        field = f"situation-{code}-{name}"
        _check_situation_value(evaluation, code, name, value, field)
        old = getattr(situation, name)
        if old == value:
            continue
        if expected is not None and name in expected and expected[name] != old:
            raise conflict(evaluation, field, str(old or ""))
        setattr(situation, name, value)
        note_change("ccf.situation_saved", evaluation, by, field, old, value)
    situation.save()
    return situation


def _check_situation_value(evaluation, code: str, name: str, value, field: str) -> None:
    if name == "held_on" and value is not None:
        enrolment = evaluation.enrolment
        last = enrolment.ends_on or enrolment.cohort.ends_on
        if not enrolment.starts_on <= value <= last:
            raise DomainError(
                "Le CCF a lieu pendant la formation de l'apprenti : du "
                f"{enrolment.starts_on:%d/%m/%Y} au {last:%d/%m/%Y} (REF2018).",
                field=field,
            )
    if name == "choice" and value:
        if value not in [c for c, _ in selectors.situation_choices(evaluation.epreuve, code)]:
            raise DomainError("Ce choix n'existe pas dans cette situation.", field=field)
    if name == "fiches" and len(value) > 120:
        raise DomainError("Numéros et titres de fiches tiennent en 120 caractères.", field=field)
    if name == "evaluators" and len(value) > 300:
        raise DomainError("La liste des évaluateurs tient en 300 caractères.", field=field)
    if name == "appreciation" and len(value) > 4000:
        raise DomainError("L'appréciation tient en 4 000 caractères.", field=field)


@transaction.atomic
def save_level(
    *,
    evaluation: CcfEvaluation,
    line: SousCompetence,
    level: str,
    by: User,
    expected: str = KEPT,
) -> CcfLevel | None:
    """Tick one box of one official line; an empty level unticks it."""
    evaluation = open_for(evaluation, by)
    field = f"level-{line.pk}"
    choice = selectors.choice_of(evaluation)
    if line.pk not in {one.pk for one in selectors.official_lines(evaluation.epreuve, choice)}:
        raise DomainError(
            "Cette ligne n'est pas dans la grille de ce candidat : vérifiez le choix de la "
            "situation B.",
            field=field,
        )
    if level and level not in Level.values:
        raise DomainError("Cochez TI, I, S ou TS.", field=field)
    found = evaluation.levels.filter(line=line).first()
    old = found.level if found else ""
    if old == level:
        return found
    if expected is not KEPT and expected != old:
        raise conflict(evaluation, field, old)
    note_change("ccf.level_saved", evaluation, by, field, old, level)
    if not level:
        evaluation.levels.filter(line=line).delete()
        return None
    found, _ = CcfLevel.objects.update_or_create(
        evaluation=evaluation, line=line, defaults={"level": level}
    )
    return found


@transaction.atomic
def propose_mark(
    *,
    evaluation: CcfEvaluation,
    mark: Decimal | str | int | None,
    by: User,
    expected: Decimal | None = KEPT,
) -> CcfEvaluation:
    """Write the mark that the commission proposes to the jury; nothing given clears it."""
    evaluation = open_for(evaluation, by)
    value = parse_mark(mark)
    old = evaluation.mark
    if old == value:
        return evaluation
    if expected is not KEPT and expected != old:
        raise conflict(evaluation, "mark", show_mark(old))
    evaluation.mark = value
    evaluation.save(update_fields=["mark"])
    note_change("ccf.mark_proposed", evaluation, by, "mark", show_mark(old), show_mark(value))
    return evaluation


@transaction.atomic
def save_changes(*, evaluation: CcfEvaluation, changes: Iterable[Change], by: User) -> None:
    """Write several fields at once, or none of them if one is refused.

    The choice of situation B goes first: it decides which lines the grid has.
    """
    for change in sorted(changes, key=lambda change: change.part != "choice"):
        if change.kind == "mark":
            propose_mark(evaluation=evaluation, mark=change.value, by=by, expected=change.seen)
        elif change.kind == "level":
            line = SousCompetence.objects.get(pk=change.key)
            save_level(
                evaluation=evaluation, line=line, level=change.value, by=by, expected=change.seen
            )
        else:
            save_situation(
                evaluation=evaluation,
                code=change.key,
                by=by,
                expected={change.part: change.seen},
                **{change.part: change.value},
            )


@transaction.atomic
def lock_evaluation(
    *, evaluation: CcfEvaluation, by: User, at: datetime | None = None
) -> CcfEvaluation:
    """Close the entry: everything asked by the official forms is there and nothing moves any more."""
    evaluation = _locked_row(evaluation)
    check_grader(evaluation, by)
    state = next_state(evaluation.state, Deed.LOCK)
    moment = at or timezone.now()
    _refuse_nv(evaluation)
    sheet = selectors.sheet_of(evaluation)
    missing = what_is_missing(sheet, timezone.localdate(moment))
    if missing:
        raise Incomplete(missing)
    cohort, code = evaluation.enrolment.cohort, evaluation.epreuve.code
    for situation in sheet.situations:
        assert situation.held_on is not None  # its absence is among what is missing
        check_ccf(evaluation.enrolment, evaluation.epreuve, situation.held_on)
        check_final_year(code, cohort.starts_on, cohort.ends_on, situation.held_on)
    # Boxes ticked before the choice of situation B changed are not of this candidate's grid.
    strays = evaluation.levels.exclude(line__in=[line.key for line in sheet.lines])
    dropped = {str(stray.line): stray.level for stray in strays.select_related("line")}
    strays.delete()
    evaluation.state = state
    evaluation.locked_at = moment
    evaluation.locked_by = by
    evaluation.indicative_mark = indicative_mark(sheet.ticked, len(sheet.lines))
    evaluation.save(update_fields=["state", "locked_at", "locked_by", "indicative_mark"])
    data = {**snapshot(evaluation), "dropped": dropped}
    note("ccf.locked", evaluation, by, happened_at=at, data=data)
    return evaluation


@transaction.atomic
def reopen_evaluation(*, evaluation: CcfEvaluation, by: User, reason: str) -> CcfEvaluation:
    """Let a locked evaluation be corrected; its state before is kept in the history."""
    evaluation = _locked_row(evaluation)
    if not can_reopen_ccf(by, evaluation):
        raise NotAllowed(
            "Seules l'administration et l'équipe du CFA rouvrent une évaluation verrouillée : "
            "adressez-leur le motif de la correction."
        )
    state = next_state(evaluation.state, Deed.REOPEN)
    cohort = evaluation.enrolment.cohort
    if is_published(cohort.cfa, cohort.programme.session, timezone.localdate()):
        raise DomainError(
            "La délibération du jury est publiée : la note proposée ne change plus (D643-26). Une erreur "
            "se corrige sur la note arrêtée, dans la session d'examen, avec son motif."
        )
    reason = reason.strip()
    if len(reason) < 10:
        raise DomainError(
            "Indiquez le motif de la réouverture (10 caractères au moins) : il reste dans "
            "l'historique.",
            field="reason",
        )
    before = snapshot(evaluation)
    evaluation.state = state
    evaluation.locked_at = None
    evaluation.locked_by = None
    evaluation.save(update_fields=["state", "locked_at", "locked_by"])
    # What was signed is no longer what is written: the commission signs again.
    CcfSignature.objects.filter(situation__evaluation=evaluation).delete()
    note("ccf.reopened", evaluation, by, reason=reason, data={"before": before})
    return evaluation


@transaction.atomic
def request_ccf_pdf(*, evaluation: CcfEvaluation, by: User) -> Document:
    """Ask for the sheet of the commission: the same while nothing moves, a new one after a correction."""
    evaluation = _locked_row(evaluation)
    check_grader(evaluation, by)
    next_state(evaluation.state, Deed.ISSUE)
    enrolment = evaluation.enrolment
    cfa = enrolment.cohort.cfa
    context = pdf.ccf_context(evaluation, selectors.Grids())
    last = evaluation.document
    if last and last.context == freeze(context, cfa):
        return last
    if last and last.state in (DocumentState.QUEUED, DocumentState.FAILED):
        raise DomainError(
            "La fiche précédente n'est pas encore émise : attendez-la, ou relancez-la depuis sa page "
            "si elle a échoué, puis demandez la fiche corrigée."
        )
    document = request_document(
        kind=pdf.KIND,
        cfa=cfa,
        title=f"Fiche d'évaluation du CCF {evaluation.epreuve.code}",
        subject_label=str(enrolment.apprentice),
        context=context,
        file_name=enrolment.apprentice.file_name(
            f"ccf-{evaluation.epreuve.code}", timezone.localdate(evaluation.locked_at)
        ),
        by=by,
        readers=[by, *pdf.readers(evaluation)],
        replaces=last,
    )
    evaluation.document = document
    evaluation.save(update_fields=["document"])
    note("ccf.pdf_requested", evaluation, by, data={"document": str(document.uuid)})
    return document


def _locked_row(evaluation: CcfEvaluation) -> CcfEvaluation:
    """The row, held, with what the deeds ask of it: rights, dates and the name that the history tells."""
    person, cohort = "enrolment__apprentice", "enrolment__cohort"
    return (
        CcfEvaluation.objects.select_for_update(of=("self",))
        .select_related("epreuve", person, f"{cohort}__cfa", f"{cohort}__programme")
        .get(pk=evaluation.pk)
    )


def check_grader(evaluation: CcfEvaluation, by: User) -> None:
    if not can_grade_ccf(by, evaluation):
        raise NotAllowed(
            "Seuls l'équipe du CFA, les formateurs de la promotion et le tuteur CFA de l'apprenti "
            "saisissent ce CCF."
        )


def open_for(evaluation: CcfEvaluation, by: User, *, is_nv_too: bool = False) -> CcfEvaluation:
    evaluation = _locked_row(evaluation)
    check_grader(evaluation, by)
    next_state(evaluation.state, Deed.EDIT)
    if not is_nv_too:
        _refuse_nv(evaluation)
    return evaluation


def _refuse_nv(evaluation: CcfEvaluation) -> None:
    if CcfDossier.objects.filter(
        enrolment=evaluation.enrolment_id, epreuve=evaluation.epreuve_id, state=DossierState.NV
    ).exists():
        raise DomainError(
            "Le dossier du candidat est non valide (NV) : il n'est pas interrogé, même présent, et "
            "l'épreuve n'est pas notée (REF2018). Si le contrôle s'est trompé, reprenez-le d'abord."
        )
