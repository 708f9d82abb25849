"""Asking for bulletins and livrets scolaires as PDF, and what the team adds to a livret."""

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of
from apprentices.models import Cohort, Enrolment
from documents.actions import DocumentRequest, request_documents
from documents.enums import DocumentState
from documents.freezing import freeze
from documents.models import Document, Job, JobItem

from ..models import LivretScolaire, PastSession, Report
from .grid import period_of
from .permissions import can_mark
from .reports import Bulletins, LivretsScolaires

BULLETIN, LIVRET = "bulletin", "livret_scolaire"
NOT_WRITER = "Seuls l'équipe du CFA et les formateurs remplissent le livret scolaire."
DEAD = (DocumentState.FAILED, DocumentState.CANCELLED)


def _staff_only(by: User, cfa: Cfa) -> None:
    if not is_staff_of(by, cfa):
        raise NotAllowed("Seule l'équipe du CFA émet ces documents et saisit ces résultats.")


def _chosen(cohort: Cohort, enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    chosen = list(
        Enrolment.objects.filter(
            pk__in=[one.pk for one in enrolments], cohort=cohort
        ).select_related("apprentice__user", "cohort__cfa", "cohort__programme__referentiel")
    )
    if not chosen:
        raise DomainError("Choisissez au moins un apprenti.")
    return chosen


@transaction.atomic
def issue_bulletins(
    *, cohort: Cohort, number: int, enrolments: Iterable[Enrolment], by: User
) -> Job:
    """Ask for the bulletins of one semester; each goes to its apprentice."""
    _staff_only(by, cohort.cfa)
    chosen = _chosen(cohort, enrolments)
    period = period_of(cohort, number)
    if period is None:
        raise DomainError(f"Aucune évaluation n'a été ouverte au semestre {number}.")
    if not period.is_locked:
        raise DomainError(
            f"Verrouillez d'abord le semestre {number} : un bulletin remis ne doit plus changer."
        )
    maker = Bulletins(cohort, number)
    requests = [
        DocumentRequest(
            kind=BULLETIN,
            title=f"Bulletin du semestre {number}",
            subject_label=str(one.apprentice),
            context=maker.context(one),
            source={"enrolment": str(one.uuid), "semester": number},
            file_name=one.apprentice.file_name(f"bulletin-s{number}"),
            readers=[one.apprentice.user] if one.apprentice.user else [],
        )
        for one in chosen
    ]
    return _ask(cohort, f"Bulletins du semestre {number}", requests, chosen, period, by)


@transaction.atomic
def issue_livrets_scolaires(*, cohort: Cohort, enrolments: Iterable[Enrolment], by: User) -> Job:
    """Ask for the livrets scolaires, for the jury: the apprentice signs it on paper, the CFA keeps it."""
    _staff_only(by, cohort.cfa)
    chosen = _chosen(cohort, enrolments)
    maker = LivretsScolaires(cohort)
    requests = [
        DocumentRequest(
            kind=LIVRET,
            title="Livret scolaire",
            subject_label=str(one.apprentice),
            context=maker.context(one),
            source={"enrolment": str(one.uuid)},
            file_name=one.apprentice.file_name("livret-scolaire"),
        )
        for one in chosen
    ]
    return _ask(cohort, "Livrets scolaires", requests, chosen, None, by)


def _ask(cohort: Cohort, label: str, requests, chosen, period, by: User) -> Job:
    """Ask for what changed since it was last issued, replacing it; nothing changed: the job that made it.

    So a button pressed twice makes one batch, and a corrected bulletin takes the place of the first.
    """
    latest: dict[int, Document] = {
        one.enrolment_id: one.document
        for one in Report.objects.filter(enrolment__in=chosen, period=period)
        .select_related("document")
        .order_by("pk")
    }
    wanted = []
    for person, request in zip(chosen, requests, strict=True):
        last = latest.get(person.pk)
        if last and last.state not in DEAD and last.context == freeze(request.context, cohort.cfa):
            continue
        old = last if last and last.state == DocumentState.ISSUED else None
        wanted.append((person, replace(request, replaces=old)))
    if not wanted:
        item = (
            JobItem.objects.filter(document=latest[chosen[0].pk]).select_related("job").latest("pk")
        )
        return item.job
    job = request_documents(
        cfa=cohort.cfa,
        label=f"{label} ({len(wanted)})",
        requests=[request for _, request in wanted],
        by=by,
    )
    documents = job.items.order_by("position").values_list("document", flat=True)
    Report.objects.bulk_create(
        Report(enrolment=person, period=period, document_id=pk)
        for (person, _), pk in zip(wanted, documents, strict=True)
    )
    return job


@transaction.atomic
def save_livret_scolaire(
    *, enrolment: Enrolment, opinion: str, text: str, by: User
) -> LivretScolaire:
    """Write the team's opinion and its words for the jury."""
    if not can_mark(by, enrolment.cohort):
        raise NotAllowed(NOT_WRITER)
    livret, _ = LivretScolaire.objects.select_for_update(of=("self",)).get_or_create(
        enrolment=enrolment
    )
    old = {"opinion": livret.opinion, "text": livret.text}
    livret.opinion, livret.text = opinion, text.strip()
    livret.save()
    data = {"old": old, "new": {"opinion": livret.opinion, "text": livret.text}}
    record("livret_scolaire.saved", livret, cfa=enrolment.cohort.cfa, actor=by, data=data)
    return livret


@transaction.atomic
def save_past_session(
    *, cfa: Cfa, session: int, presented: int, admitted: int, by: User
) -> PastSession:
    """Write the CFA's result at an earlier session."""
    _staff_only(by, cfa)
    if admitted > presented:
        raise DomainError("Les reçus sont parmi les présentés.", field="admitted")
    found, _ = PastSession.objects.update_or_create(
        cfa=cfa, session=session, defaults={"presented": presented, "admitted": admitted}
    )
    data = {"session": session, "presented": presented, "admitted": admitted}
    record("past_session.saved", cfa, cfa=cfa, actor=by, data=data)
    return found
