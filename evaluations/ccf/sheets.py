"""The deeds around a grid: the fiche-sujet of E4 B."""

from collections.abc import Mapping

from django.db import transaction

from accounts.errors import DomainError, NotAllowed
from accounts.models import Cfa, User
from documents.actions import DocumentRequest, request_documents
from documents.enums import SEALED_STATES, DocumentState
from documents.freezing import freeze
from documents.models import Document, Job, JobItem

from .. import actions as grading
from .. import pdf
from ..models import CcfEvaluation, FicheSujet
from ..permissions import can_grade_ccf
from . import documents
from .dossiers import facts_of
from .notes import note


def rubrics(evaluation: CcfEvaluation) -> Mapping[str, list[str]]:
    """The rubrics of both sides, as the référentiel gives them for this session; empty elsewhere."""
    if evaluation.epreuve.code != "E4":
        return {}
    session = evaluation.enrolment.cohort.programme.session
    return facts_of(evaluation.epreuve, "fiche_sujet_E4", session, {})


@transaction.atomic
def save_fiche_sujet(
    *, evaluation: CcfEvaluation, candidate: Mapping[str, str], jury: Mapping[str, str], by: User
) -> FicheSujet:
    """Write both sides of the subject made for this candidate from one of the two fiches."""
    evaluation = grading.open_for(evaluation, by)
    asked = rubrics(evaluation)
    if not asked:
        raise DomainError("Cette épreuve n'a pas de fiche-sujet.")
    fiche, _ = FicheSujet.objects.get_or_create(evaluation=evaluation)
    old = {"candidate": fiche.candidate, "jury": fiche.jury}
    fiche.candidate = {
        title: candidate.get(title, "").strip()[:2000] for title in asked["candidate"]
    }
    fiche.jury = {title: jury.get(title, "").strip()[:2000] for title in asked["jury"]}
    fiche.save()
    note("ccf.fiche_sujet_saved", evaluation, by, data={"old": old})
    return fiche


@transaction.atomic
def issue_fiche_sujet(*, fiche: FicheSujet, by: User) -> Job:
    """Ask for both copies: the candidate's, without the jury's side, and the commission's."""
    evaluation = fiche.evaluation
    if not can_grade_ccf(by, evaluation):
        raise NotAllowed("Seule la commission édite la fiche-sujet.")
    empty = [title for title, text in fiche.candidate.items() if not text]
    if empty:
        raise DomainError(f"Complétez d'abord le côté candidat : {', '.join(empty)}.")
    cfa = evaluation.enrolment.cohort.cfa
    pairs: list[tuple[str, bool, Document | None]] = [
        (documents.FICHE_CANDIDATE, False, fiche.candidate_document),
        (documents.FICHE_JURY, True, fiche.jury_document),
    ]
    if made := _made(fiche, cfa):
        return made
    readers = pdf.readers(evaluation)
    requests = [
        DocumentRequest(
            kind=kind,
            title=f"Fiche-sujet {evaluation.epreuve.code}" + (" (jury)" if with_jury else ""),
            subject_label=str(evaluation.enrolment.apprentice),
            context=documents.fiche_context(fiche, with_jury=with_jury),
            source={"evaluation": str(evaluation.uuid)},
            file_name=evaluation.enrolment.apprentice.file_name(
                "fiche-sujet-jury" if with_jury else "fiche-sujet"
            ),
            readers=[by, *readers],
            replaces=old if old and old.state in SEALED_STATES else None,
        )
        for kind, with_jury, old in pairs
    ]
    job = request_documents(
        cfa=cfa,
        label=f"Fiche-sujet de {evaluation.enrolment.apprentice}",
        requests=requests,
        by=by,
    )
    keys = list(job.items.order_by("position").values_list("document", flat=True))
    fiche.candidate_document_id, fiche.jury_document_id = keys
    fiche.save(update_fields=["candidate_document", "jury_document"])
    note("ccf.fiche_sujet_issued", evaluation, by)
    return job


def _made(fiche: FicheSujet, cfa: Cfa) -> Job | None:
    """The job that makes, or made, both copies as they are: the button pressed twice asks once."""
    candidate, jury = fiche.candidate_document, fiche.jury_document
    if (
        candidate is None
        or jury is None
        or candidate.state
        in (
            DocumentState.FAILED,
            DocumentState.CANCELLED,
        )
    ):
        return None
    for document, with_jury in ((candidate, False), (jury, True)):
        if document.context != freeze(documents.fiche_context(fiche, with_jury=with_jury), cfa):
            return None
    return JobItem.objects.filter(document=jury).select_related("job").latest("pk").job
