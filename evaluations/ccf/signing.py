"""The commission signs a locked sheet: with an account, on an evaluator's device, or by hand with a scan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.models import Event, User
from accounts.signatures import BadSignature, clean_strokes, clean_typed_name
from documents.storing import all_or_nothing

from ..enums import EvaluationState, SignatureManner
from ..models import CcfEvaluation, CcfSignature, CcfSituation
from ..permissions import can_grade_ccf
from ..received import keep_file
from ..rules import signature_lines
from .notes import note
from .rules import is_named, is_same, named_in, still_to_sign


@dataclass(frozen=True)
class SituationSignatures:
    """The signature lines of one situation: those given, and how many are left."""

    situation: CcfSituation
    given: tuple[CcfSignature, ...]
    left: int
    waiting: tuple[str, ...]  # members named on the sheet who have not signed


def signatures_of(evaluation: CcfEvaluation) -> list[SituationSignatures]:
    """Situation by situation, who signed and who is still to (two queries)."""
    lines = signature_lines(evaluation.epreuve.code)
    found = []
    for situation in evaluation.situations.prefetch_related("signatures__user"):
        given = tuple(situation.signatures.all())
        left = max(0, lines - len(given))
        waiting = still_to_sign(situation.evaluators, given)
        found.append(SituationSignatures(situation, given, left, tuple(waiting)))
    return found


def members_to_sign(rows: Iterable[SituationSignatures]) -> list[str]:
    """Each member named on the sheet whose line is still empty, once, as first written."""
    names: list[str] = []
    for row in rows:
        for name in row.waiting if row.left else ():
            if not any(is_same(name, one) for one in names):
                names.append(name)
    return names


def can_sign(user: User, rows: Iterable[SituationSignatures]) -> bool:
    """There is a line left for this person, whom the sheet names."""
    return any(
        row.left and user.pk not in {one.user_id for one in row.given}
        for row in rows
        if _names(row, user)
    )


def _names(row: SituationSignatures, user: User) -> bool:
    """The commission of this situation names the person, « M. Caron » or « B. Caron » as well."""
    return any(is_named(name, str(user)) for name in named_in(row.situation.evaluators))


@transaction.atomic
def sign_evaluation(*, evaluation: CcfEvaluation, by: User) -> int:
    """Sign with one's account the situations that still have a line; returns how many."""
    evaluation = _locked(evaluation, by)
    rows = signatures_of(evaluation)
    if any(one.user_id == by.pk for row in rows for one in row.given):
        raise DomainError("Vous avez déjà signé cette fiche.")
    # A member of one situation only signs that one.
    named = [row for row in rows if _names(row, by)]
    if not named:
        raise DomainError(
            "La fiche ne vous nomme pas dans la commission : seuls ses membres la signent. S'il manque "
            "votre nom, faites rouvrir l'évaluation pour l'ajouter."
        )
    return _write(evaluation, named, by, str(by), manner=SignatureManner.ACCOUNT, user=by)


@transaction.atomic
def sign_on_device(
    *, evaluation: CcfEvaluation, name: str, strokes: Any, typed_name: str, by: User
) -> int:
    """A member without an account signs on the device of `by`, who vouches for the person."""
    evaluation = _locked(evaluation, by)
    rows = _rows_of(evaluation, name)
    if is_named(name, str(by)):
        raise DomainError(
            "Signez avec votre compte : le bouton est sur la page du CCF.", field="name"
        )
    try:
        if typed_name.strip():
            accepted = typed_name if is_named(name, typed_name) else name
            traces: dict[str, Any] = {"typed_name": clean_typed_name(typed_name, [accepted])}
        else:
            traces = {"strokes": clean_strokes(strokes)}
    except BadSignature as error:
        raise DomainError(str(error), field="strokes") from error
    return _write(evaluation, rows, by, name, manner=SignatureManner.DEVICE, **traces)


@all_or_nothing()
def record_hand_signature(
    *, evaluation: CcfEvaluation, name: str, signed_on: date, file: UploadedFile, by: User
) -> int:
    """A member signed on paper, the sheet printed or the form filled in that day: keep its scan.

    What a reopening changed is signed again, on the sheet that was locked since.
    """
    evaluation = _locked(evaluation, by)
    rows = _rows_of(evaluation, name)
    if signed_on > timezone.localdate():
        raise DomainError("La date de signature n'est pas encore passée.", field="signed_on")
    _check_after(evaluation, rows, signed_on)
    title = f"Fiche {evaluation.epreuve.code} signée à la main, {evaluation.enrolment.apprentice}"
    scan = keep_file(file=file, title=title, by=by, evaluation=evaluation)
    moment = timezone.make_aware(datetime.combine(signed_on, time(12)))
    return _write(
        evaluation, rows, by, name, manner=SignatureManner.HAND, scan=scan, signed_at=moment
    )


def _check_after(
    evaluation: CcfEvaluation, rows: list[SituationSignatures], signed_on: date
) -> None:
    """The paper bears what the sheet says: signed after the situations, and after the last reopening."""
    assert evaluation.locked_at is not None  # _locked
    locked_on = timezone.localdate(evaluation.locked_at)
    if signed_on >= locked_on:
        return
    if Event.objects.about(evaluation).filter(verb="ccf.reopened").exists():
        raise DomainError(
            f"L'évaluation a été rouverte, puis verrouillée le {locked_on:%d/%m/%Y} : un papier signé "
            "avant ne dit pas ce qui a changé. Faites signer la fiche d'aujourd'hui.",
            field="signed_on",
        )
    for row in rows:
        held_on = row.situation.held_on
        if held_on and signed_on < held_on:
            raise DomainError(
                f"La situation {row.situation.code} a eu lieu le {held_on:%d/%m/%Y} : elle ne se signe "
                "pas avant.",
                field="signed_on",
            )


def _rows_of(evaluation: CcfEvaluation, name: str) -> list[SituationSignatures]:
    """The situations whose commission names this person and who has not signed there."""
    rows = [
        row for row in signatures_of(evaluation) if any(is_same(name, one) for one in row.waiting)
    ]
    if not rows:
        raise DomainError(
            f"« {name[:60]} » n'est pas parmi les membres de la commission qui doivent encore signer : "
            "choisissez un nom de la liste. S'il manque, rouvrez l'évaluation pour l'ajouter.",
            field="name",
        )
    return rows


def _locked(evaluation: CcfEvaluation, by: User) -> CcfEvaluation:
    evaluation = (
        CcfEvaluation.objects.select_for_update(of=("self",))
        .select_related("epreuve", "enrolment__apprentice", "enrolment__cohort__cfa")
        .get(pk=evaluation.pk)
    )
    if not can_grade_ccf(by, evaluation):
        raise NotAllowed("Seuls les membres de la commission signent la fiche.")
    if evaluation.state != EvaluationState.LOCKED:
        raise DomainError("Verrouillez d'abord l'évaluation : on signe ce qui ne change plus.")
    return evaluation


def _write(evaluation, rows: Iterable[SituationSignatures], by: User, name: str, **traces) -> int:
    lines = signature_lines(evaluation.epreuve.code)
    open_rows = [row for row in rows if row.left]
    if not open_rows:
        raise DomainError(
            f"Le formulaire porte {lines} signature{'s' if lines > 1 else ''} : elles y sont."
        )
    traces.setdefault("signed_at", timezone.now())
    CcfSignature.objects.bulk_create(
        CcfSignature(situation=row.situation, name=name[:120], recorded_by=by, **traces)
        for row in open_rows
    )
    data = {
        "name": name,
        "manner": str(traces["manner"]),
        "situations": [row.situation.code for row in open_rows],
    }
    note("ccf.signed", evaluation, by, data=data)
    return len(open_rows)
