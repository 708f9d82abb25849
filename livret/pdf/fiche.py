"""The frozen context of one fiche of E4 or E6."""

from typing import Any

from ..models import Fiche
from ..rules import coverage


def number_of(fiche: Fiche) -> int:
    """The place of the fiche among those of its épreuve, from 1."""
    codes = [need.code for need in coverage.NEEDS if need.epreuve == fiche.epreuve]
    return codes.index(fiche.need) + 1


def fiche_context(fiche: Fiche) -> dict[str, Any]:
    """What is printed, in the rubrics of the national model."""
    enrolment = fiche.livret.enrolment
    referentiel = enrolment.cohort.programme.referentiel
    need = next(n for n in coverage.NEEDS if (n.epreuve, n.code) == (fiche.epreuve, fiche.need))
    return {
        "epreuve": fiche.epreuve,
        "number": number_of(fiche),
        "need": need.label,
        "title": fiche.title,
        "person": {"name": str(enrolment.apprentice)},
        "cohort": enrolment.cohort.name,
        "diploma": f"{referentiel.diploma} {referentiel.acronym}",
        "session": enrolment.cohort.programme.session,
        "rubrics": [
            {"label": label, "text": fiche.rubrics.get(key, "")}
            for key, label, _help in coverage.RUBRICS[fiche.epreuve]
        ],
        "tasks": [
            f"{task.title} (période {task.period.number})"
            for task in fiche.tasks.select_related("period")
        ],
    }
