"""Many marks written at once, pasted or read in a spreadsheet; and the way back, until the jury's are public."""

from collections.abc import Iterable

from django.db import transaction

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from evaluations.models import ExamSession
from evaluations.undoing import PASTED, UNDONE, paste_undoable

from ..candidates import cell_text
from ..enums import Stage
from ..reglements import reglement_of
from .marks import Cell, ready, unit_of, write_cell
from .registering import check_team, locked_session


@transaction.atomic
def import_marks(*, session: ExamSession, stage: str, cells: Iterable[Cell], by: User) -> int:
    """Write many cells at once, or none if one is refused; returns how many changed."""
    check_team(by, session.cfa)
    reglement = reglement_of(session.referentiel, session.year)
    written = []
    for cell in sorted(cells, key=lambda one: one.registration.pk):
        if cell.registration.session_id != session.pk:
            raise NotAllowed("Ce candidat n'est pas de cette session.")
        registration, _ = ready(cell.registration, by, "", reglement)
        before = unit_of(registration, cell.code)
        old = cell_text(before, stage, reglement.unit(cell.code))
        new = write_cell(registration, reglement, cell, stage, by, cell.expected, "import")
        if new != old:
            written.append([registration.pk, cell.code, old, new])
    if written:
        data = {"stage": stage, "cells": written}
        record(PASTED, session, cfa=session.cfa, actor=by, data=data)
    return len(written)


@transaction.atomic
def undo_import(*, session: ExamSession, stage: str, by: User) -> tuple[int, int]:
    """Put back what the person's last paste at this stage replaced, before the results that it made are public.

    Returns (cells put back, cells changed since, left alone).
    """
    session = locked_session(session.pk)
    check_team(by, session.cfa)
    if not is_stage_open(session, stage):
        raise DomainError(
            "Les résultats sont publiés : corrigez une note à la fois, avec son motif."
        )
    event = paste_undoable(session, by, stage=stage)
    reglement = reglement_of(session.referentiel, session.year)
    registrations = session.registrations.active().in_bulk()
    count, kept = 0, 0
    # What empties a cell first: a place among the orals is free again before another is taken.
    for pk, code, old, new in sorted(event.data["cells"], key=lambda one: bool(one[2])):
        found = registrations.get(pk)
        unit = found and found.units.select_related("unite").filter(unite__code=code).first()
        if not unit or cell_text(unit, stage, reglement.unit(code)) != new:
            kept += 1
            continue
        registration, _ = ready(found, by, "", reglement)
        cell = Cell(registration, code, old)
        write_cell(registration, reglement, cell, stage, by, new, "collage annulé")
        count += 1
    data = {"stage": stage, "paste": event.pk}
    record(UNDONE, session, cfa=session.cfa, actor=by, data=data)
    return count, kept


def is_stage_open(session: ExamSession, stage: str) -> bool:
    """Whether the marks of this stage have not made a published result yet."""
    return not (session.is_final if stage == Stage.ORAL else session.is_published)
