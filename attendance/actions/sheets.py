"""The beginning of a sheet and its PDF; marking.py and closing.py hold what is between."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import line, record, record_all
from accounts.models import Cfa, User
from accounts.permissions import is_staff_of
from apprentices.models import Enrolment
from documents.actions import DocumentRequest, request_document, request_documents
from documents.enums import DocumentState
from documents.models import Document, Job

from ..calendars import shut_by
from ..enums import ExceptionKind, ProofKind, SessionState, SheetState
from ..models import AttendanceSheet, ClassSession, Presence
from ..pdf import OF_PDF, SHEET_KIND, sheet_context, sheet_file_name
from ..permissions import can_open_sheet, can_run_sheet
from ..proofs import append
from ..rules import windows
from ..selectors import local, window_of
from .absences import ANNOUNCED, announced_for
from .marking import CLOSED, kind_of_mark, mark_absent


def open_sheet(
    *, session: ClassSession, by: User, at: datetime | None = None, on_paper: bool = False
) -> AttendanceSheet:
    """Open the sheet of a half-day, with everyone enrolled that day.

    Done again on an open sheet, it adds who was enrolled since and changes nothing else. On a later day
    it opens only to transcribe a sheet signed on paper (`on_paper`, actions/paper.py).
    """
    at = at or timezone.now()
    with transaction.atomic():
        session = (
            ClassSession.objects.select_for_update(of=("self",))
            .select_related("cohort__cfa", "subject", "trainer")
            .get(pk=session.pk)
        )
        cfa = session.cohort.cfa
        if not can_open_sheet(by, session):
            raise NotAllowed("Seul le formateur de la demi-journée en ouvre l'émargement.")
        if session.state == SessionState.CANCELLED:
            raise DomainError("Cette demi-journée est annulée : elle ne s'émarge pas.")
        sheet = (
            AttendanceSheet.objects.select_for_update(of=("self",)).filter(session=session).first()
        )
        if sheet and sheet.state == SheetState.CLOSED:
            raise DomainError(CLOSED)
        window, now = window_of(session), local(at)
        if on_paper and now.date() > session.date and not window.holiday:
            refusal = ""
        else:
            refusal = windows.opening_refusal(window, now)
        if refusal:
            raise DomainError(refusal)
        closure = shut_by(session.cohort, session.date, session.half)
        if sheet is None and closure and closure.kind == ExceptionKind.CLOSURE:
            raise DomainError(
                f"Le CFA est fermé le {session.date:%d/%m/%Y} ({closure.name}) : il n'y a pas d'émargement "
                "ce jour-là. Déplacez d'abord la demi-journée."
            )
        enrolments = list(
            Enrolment.objects.filter(cohort=session.cohort)
            .active_on(session.date)
            .exclude(presences__sheet__session=session)
        )
        if sheet is None:
            if not enrolments:
                raise DomainError(
                    f"Aucun apprenti n'est inscrit dans {session.cohort} le {session.date:%d/%m/%Y} : "
                    "inscrivez-les avant d'ouvrir l'émargement."
                )
            sheet = AttendanceSheet.objects.create(session=session, opened_at=at, opened_by=by)
            verb = "open_sheet"
        else:
            sheet.session = session
            verb = "complete_sheet"
        if enrolments:
            Presence.objects.bulk_create(
                Presence(sheet=sheet, enrolment=enrolment) for enrolment in enrolments
            )
            data = {"expected": len(enrolments)}
            record(verb, sheet, cfa=cfa, actor=by, happened_at=at, data=data)
            kind = ProofKind.OPEN if verb == "open_sheet" else kind_of_mark(sheet)
            names = sorted(str(enrolment.uuid) for enrolment in enrolments)
            append(
                kind,
                sheet,
                by=by,
                at=at,
                data=data | {"deed": verb, "enrolments": names, "on_paper": on_paper},
            )
            announced = announced_for(sheet, enrolments)
            for presence in sheet.presences.filter(enrolment__in=announced):
                mark_absent(presence=presence, by=by, excused=True, reason=ANNOUNCED)
        return sheet


def request_sheet_pdf(*, sheet: AttendanceSheet, by: User) -> Document:
    """Ask for the PDF of a closed sheet; asked for twice, it is the same document."""
    with transaction.atomic():
        sheet = _to_print().get(pk=sheet.pk)
        if not can_run_sheet(by, sheet):
            raise NotAllowed(
                "Seuls le formateur de la demi-journée et l'équipe du CFA demandent le PDF de la feuille."
            )
        if sheet.state != SheetState.CLOSED:
            raise DomainError(
                "La feuille n'est pas encore contresignée : le PDF se demande après la clôture."
            )
        if sheet.document:
            return sheet.document
        wanted = _pdf_request(sheet)
        sheet.document = request_document(
            kind=wanted.kind,
            cfa=sheet.session.cohort.cfa,
            title=wanted.title,
            subject_label=wanted.subject_label,
            context=wanted.context,
            file_name=wanted.file_name,
            by=by,
            readers=wanted.readers,
            replaces=wanted.replaces,
        )
        sheet.save(update_fields=("document",))
        record("request_sheet_pdf", sheet, cfa=sheet.session.cohort.cfa, actor=by)
        return sheet.document


def request_sheet_pdfs(
    *, cfa: Cfa, sheets: Iterable[AttendanceSheet], label: str, by: User
) -> Job | None:
    """The PDFs that closed sheets still lack, in one job; None when none lacks."""
    with transaction.atomic():
        lacking = list(
            _to_print()
            .filter(pk__in=[sheet.pk for sheet in sheets], state=SheetState.CLOSED, document=None)
            .order_by("session__date", "session__starts_at", "pk")
        )
        if not is_staff_of(by, cfa) or any(s.session.cohort.cfa_id != cfa.pk for s in lacking):
            raise NotAllowed("Seule l'équipe du CFA demande les PDF de toutes ces feuilles.")
        if not lacking:
            return None
        job = request_documents(
            cfa=cfa, label=label, requests=[_pdf_request(sheet) for sheet in lacking], by=by
        )
        items = job.items.order_by("position").select_related("document")
        for sheet, item in zip(lacking, items, strict=True):
            sheet.document = item.document
        AttendanceSheet.objects.bulk_update(lacking, ("document",))
        record_all(line("request_sheet_pdf", sheet, cfa=cfa, actor=by) for sheet in lacking)
        return job


def _to_print() -> QuerySet[AttendanceSheet]:
    """Sheets, locked, with all that their PDF shows: the same number of queries for one or a lot."""
    return (
        AttendanceSheet.objects.select_for_update(of=("self",))
        .select_related(
            "session__cohort__cfa",
            "session__cohort__programme__referentiel",
            "session__subject",
            "session__trainer",
            "session__room",
            "opened_by",
            "trainer_signature",
            "document",
        )
        .prefetch_related(*OF_PDF)
    )


def _pdf_request(sheet: AttendanceSheet) -> DocumentRequest:
    session = sheet.session
    issued = [
        version.document
        for version in sheet.versions.all()
        if version.document and version.document.state == DocumentState.ISSUED
    ]
    return DocumentRequest(
        kind=SHEET_KIND,
        title=f"Feuille d'émargement du {session.date:%d/%m/%Y}, {session.get_half_display().lower()}",
        subject_label=str(session.cohort),
        context=sheet_context(sheet),
        file_name=sheet_file_name(sheet.session, SHEET_KIND),
        readers=(session.trainer,),
        replaces=issued[-1] if issued else None,
    )
