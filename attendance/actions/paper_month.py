"""Many paper half-days of a cohort at once, from the scan of the whole pile; each by its own deeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.models import User
from apprentices.models import Cohort
from documents.storing import all_or_nothing
from documents.uploads import Readable, check_photo

from ..models import AttendanceSheet, ClassSession, Presence
from ..permissions import can_plan_sessions
from ..rules.paper import Cell
from .paper import Line, LinesRefused, keep_scan, open_for_paper, transcribe_paper

# A grid of letters has no place for one reason each; the scan says it.
ON_PAPER = "Justifiée, dit la feuille papier"


@dataclass(frozen=True)
class Column:
    """What the paper of one half-day says of each enrolment (its key); the whole group or nothing."""

    session: ClassSession
    cells: Mapping[int, Cell]

    def field(self, enrolment: int | None = None) -> str:
        """The name of a cell, or of the whole column, in the form and in the refusals."""
        name = f"seance_{self.session.pk}"
        return f"{name}_{enrolment}" if enrolment else name


def transcribe_month(
    *,
    cohort: Cohort,
    file: Readable,
    size: int,
    file_name: str,
    columns: Sequence[Column],
    by: User,
    at: datetime | None = None,
) -> list[AttendanceSheet]:
    """Open each half-day for paper, join the scan to it, write its lines: all the half-days or none."""
    at = at or timezone.now()
    if not can_plan_sessions(by, cohort):
        raise NotAllowed("Seule l'équipe du CFA transcrit les feuilles de toute une période.")
    if not columns:
        raise DomainError("Remplissez au moins une demi-journée.")
    upload = check_photo(file, size, field="scan")
    with all_or_nothing():
        sheets: list[AttendanceSheet] = []
        refusals: list[tuple[str, str]] = []
        for column in columns:
            try:
                sheet = open_for_paper(session=column.session, by=by, at=at)
                scan = keep_scan(sheet=sheet, by=by, upload=upload, file_name=file_name)
                transcribe_paper(scan=scan, lines=_lines(sheet, column), by=by, at=at)
            except LinesRefused as refused:
                refusals += [
                    (column.field(_enrolment_of(sheet, field)), message)
                    for field, message in refused.refusals
                ]
            except DomainError as error:
                refusals.append((column.field(), error.message))
            else:
                sheets.append(sheet)
        if refusals:
            raise LinesRefused(refusals)
        return sheets


def _lines(sheet: AttendanceSheet, column: Column) -> list[Line]:
    presences = list(sheet.presences.select_related("enrolment__apprentice"))
    lacking = [p for p in presences if p.enrolment_id not in column.cells]
    if lacking:
        names = ", ".join(str(p.enrolment.apprentice) for p in lacking[:3])
        raise DomainError(
            f"Il manque {names}{'…' if len(lacking) > 3 else ''} : dites-le de tout le groupe, ou videz "
            "cette demi-journée."
        )
    return [_line(presence, column.cells[presence.enrolment_id]) for presence in presences]


def _line(presence: Presence, cell: Cell) -> Line:
    # An apology accepted beforehand is already on the sheet, with its own reason: it stands.
    if cell.mark != "signed" and presence.reason:
        return Line(presence, "excused", presence.reason)
    return Line(presence, cell.mark, ON_PAPER if cell.mark == "excused" else "", cell.arrived_at)


def _enrolment_of(sheet: AttendanceSheet, field: str) -> int:
    return sheet.presences.get(uuid=field.rpartition("_")[2]).enrolment_id
