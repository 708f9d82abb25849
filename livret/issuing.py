"""Asking for attestations and livrets; `actions` gives these deeds their public names."""

from collections.abc import Callable, Iterable

from django.db import transaction

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from apprentices.models import Enrolment
from documents.actions import DocumentRequest, request_documents
from documents.models import Job

from .models import ApprenticeDocument
from .pdf import attestation_context, file_name, livret_context
from .permissions import can_issue_documents


def issue_attestations(*, enrolments: Iterable[Enrolment], by: User) -> Job:
    """Ask for one attestation de fin de formation per enrolment."""
    return _issue(
        "attestation", "Attestation de fin de formation", attestation_context, enrolments, by
    )


def issue_livrets(*, enrolments: Iterable[Enrolment], by: User) -> Job:
    """Ask for one livret d'apprentissage per enrolment whose livret is open."""
    return _issue("livret", "Livret d'apprentissage", livret_context, enrolments, by)


@transaction.atomic
def _issue(
    kind: str,
    title: str,
    context: Callable[[Enrolment], dict],
    enrolments: Iterable[Enrolment],
    by: User,
) -> Job:
    chosen = list(
        Enrolment.objects.filter(pk__in=[e.pk for e in enrolments]).select_related(
            "cohort__cfa", "cohort__programme__referentiel", "apprentice__user", "tutor", "livret"
        )
    )
    if not chosen:
        raise DomainError("Choisissez au moins un apprenti.")
    cfas = {e.cohort.cfa_id for e in chosen}
    if len(cfas) > 1 or not all(can_issue_documents(by, e) for e in chosen[:1]):
        raise NotAllowed("Seule l'équipe du CFA émet ces documents, pour ses propres apprentis.")
    if kind == "livret" and (closed := [e for e in chosen if not hasattr(e, "livret")]):
        raise DomainError(f"Ouvrez d'abord le livret de {closed[0].apprentice}.")
    requests = [
        DocumentRequest(
            kind=kind,
            title=title,
            subject_label=str(e.apprentice),
            context=context(e),
            file_name=file_name(e, kind),
            readers=[e.apprentice.user] if e.apprentice.user else [],
        )
        for e in chosen
    ]
    cfa = chosen[0].cohort.cfa
    job = request_documents(cfa=cfa, label=f"{title} ({len(chosen)})", requests=requests, by=by)
    documents = job.items.order_by("position").values_list("document", flat=True)
    ApprenticeDocument.objects.bulk_create(
        ApprenticeDocument(enrolment=e, document_id=pk)
        for e, pk in zip(chosen, documents, strict=True)
    )
    return job
