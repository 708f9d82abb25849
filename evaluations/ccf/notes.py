"""The history of a CCF: one line per change, whole snapshots around a correction, open conflicts."""

from typing import Any

from django.utils import timezone

from accounts.history import record
from accounts.models import User

from .. import selectors
from ..models import CcfEvaluation, CcfSignature
from ..rules import Conflict, show_mark


def conflict(evaluation: CcfEvaluation, field: str, current: str) -> Conflict:
    change = selectors.last_change(evaluation, field)
    who = change.actor_label if change else "Une autre personne"
    when = f" à {timezone.localtime(change.recorded_at):%H:%M}" if change else ""
    shown = f"« {current[:80]} »" if current else "vide"
    return Conflict(
        f"{who} a modifié ce champ{when} ({shown}) pendant votre saisie. Gardez la vôtre ou "
        "prenez la sienne.",
        field=field,
        current=current,
        who=who,
    )


def note_change(verb: str, evaluation: CcfEvaluation, by: User, field: str, old, new) -> None:
    data = {"field": field, "old": str(old or ""), "new": str(new or "")}
    note(verb, evaluation, by, data=data)


def note(verb: str, evaluation: CcfEvaluation, by: User, **extra) -> None:
    record(verb, evaluation, cfa=evaluation.enrolment.cohort.cfa, actor=by, **extra)


def snapshot(evaluation: CcfEvaluation) -> dict[str, Any]:
    """All that the evaluation says, for the history."""
    return {
        "mark": show_mark(evaluation.mark),
        "locked_at": evaluation.locked_at.isoformat() if evaluation.locked_at else "",
        "locked_by": str(evaluation.locked_by or ""),
        "indicative_mark": show_mark(evaluation.indicative_mark),
        "signatures": [
            f"{one.name} ({one.situation.code}, {one.manner}, {one.signed_at.isoformat()})"
            for one in CcfSignature.objects.filter(situation__evaluation=evaluation).select_related(
                "situation"
            )
        ],
        "levels": {
            level.line.code: level.level for level in evaluation.levels.select_related("line")
        },
        "situations": {
            situation.code: {
                "held_on": situation.held_on.isoformat() if situation.held_on else "",
                "choice": situation.choice,
                "fiches": situation.fiches,
                "evaluators": situation.evaluators,
                "appreciation": situation.appreciation,
            }
            for situation in evaluation.situations.all()
        },
    }
