"""Whole columns of marks written at once: pasted, imported, filled; and the way back."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.history import line, record, record_all
from accounts.models import User

from ..models import Assessment, GradingPeriod, Mark
from ..pasting import CHANGED
from ..rules import Conflict
from ..undoing import PASTED, UNDONE, paste_undoable
from . import selectors
from .actions import open_assessment
from .rules import parse_cell, show_cell

Columns = Mapping[Assessment, Mapping[int, str]]  # enrolment -> text as typed


@transaction.atomic
def save_marks(
    *, columns: Columns, by: User, expected: Mapping[tuple[int, int], str] | None = None
) -> list[list]:
    """Write whole columns, all of them or nothing; what changed: [assessment, enrolment, before, after].

    `expected`, by (enrolment, assessment), is what the person saw: one that moved since is a Conflict. A few
    queries for each column, and one line of history per mark.
    """
    written: list[list] = []
    # Always in the same order: two grids written at once wait for each other instead of locking up.
    for assessment in sorted(columns, key=lambda one: one.pk):
        written += _save_column(assessment, columns[assessment], by, expected)
    return written


def _save_column(
    assessment: Assessment,
    marks: Mapping[int, str],
    by: User,
    expected: Mapping[tuple[int, int], str] | None,
) -> list[list]:
    assessment = open_assessment(assessment, by)
    cohort = assessment.period.cohort
    people = {one.pk: one for one in selectors.roster(cohort)}
    held = {one.enrolment_id: one for one in assessment.marks.select_for_update(of=("self",))}
    scale, now = selectors.scale_of(assessment), timezone.now()
    made: list[Mark] = []
    changed: list[Mark] = []
    emptied: list[int] = []
    written: list[list] = []
    for key, text in marks.items():
        if key not in people:
            raise DomainError("Un apprenti de ce tableau n'est plus dans la promotion.")
        cell, found = parse_cell(text, scale), held.get(key)
        old = show_cell(found.status, found.value) if found else ""
        new = show_cell(cell.status, cell.value) if cell else ""
        if expected is not None and expected.get((key, assessment.pk), "") != old:
            raise Conflict(CHANGED, field="mark", current=old)
        if old == new:
            continue
        written.append([assessment.pk, key, old, new])
        if cell is None:
            emptied.append(key)
            continue
        mark = found or Mark(assessment=assessment, enrolment=people[key])
        mark.status, mark.value, mark.marked_by, mark.marked_at = cell.status, cell.value, by, now
        (changed if found else made).append(mark)
    Mark.objects.bulk_create(made)
    Mark.objects.bulk_update(changed, ["status", "value", "marked_by", "marked_at"])
    assessment.marks.filter(enrolment__in=emptied).delete()
    record_all(
        line(
            "mark.saved",
            assessment,
            cfa=cohort.cfa,
            actor=by,
            data={"enrolment": str(people[key].uuid), "old": old, "new": new},
        )
        for _, key, old, new in written
    )
    return written


@transaction.atomic
def paste_marks(
    *, period: GradingPeriod, columns: Columns, by: User, expected: Mapping[tuple[int, int], str]
) -> int:
    """Write what was pasted or imported at once, so that it can be undone at once; how many changed."""
    written = save_marks(columns=columns, by=by, expected=expected)
    if written:
        record(PASTED, period, cfa=period.cohort.cfa, actor=by, data={"cells": written})
    return len(written)


@transaction.atomic
def undo_paste(*, period: GradingPeriod, by: User) -> tuple[int, int]:
    """Put back what the person's last paste replaced: (cells put back, cells changed since, left alone)."""
    event = paste_undoable(period, by)
    assessments = {one.pk: one for one in period.assessments.all()}
    held = {
        (mark.enrolment_id, mark.assessment_id): show_cell(mark.status, mark.value)
        for mark in Mark.objects.filter(assessment__in=assessments)
    }
    columns: dict[Assessment, dict[int, str]] = {}
    kept = 0
    for assessment, enrolment, old, new in event.data["cells"]:
        if assessment in assessments and held.get((enrolment, assessment), "") == new:
            columns.setdefault(assessments[assessment], {})[enrolment] = old
        else:
            kept += 1
    written = save_marks(columns=columns, by=by, expected=held)
    record(UNDONE, period, cfa=period.cohort.cfa, actor=by, data={"paste": event.pk})
    return len(written), kept


@transaction.atomic
def fill_empty(*, assessment: Assessment, text: str, by: User) -> int:
    """The same mark for everybody who has none yet; the marks already given stay."""
    assessment = open_assessment(assessment, by)
    if parse_cell(text, selectors.scale_of(assessment)) is None:
        raise DomainError("Écrivez la note à donner à tous.", field="text")
    have = set(assessment.marks.values_list("enrolment", flat=True))
    people = selectors.roster(assessment.period.cohort, assessment.period)
    column = {one.pk: text for one in people if one.pk not in have}
    return paste_marks(period=assessment.period, columns={assessment: column}, by=by, expected={})
