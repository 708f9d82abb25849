"""The frozen contexts of the convocation and of the two sides of a fiche-sujet."""

from typing import Any

from django.utils import timezone

from accounts.french import date_format

from ..models import CcfEvaluation, CcfSitting, FicheSujet

CONVOCATION, FICHE_CANDIDATE, FICHE_JURY = "convocation_ccf", "fiche_sujet", "fiche_sujet_jury"


def head(evaluation: CcfEvaluation) -> dict[str, Any]:
    enrolment, epreuve = evaluation.enrolment, evaluation.epreuve
    programme = enrolment.cohort.programme
    person = enrolment.apprentice
    return {
        "diploma": f"{programme.referentiel.diploma} {programme.referentiel.title}",
        "session": programme.session,
        "epreuve": {"code": epreuve.code, "title": epreuve.title},
        "apprentice": {
            "name": f"{person.first_name} {person.usage_name or person.last_name}",
            "born_on": f"{person.born_on:%d/%m/%Y}",
            "sex": person.sex,
        },
        "cohort": enrolment.cohort.name,
    }


def convocation_context(sitting: CcfSitting) -> dict[str, Any]:
    """What a convocation says; nothing of what was seen or marked."""
    evaluation = sitting.situation.evaluation
    cfa = evaluation.enrolment.cohort.cfa
    start = timezone.localtime(sitting.starts_at)
    return {
        **head(evaluation),
        "situation": sitting.situation.code,
        "day": date_format(start, "l j F Y"),
        "hour": f"{start:%H:%M}",
        "minutes": sitting.minutes,
        "extra_minutes": sitting.extra_minutes,
        "room": sitting.room,
        "place": " ".join(part for part in (cfa.address, cfa.postcode, cfa.city) if part),
        "members": [
            {"name": one.name, "kind": one.get_kind_display()} for one in sitting.members.all()
        ],
    }


def fiche_context(fiche: FicheSujet, *, with_jury: bool) -> dict[str, Any]:
    """The fiche-sujet; the candidate's copy never holds the jury's side."""
    evaluation = fiche.evaluation
    sides = [{"title": "Fiche-sujet", "rows": list(fiche.candidate.items())}]
    if with_jury:
        sides.append({"title": "Côté jury", "rows": list(fiche.jury.items())})
    return {**head(evaluation), "sides": sides, "is_jury": with_jury}
