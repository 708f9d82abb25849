"""The paper door: a sheet to print, signed by hand, scanned and transcribed, always said to be paper."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_valid_filename

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from documents.actions import request_document
from documents.models import Document
from documents.storing import all_or_nothing, store
from documents.uploads import Readable, Upload, check_photo

from ..doors import doors_of
from ..enums import SheetState, SignatureKind, SignatureMethod
from ..models import AttendanceSheet, ClassSession, PaperScan, Presence, Signature
from ..pdf import PAPER_KIND, paper_context, sheet_file_name
from ..permissions import can_open_sheet, can_run_sheet
from ..selectors import window_of
from .marking import CLOSED, mark_absent, note_times, one_line
from .sheets import open_sheet
from .signing import attach_signatures, check_may_be_signed, locked_sheet, signed_elsewhere

NO_PAPER = "Ce CFA n'utilise pas la feuille papier."


class LinesRefused(DomainError):
    """All that is wrong on the paper, each beside its field: `<field>_<presence>`."""

    def __init__(self, refusals: Sequence[tuple[str, str]]):
        super().__init__(" ".join(message for _, message in refusals))
        self._refusals = tuple(refusals)

    @property
    def refusals(self) -> tuple[tuple[str, str], ...]:
        return self._refusals


@dataclass(frozen=True)
class Line:
    """What the paper says of one apprentice: "signed", "absent" or "excused" (with a reason)."""

    presence: Presence
    mark: str
    reason: str = ""
    arrived_at: time | None = None
    left_at: time | None = None


def request_paper(*, session: ClassSession, by: User) -> Document:
    """The sheet to print: the names of the day, boxes to sign in, a QR code to transcribe it."""
    with transaction.atomic():
        session = ClassSession.objects.select_related(
            "cohort__cfa", "cohort__programme__referentiel", "subject", "trainer"
        ).get(pk=session.pk)
        if not can_open_sheet(by, session):
            raise NotAllowed("Seuls le formateur et l'équipe du CFA préparent la feuille papier.")
        if not doors_of(session.cohort.cfa).paper:
            raise DomainError(NO_PAPER)
        context = paper_context(session)
        if not context["names"]:
            raise DomainError(
                f"Aucun apprenti n'est inscrit dans {session.cohort} le {session.date:%d/%m/%Y}."
            )
        document = request_document(
            kind=PAPER_KIND,
            cfa=session.cohort.cfa,
            title=f"Feuille papier du {session.date:%d/%m/%Y}, {session.get_half_display().lower()}",
            subject_label=str(session.cohort),
            context=context,
            file_name=sheet_file_name(session, PAPER_KIND),
            by=by,
            readers=(session.trainer,),
        )
        record("request_paper", session, cfa=session.cohort.cfa, actor=by)
        return document


def attach_scan(
    *, sheet: AttendanceSheet, by: User, file: Readable, size: int, file_name: str
) -> PaperScan:
    """Keep the scan of a sheet signed on paper, checked by its content; a photo upright and smaller."""
    upload = check_photo(file, size, field="scan")
    return keep_scan(sheet=sheet, by=by, upload=upload, file_name=file_name)


def keep_scan(*, sheet: AttendanceSheet, by: User, upload: Upload, file_name: str) -> PaperScan:
    """Join a checked file to the sheet; the same one again is the one that is there."""
    with all_or_nothing():
        sheet = locked_sheet(sheet)
        cfa = sheet.session.cohort.cfa
        if not can_run_sheet(by, sheet):
            raise NotAllowed("Seuls le formateur et l'équipe du CFA joignent la feuille papier.")
        if not doors_of(cfa).paper:
            raise DomainError(NO_PAPER)
        if sheet.state == SheetState.CLOSED:
            raise DomainError(CLOSED)
        if known := sheet.scans.filter(sha256=upload.sha256).first():
            return known
        scan = PaperScan(
            sheet=sheet,
            file_name=get_valid_filename(file_name or "feuille")[:200],
            content_type=upload.content_type,
            size=upload.size,
            sha256=upload.sha256,
            uploaded_by=by,
        )
        if same := _stored_before(sheet, upload):
            scan.file.name = same.file.name
        else:
            store(scan.file, f"{scan.uuid}{upload.extension}", upload.data)
        scan.save()
        data_kept = {
            "sha256": scan.sha256,
            "size": scan.size,
            "type": scan.content_type,
            "received_sha256": upload.original_sha256,
        }
        record("attach_scan", sheet, cfa=cfa, actor=by, data=data_kept)
        return scan


def _stored_before(sheet: AttendanceSheet, upload: Upload) -> PaperScan | None:
    """The same file joined to another half-day of the group: a scan of a whole month is stored once."""
    cohort = sheet.session.cohort_id
    return PaperScan.objects.filter(sha256=upload.sha256, sheet__session__cohort=cohort).first()


def transcribe_paper(
    *, scan: PaperScan, lines: Sequence[Line], by: User, at: datetime | None = None
) -> int:
    """Write down what the paper says; who signed on it is present, marked "Feuille papier".

    All the lines or none; how many there were. Lines already signed by another door are refused by name.
    """
    at = at or timezone.now()
    with transaction.atomic():
        sheet = locked_sheet(scan.sheet)
        if not can_run_sheet(by, sheet):
            raise NotAllowed(
                "Seuls le formateur et l'équipe du CFA transcrivent la feuille papier."
            )
        if sheet.state == SheetState.CLOSED:
            raise DomainError(CLOSED)
        if not any(line.mark for line in lines):
            raise DomainError("Recopiez au moins une ligne de la feuille papier.")
        written = [line for line in lines if line.mark]
        refusals = _write_lines(sheet, scan, written, by, at)
        if refusals:
            raise LinesRefused(refusals)
        cfa = sheet.session.cohort.cfa
        data = {"scan": str(scan.uuid), "count": len(written)}
        record("transcribe_paper", sheet, cfa=cfa, actor=by, happened_at=at, data=data)
        return len(written)


def _write_lines(
    sheet: AttendanceSheet, scan: PaperScan, lines: Sequence[Line], by: User, at: datetime
) -> list[tuple[str, str]]:
    """Write each line, the signatures of all at once; the refusals, which undo the whole."""
    there = sheet.presences.select_related("enrolment__apprentice__user").in_bulk()
    elsewhere = signed_elsewhere(sheet.session)
    refusals: list[tuple[str, str]] = []
    signed: list[tuple[Presence, Signature]] = []

    def attempt(line: Line, deed: Callable[[], object]) -> None:
        try:
            deed()
        except DomainError as error:
            field = f"{error.field or 'mark'}_{line.presence.uuid.hex}"
            refusals.append((field, error.message))

    def read(line: Line) -> None:
        presence = there.get(line.presence.pk)
        if presence is None:
            raise DomainError("Cette personne n'est pas sur cette feuille.")
        presence.sheet = sheet
        if line.mark == "signed":
            check_may_be_signed(presence, elsewhere)
            signed.append((presence, _paper_signature(presence, scan, at)))
        elif line.mark in ("absent", "excused"):
            excused = line.mark == "excused"
            mark_absent(presence=presence, by=by, reason=one_line(line.reason), excused=excused)
        else:
            raise DomainError(
                "Choisissez ce que dit la feuille : signé, absent ou absence justifiée."
            )

    for line in lines:
        attempt(line, partial(read, line))
    attach_signatures(sheet, signed, by=by)
    here = {presence.pk: presence for presence, _ in signed}
    for line in lines:
        if (line.arrived_at or line.left_at) and (presence := here.get(line.presence.pk)):
            times = {"arrived_at": line.arrived_at, "left_at": line.left_at}
            attempt(line, partial(note_times, presence=presence, by=by, **times))
    return refusals


def _paper_signature(presence: Presence, scan: PaperScan, at: datetime) -> Signature:
    apprentice = presence.enrolment.apprentice
    return Signature(
        signer=apprentice.user,
        signer_label=str(apprentice),
        kind=SignatureKind.PAPER,
        method=SignatureMethod.PAPER,
        signed_at=_moment_of_paper(presence, at),
        received_at=at,
        sha256=hashlib.sha256(f"{scan.sha256}\n{presence.uuid}".encode()).hexdigest(),
        scan=scan,
    )


def _moment_of_paper(presence: Presence, at: datetime) -> datetime:
    """Paper says the half-day, not the minute: its start, or now if it has only begun."""
    window = window_of(presence.sheet.session)
    start = timezone.make_aware(datetime.combine(window.date, window.starts_at))
    return min(start, at)


def open_for_paper(
    *, session: ClassSession, by: User, at: datetime | None = None
) -> AttendanceSheet:
    """The sheet on which a paper is transcribed; on a later day it opens for paper only."""
    at = at or timezone.now()
    if not doors_of(session.cohort.cfa).paper:
        raise DomainError(NO_PAPER)
    return open_sheet(session=session, by=by, at=at, on_paper=True)
