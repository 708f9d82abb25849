"""The deeds of a dossier: deposit a piece, check its conformity, set the date."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from accounts.permissions import is_staff_of
from apprentices.models import Cohort, Enrolment
from documents.storing import all_or_nothing, store
from documents.uploads import MEGABYTE, check_upload
from programmes.models import Epreuve
from programmes.selectors import fact

from .. import actions as grading
from ..enums import DossierState, EvaluationState, PieceKind
from ..models import (
    CcfDeadline,
    CcfDossier,
    CcfEvaluation,
    DossierPiece,
)
from ..permissions import can_grade_enrolment
from .rules import DossierFacts, Hints, decide, dossier_hints

# A fiche with its annex, or a report scanned page by page.
LARGEST_PIECE, MOST_PAGES = 10 * MEGABYTE, 60


def facts_of(epreuve: Epreuve, code: str, session: int, default: Any = ()) -> Any:
    """A fact of the référentiel for that session, or `default` where it gives none."""
    try:
        return fact(epreuve.referentiel, code, session=session)
    except KeyError:
        return default


def expected_pieces(epreuve: Epreuve, session: int) -> list[tuple[str, int, str]]:
    """(kind, number, title) of what the référentiel asks for this session."""
    pieces: list[tuple[str, int, str]] = []
    for title in facts_of(epreuve, f"dossier_{epreuve.code}", session):
        if title.lower().startswith("étude"):
            continue
        pieces.append((PieceKind.FICHE.value, len(pieces) + 1, title))
    if epreuve.code == "E6" and facts_of(epreuve, "etude_reflexive_requise", session, False):
        pieces.append((PieceKind.STUDY.value, 0, "Étude réflexive réseau"))
    proof = next(
        (
            one["proof"]
            for one in facts_of(epreuve, "attestations", session)
            if one["who"] == "Apprenti"
        ),
        "Attestation",
    )
    pieces.append((PieceKind.PROOF.value, 0, proof))
    return pieces


def staff_pieces(epreuve: Epreuve) -> list[tuple[str, int, str]]:
    """What the CFA itself adds to the file of E4 for the jury (REF2018)."""
    if epreuve.code != "E4":
        return []
    return [(PieceKind.REPORT.value, 0, "Compte rendu d'évaluation en entreprise")]


@transaction.atomic
def open_dossier(*, enrolment: Enrolment, epreuve: Epreuve, by: User) -> CcfDossier:
    """The dossier of one candidate, created when it is first needed."""
    is_own = enrolment.apprentice.user_id == by.pk
    if not is_own and not can_grade_enrolment(by, enrolment):
        raise NotAllowed("Ce dossier est celui du candidat et de ses formateurs.")
    if epreuve.referentiel_id != enrolment.cohort.programme.referentiel_id:
        raise DomainError("Cette épreuve n'est pas celle du référentiel de la promotion.")
    grading.check_ccf(enrolment, epreuve, timezone.localdate())
    dossier, _ = CcfDossier.objects.get_or_create(enrolment=enrolment, epreuve=epreuve)
    return dossier


@all_or_nothing()
def deposit_piece(
    *, dossier: CcfDossier, kind: str, number: int, file: UploadedFile, by: User
) -> DossierPiece:
    """Hand in one piece; the versions before it are kept."""
    dossier = (
        CcfDossier.objects.select_for_update(of=("self",))
        .select_related(
            "epreuve__referentiel", "enrolment__cohort__cfa", "enrolment__cohort__programme"
        )
        .get(pk=dossier.pk)
    )
    enrolment = dossier.enrolment
    is_own = enrolment.apprentice.user_id == by.pk
    if not is_own and not can_grade_enrolment(by, enrolment):
        raise NotAllowed("Seuls le candidat et ses formateurs déposent dans ce dossier.")
    if dossier.state == DossierState.NV:
        raise DomainError("Le dossier est déclaré non valide : il ne reçoit plus de pièce.")
    if CcfEvaluation.objects.filter(
        enrolment=enrolment, epreuve=dossier.epreuve, state=EvaluationState.LOCKED
    ).exists():
        raise DomainError("L'évaluation est verrouillée : le dossier ne change plus.")
    wanted = expected_pieces(dossier.epreuve, enrolment.cohort.programme.session)
    if not is_own:
        wanted = [*wanted, *staff_pieces(dossier.epreuve)]
    title = next((t for k, n, t in wanted if (k, n) == (kind, number)), None)
    if title is None:
        raise DomainError("Cette pièce n'est pas demandée pour cette épreuve.", field="file")
    if (file.size or 0) > LARGEST_PIECE:
        raise DomainError("Le fichier dépasse 10 Mo : réduisez-le.", field="file")
    checked = check_upload(file.read(), largest=LARGEST_PIECE, most_pages=MOST_PAGES)
    last = dossier.pieces.filter(kind=kind, number=number).order_by("-version").first()
    if last and last.sha256 == checked.sha256:
        raise DomainError("Ce fichier est déjà la dernière version déposée.", field="file")
    piece = DossierPiece(
        dossier=dossier,
        kind=kind,
        number=number,
        title=title[:200],
        version=(last.version if last else 0) + 1,
        original_name=(file.name or "")[-200:],
        size=checked.size,
        sha256=checked.sha256,
        deposited_at=timezone.now(),
        deposited_by=by,
    )
    store(piece.file, f"{piece.uuid}{checked.extension}", checked.data)
    piece.save()
    if dossier.state != DossierState.OPEN:
        dossier.state = DossierState.OPEN  # what was checked has changed: to be checked again
        dossier.save(update_fields=["state"])
    extra = {"piece": piece.title, "version": piece.version, "sha256": checked.sha256}
    record("ccf.piece_deposited", dossier, cfa=enrolment.cohort.cfa, actor=by, data=extra)
    return piece


def deadline_of(dossier: CcfDossier) -> date | None:
    return (
        CcfDeadline.objects.filter(cohort=dossier.enrolment.cohort, epreuve=dossier.epreuve)
        .values_list("deposit_on", flat=True)
        .first()
    )


def hints_of(dossier: CcfDossier) -> Hints:
    """What the application sees in the dossier before a person judges it."""
    pieces = list(dossier.pieces.all())
    session = dossier.enrolment.cohort.programme.session
    wanted = expected_pieces(dossier.epreuve, session)
    own = [one for one in pieces if one.kind != PieceKind.REPORT]
    first: dict[tuple[str, int], Any] = {}
    for piece in own:  # the first deposit of each piece decides whether it was in time
        key = (piece.kind, piece.number)
        first[key] = min(first.get(key, piece.deposited_at), piece.deposited_at)
    last = max(first.values(), default=None)
    return dossier_hints(
        DossierFacts(
            fiches=frozenset(one.number for one in pieces if one.kind == PieceKind.FICHE),
            expected_fiches=sum(kind == PieceKind.FICHE for kind, _, _ in wanted),
            has_proof=any(one.kind == PieceKind.PROOF for one in pieces),
            has_study=any(one.kind == PieceKind.STUDY for one in pieces),
            needs_study=any(kind == PieceKind.STUDY for kind, _, _ in wanted),
            deposited_on=timezone.localdate(last) if last else None,
            deadline=deadline_of(dossier),
        )
    )


@transaction.atomic
def check_dossier(
    *,
    dossier: CcfDossier,
    grounds: Sequence[int],
    remarks: Sequence[int],
    doubt: bool,
    comment: str,
    by: User,
) -> CcfDossier:
    """Decide whether the dossier conforms, before the candidate is heard.

    A ground makes it NV: the candidate is not heard and the diploma cannot be delivered. A doubt lets the
    candidate be heard, the mark reserved. What is no ground stays a remark.
    """
    dossier = (
        CcfDossier.objects.select_for_update(of=("self",))
        .select_related(
            "epreuve__referentiel", "enrolment__cohort__cfa", "enrolment__cohort__programme"
        )
        .get(pk=dossier.pk)
    )
    if not can_grade_enrolment(by, dossier.enrolment):
        raise NotAllowed(
            "Seuls l'équipe du CFA et les formateurs du candidat contrôlent son dossier."
        )
    session = dossier.enrolment.cohort.programme.session
    causes = facts_of(dossier.epreuve, "nv_causes", session)
    notices = facts_of(dossier.epreuve, f"not_nv_{dossier.epreuve.code}", session)
    if any(not 0 <= n < len(causes) for n in grounds) or any(
        not 0 <= n < len(notices) for n in remarks
    ):
        raise DomainError("Cette cause n'est pas dans le règlement.", field="grounds")
    chosen = [causes[n] for n in sorted(set(grounds))]
    before = {"state": dossier.state, "grounds": dossier.grounds, "remarks": dossier.remarks}
    dossier.state = decide(chosen, doubt)
    dossier.grounds = chosen
    dossier.remarks = [notices[n] for n in sorted(set(remarks))]
    dossier.comment = comment.strip()
    dossier.checked_at, dossier.checked_by = timezone.now(), by
    dossier.save()
    cfa = dossier.enrolment.cohort.cfa
    data = {"before": before, "state": dossier.state, "grounds": chosen}
    record("ccf.dossier_checked", dossier, cfa=cfa, actor=by, data=data)
    return dossier


@transaction.atomic
def set_deadline(*, cohort: Cohort, epreuve: Epreuve, deposit_on: date, by: User) -> CcfDeadline:
    """Write the date that the académie set for the deposit of dossiers."""
    if not is_staff_of(by, cohort.cfa):
        raise NotAllowed("Seule l'équipe du CFA fixe la date de dépôt.")
    if not cohort.starts_on <= deposit_on <= cohort.ends_on:
        raise DomainError("La date de dépôt tombe pendant la formation.", field="deposit_on")
    found, _ = CcfDeadline.objects.update_or_create(
        cohort=cohort, epreuve=epreuve, defaults={"deposit_on": deposit_on}
    )
    data = {"epreuve": epreuve.code, "deposit_on": deposit_on.isoformat()}
    record("ccf.deadline_set", cohort, cfa=cohort.cfa, actor=by, data=data)
    return found
