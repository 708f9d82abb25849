"""The grid of marks as its page shows it, and the fields that it sends back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from apprentices.models import Cohort, Enrolment
from programmes.models import Subject

from .. import headings
from ..models import Appreciation, Assessment, GradingPeriod, Mark
from .rules import Spread, Weighted, average, show, show_cell, spread
from .selectors import roster, semester_on, semesters_of

SHOWN = 20  # columns at once; the page says how to see the others


@dataclass(frozen=True)
class Column:
    assessment: Assessment
    number: int
    klass: Spread

    @property
    def foot(self) -> list[tuple[str, str, str]]:
        """(word, name of the figure, figure) of the class, on 20."""
        rows = (
            ("moy.", "mean", self.klass.mean),
            ("min.", "low", self.klass.low),
            ("max.", "high", self.klass.high),
        )
        return [(word, f"col-{self.assessment.pk}-{key}", show(value)) for word, key, value in rows]


@dataclass(frozen=True)
class GridCell:
    name: str
    text: str
    label: str


@dataclass
class Row:
    enrolment: Enrolment
    cells: list[GridCell]
    average: str


@dataclass
class Grid:
    columns: list[Column]
    rows: list[Row]
    hidden: int = 0

    @property
    def size(self) -> str:
        return f"{len(self.rows)} × {len(self.columns)}"


def cell_name(assessment_id: int, enrolment_id: int) -> str:
    return f"m-{assessment_id}-{enrolment_id}"


def build_grid(cohort: Cohort, number: int, subject: Subject | None) -> Grid:
    """The whole grid in three queries: assessments, apprentices, marks."""
    period = next(one for one in semesters_of(cohort) if one.number == number)
    assessments = Assessment.objects.filter(period__cohort=cohort, period__number=number)
    if subject:
        assessments = assessments.filter(subject=subject)
    found = list(assessments.select_related("subject", "epreuve", "period"))
    shown = found[-SHOWN:]
    people = roster(cohort, period)
    marks = {
        (mark.assessment_id, mark.enrolment_id): mark
        for mark in Mark.objects.filter(assessment__in=shown)
    }
    columns = [_column(one, n, marks, people) for n, one in enumerate(shown)]
    rows = [_row(person, shown, marks) for person in people]
    return Grid(columns, rows, hidden=len(found) - len(shown))


def _weighted(assessment: Assessment, mark: Mark | None) -> Weighted | None:
    if mark is None or mark.value is None:
        return None
    return Weighted(mark.value, assessment.scale, assessment.coefficient)


def _column(assessment: Assessment, number: int, marks, people) -> Column:
    values = (_weighted(assessment, marks.get((assessment.pk, one.pk))) for one in people)
    return Column(assessment, number, spread(one.on_20 for one in values if one))


def _row(enrolment: Enrolment, assessments: list[Assessment], marks) -> Row:
    cells, known = [], []
    for one in assessments:
        mark = marks.get((one.pk, enrolment.pk))
        text = show_cell(mark.status, mark.value) if mark else ""
        label = f"{enrolment.apprentice}, {one.title}, sur {show(one.scale)}"
        cells.append(GridCell(cell_name(one.pk, enrolment.pk), text, label))
        if weighted := _weighted(one, mark):
            known.append(weighted)
    return Row(enrolment, cells, show(average(known)))


def export_rows(found: Grid) -> tuple[list[str], list[list]]:
    """The grid as a table: names apart, marks as numbers, A, D and N as letters."""
    header = ["Nom", "Prénom"]
    header += [
        f"{one.assessment.subject.short_title} · {one.assessment.title} (sur {show(one.assessment.scale)})"
        for one in found.columns
    ]
    rows: list[list] = []
    for row in found.rows:
        person = row.enrolment.apprentice
        texts = [cell.text for cell in row.cells]
        rows.append(
            [person.usage_name or person.last_name, person.first_name]
            + [Decimal(one.replace(",", ".")) if one[:1].isdigit() else one for one in texts]
        )
    return header, rows


def columns_of(found: Grid) -> list[headings.Column]:
    """The columns as a spreadsheet may name them; the export writes the subject and the scale."""
    columns = []
    for one in found.columns:
        title, scale = one.assessment.title, f"(sur {show(one.assessment.scale)})"
        whole = f"{one.assessment.subject.short_title} · {title}"
        titles = (title, whole, f"{title} {scale}", f"{whole} {scale}")
        columns.append(headings.Column(str(one.assessment.pk), titles))
    return columns


def held_in(found: Grid) -> dict[tuple[str, str], str]:
    """(enrolment, assessment) -> the mark that the grid shows."""
    return {
        (str(row.enrolment.pk), str(column.assessment.pk)): cell.text
        for row in found.rows
        for column, cell in zip(found.columns, row.cells, strict=True)
    }


def paste_url(cohort: Cohort, number: int, subject: Subject | None) -> str:
    """Where a block is sent: the address says which grid it was copied for."""
    page = reverse("evaluations:marks_paste", args=[cohort.uuid])
    return f"{page}?semestre={number}" + (f"&matiere={subject.uuid}" if subject else "")


def figures_after(assessment: Assessment, enrolment: Enrolment) -> dict[str, str]:
    """What the grid shows around a cell just saved: the person's average, the class's on the column."""
    marks = Mark.objects.filter(value__isnull=False).select_related("assessment")
    own = marks.filter(
        enrolment=enrolment,
        assessment__subject=assessment.subject_id,
        assessment__period=assessment.period_id,
    )
    column = spread(
        Weighted(value, assessment.scale, assessment.coefficient).on_20
        for value in marks.filter(assessment=assessment).values_list("value", flat=True)
        if value is not None
    )
    weighted = [_weighted(one.assessment, one) for one in own]
    figures = {f"row-{enrolment.pk}": show(average(one for one in weighted if one)) or "–"}
    for word, value in (("mean", column.mean), ("low", column.low), ("high", column.high)):
        figures[f"col-{assessment.pk}-{word}"] = show(value) or "–"
    return figures


# --- appreciations -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Remark:
    """The words about one apprentice, beside the figures."""

    enrolment: Enrolment
    name: str
    text: str
    average: str


def build_remarks(
    cohort: Cohort, number: int, subject: Subject | None, figures: Mapping[int, str]
) -> list[Remark]:
    period = next(one for one in semesters_of(cohort) if one.number == number)
    words = dict(
        Appreciation.objects.filter(
            period__cohort=cohort, period__number=number, subject=subject
        ).values_list("enrolment", "text")
    )
    key = subject.pk if subject else 0
    return [
        Remark(
            one,
            f"a-{number}-{key}-{one.pk}",
            words.get(one.pk, ""),
            figures.get(one.pk, ""),
        )
        for one in roster(cohort, period)
    ]


def period_of(cohort: Cohort, number: int) -> GradingPeriod | None:
    return (
        GradingPeriod.objects.filter(cohort=cohort, number=number)
        .select_related("locked_by")
        .first()
    )


def wanted_number(text: str, cohort: Cohort, today: date) -> int:
    """The semester asked for, else the one that runs."""
    return int(text) if text in ("1", "2", "3", "4") else semester_on(cohort, today)
