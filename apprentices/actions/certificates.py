"""Asking for the certificate of enrolment, the card, the calendar; the worker makes the PDF."""

from collections.abc import Iterable

from django.db import transaction

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from documents.actions import DocumentRequest, request_documents
from documents.models import Job

from ..certificates import CONTEXTS, card_problem
from ..enums import CertificateKind
from ..models import Enrolment, EnrolmentDocument
from ..permissions import must_run_cfa


@transaction.atomic
def issue_certificates(*, kind: str, enrolments: Iterable[Enrolment], by: User) -> Job:
    """One document of this kind per enrolment; the card only under a signed contract."""
    if kind not in CertificateKind.values:
        raise DomainError("Choisissez la nature du document.", field="kind")
    chosen = list(
        Enrolment.objects.filter(pk__in=[e.pk for e in enrolments]).select_related(
            "cohort__cfa", "cohort__programme__referentiel", "apprentice__user"
        )
    )
    if not chosen:
        raise DomainError("Choisissez au moins un apprenti.")
    cfa = chosen[0].cohort.cfa
    must_run_cfa(by, cfa)
    if any(e.cohort.cfa_id != cfa.pk for e in chosen):
        raise NotAllowed("Ces apprentis ne sont pas tous de ce CFA.")
    what = CertificateKind(kind)
    if what == CertificateKind.CARD:
        refused = [f"{e.apprentice} {problem}" for e in chosen if (problem := card_problem(e))]
        if refused:
            raise DomainError(
                f"La carte se délivre à l'alternant sous contrat : {', '.join(refused)} "
                "(art. L6222-36-1 et L6325-6-2)."
            )
    try:
        requests = [
            DocumentRequest(
                kind=what.value,
                title=what.label,
                subject_label=str(e.apprentice),
                context=CONTEXTS[what](e),
                source={"enrolment": str(e.uuid)},
                file_name=e.apprentice.file_name(what.value),
                readers=[e.apprentice.user] if e.apprentice.user else [],
            )
            for e in chosen
        ]
    except ValueError as error:
        raise DomainError(f"{error} Corrigez le rythme de la promotion.") from error
    label = f"{what.label} ({len(chosen)})"
    job = request_documents(cfa=cfa, label=label, requests=requests, by=by)
    documents = job.items.order_by("position").values_list("document", flat=True)
    EnrolmentDocument.objects.bulk_create(
        EnrolmentDocument(enrolment=e, document_id=pk)
        for e, pk in zip(chosen, documents, strict=True)
    )
    return job
