"""Asking for attestations, livrets and periods; sealing a livret at the end."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Enrolment
from documents.actions import DocumentRequest, request_document, request_documents
from documents.enums import ACTIVE_JOB_STATES, DocumentState
from documents.models import Document, Job, JobItem

from ..enums import ReviewState
from ..models import ApprenticeDocument, Livret, LivretPeriod, Review
from ..pdf import livret_context, period_context, review_context
from ..permissions import can_issue_documents, can_seal_livret, can_steer_livret


def issue_attestations(*, enrolments: Iterable[Enrolment], by: User) -> Job:
    """Ask for one attestation de fin de formation per enrolment."""
    return _issue("attestation", "Attestation de fin de formation", enrolments, by)


def issue_livrets(*, enrolments: Iterable[Enrolment], by: User) -> Job:
    """Ask for one livret d'apprentissage per enrolment whose livret is open."""
    return _issue("livret", "Livret d'apprentissage", enrolments, by)


@transaction.atomic
def _issue(kind: str, title: str, enrolments: Iterable[Enrolment], by: User) -> Job:
    chosen = list(
        Enrolment.objects.filter(pk__in=[e.pk for e in enrolments])
        .select_for_update(of=("self",))  # of two people who ask at once, one asks
        .select_related("cohort__cfa", "apprentice__user", "livret")
    )
    if not chosen:
        raise DomainError("Choisissez au moins un apprenti.")
    _must_issue(by, chosen)
    if kind == "livret" and (closed := [e for e in chosen if not hasattr(e, "livret")]):
        raise DomainError(f"Ouvrez d'abord le livret de {closed[0].apprentice}.")
    queued = _queued(kind, chosen)
    chosen = [e for e in chosen if e.pk not in queued]
    if not chosen:
        return max(queued.values(), key=lambda job: job.pk)
    requests = [
        DocumentRequest(
            kind=kind,
            title=title,
            subject_label=str(e.apprentice),
            source={"enrolment": str(e.uuid)},
            file_name=e.apprentice.file_name(kind),
            readers=_readers(e),
        )
        for e in chosen
    ]
    return _ask(f"{title} ({len(chosen)})", chosen, requests, by)


def _must_issue(by: User, enrolments: Sequence[Enrolment]) -> None:
    if len({e.cohort.cfa_id for e in enrolments}) > 1 or not can_issue_documents(by, enrolments[0]):
        raise NotAllowed("Seule l'équipe du CFA émet ces documents, pour ses propres apprentis.")


def _ask(
    label: str, enrolments: Sequence[Enrolment], requests: Sequence[DocumentRequest], by: User
) -> Job:
    """One job; each document stands in the file of its enrolment at once."""
    cfa = enrolments[0].cohort.cfa
    job = request_documents(cfa=cfa, label=label, requests=requests, by=by)
    documents = job.items.order_by("position").values_list("document", flat=True)
    ApprenticeDocument.objects.bulk_create(
        ApprenticeDocument(enrolment=e, document_id=pk)
        for e, pk in zip(enrolments, documents, strict=True)
    )
    return job


def _queued(kind: str, chosen: Iterable[Enrolment]) -> dict[int, Job]:
    """By enrolment, the job that is about to make this document: asking again would make a second one."""
    waiting = ApprenticeDocument.objects.filter(
        enrolment__in=chosen, document__kind=kind, document__state=DocumentState.QUEUED
    ).values_list("document", "enrolment")
    owner = dict(waiting)
    items = JobItem.objects.filter(document__in=owner, job__state__in=ACTIVE_JOB_STATES)
    return {owner[pk]: item.job for item in items.select_related("job") if (pk := item.document_id)}


@transaction.atomic
def issue_periods(*, periods: Iterable[LivretPeriod], by: User) -> Job:
    """Ask for one document per period: read by its people, printed to be signed by hand."""
    chosen = list(
        LivretPeriod.objects.filter(pk__in=[p.pk for p in periods]).select_related(
            "livret__enrolment__cohort__cfa", "livret__enrolment__apprentice__user"
        )
    )
    if not chosen:
        raise DomainError("Choisissez au moins une période.")
    enrolments = [period.livret.enrolment for period in chosen]
    _must_issue(by, enrolments)
    requests = [
        DocumentRequest(
            kind="livret_periode",
            title=f"Livret, période {period.number}",
            subject_label=str(enrolment.apprentice),
            source={"period": str(period.uuid)},
            file_name=enrolment.apprentice.file_name(f"livret-periode-{period.number}"),
            readers=_readers(enrolment),
        )
        for period, enrolment in zip(chosen, enrolments, strict=True)
    ]
    return _ask(f"Périodes du livret ({len(chosen)})", enrolments, requests, by)


@transaction.atomic
def print_period(*, period: LivretPeriod, by: User) -> Document:
    """One period as a document: to be signed by hand, or with the scan of what was."""
    livret = period.livret
    return _print(
        livret,
        by,
        kind="livret_periode",
        title=f"Livret, période {period.number}",
        context=period_context(period),
        name=f"livret_periode_{period.number}",
    )


@transaction.atomic
def print_review(*, review: Review, by: User) -> Document:
    """One visit or bilan as a document, in the same way."""
    title = str(review).split(" · ")[0]
    if review.state not in (ReviewState.SIGNING, ReviewState.CLOSED, ReviewState.REPLACED):
        raise DomainError("Ce texte n'est pas figé : mettez-le d'abord à la signature.")
    return _print(
        review.livret,
        by,
        kind="livret_bilan",
        title=f"Livret, {title.lower()}",
        context=review_context(review),
        name=f"livret_{review.kind}_{review.number}",
    )


def _print(livret: Livret, by: User, *, kind: str, title: str, context, name: str) -> Document:
    if not can_steer_livret(by, livret):
        raise NotAllowed("L'équipe du CFA ou le tuteur édite ce document.")
    enrolment = livret.enrolment
    document = request_document(
        kind=kind,
        cfa=enrolment.cohort.cfa,
        title=title,
        subject_label=str(enrolment.apprentice),
        context=context,
        file_name=enrolment.apprentice.file_name(name),
        by=by,
        readers=_readers(enrolment),
    )
    ApprenticeDocument.objects.create(enrolment=enrolment, document=document)
    return document


def _readers(enrolment: Enrolment) -> list[User]:
    user = enrolment.apprentice.user
    return [user] if user else []


@transaction.atomic
def seal_livret(*, livret: Livret, by: User, early_reason: str = "") -> Livret:
    """Freeze the livret at the end of the course: a last sealed PDF, then nothing is written any more."""
    livret = (
        Livret.objects.select_for_update(of=("self",))
        .select_related(
            "enrolment__cohort__cfa",
            "enrolment__cohort__programme__referentiel",
            "enrolment__apprentice__user",
            "enrolment__tutor",
        )
        .get(pk=livret.pk)
    )
    enrolment = livret.enrolment
    if not can_seal_livret(by, livret):
        raise NotAllowed("Seule l'équipe du CFA scelle un livret.")
    if livret.sealed_at:
        raise DomainError("Ce livret est déjà scellé.")
    end, today = enrolment.ends_on or enrolment.cohort.ends_on, timezone.localdate()
    if today < end and not early_reason.strip():
        raise DomainError(
            f"La formation se termine le {end:%d/%m/%Y} : écrivez pourquoi le livret est scellé avant.",
            field="reason",
        )
    document = request_document(
        kind="livret",
        cfa=enrolment.cohort.cfa,
        title="Livret d'apprentissage scellé",
        subject_label=str(enrolment.apprentice),
        context=livret_context(enrolment),
        file_name=enrolment.apprentice.file_name("livret-scelle"),
        by=by,
        readers=_readers(enrolment),
    )
    ApprenticeDocument.objects.create(enrolment=enrolment, document=document)
    livret.sealed_at, livret.sealed_by, livret.sealed_document = timezone.now(), by, document
    livret.save(update_fields=("sealed_at", "sealed_by", "sealed_document"))
    record(
        "livret_sealed",
        livret,
        cfa=enrolment.cohort.cfa,
        actor=by,
        reason=early_reason.strip(),
        data={"document": str(document.uuid)},
    )
    return livret
