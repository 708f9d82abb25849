"""The admission of the demo: candidates at each stage, Aïcha's complete file, the settings of SIFA."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from apprentices import actions
from apprentices.models import Application, Cohort, Enrolment

# Last name, first name, how far the file is.
CANDIDATES = (
    ("Morel", "Lina", "ready"),
    ("Kaplan", "Samir", "interviewed"),
    ("Pereira", "Inês", "received"),
    ("Le Goff", "Yann", "waiting"),
)
AICHA = {
    "sex": "F",
    "birth_insee": "78498",
    "nationality": "1",
    "ine": "123456789AB",
    "address": "4 rue des Lilas",
    "postcode": "78700",
    "city": "Conflans-Sainte-Honorine",
    "phone": "0600000000",
    "situation_before": "1",
    "last_class": "01",
    "last_diploma": "43",
    "last_diploma_title": "Baccalauréat STMG",
    "highest_diploma": "43",
    "situation_n1": "2007",
    "school_n1": "078",
}
# Invented, with a right key.
AICHA_NIR = "2051178498123"


def tell(
    *, cohort: Cohort, enrolments: list[Enrolment], team: dict[str, User], today: date
) -> None:
    """Through the actions, as the staff would."""
    by = team["elise"]
    aicha = enrolments[0].apprentice
    actions.update_apprentice(apprentice=aicha, by=by, **AICHA)
    actions.record_nir(apprentice=aicha, number=AICHA_NIR, by=by)
    actions.set_sifa(cfa=cohort.cfa, cfa_type="10", site="", eple_uai="NC", nature="NC", by=by)
    for number, (last_name, first_name, stage) in enumerate(CANDIDATES):
        application = actions.create_candidate(
            cohort=cohort,
            received_on=today - timedelta(days=20 - 4 * number),
            first_name=first_name,
            last_name=last_name,
            born_on=date(today.year - 19, 3 + number, 12),
            email=f"candidat{number + 1}@exemple.fr",
            source="Parcoursup" if number % 2 else "Journée portes ouvertes",
            by=by,
        )
        _advance(application, stage, team, today)


def _advance(application: Application, stage: str, team: dict[str, User], today: date) -> None:
    by = team["elise"]
    if stage == "received":
        return
    actions.receive_pieces(
        application=application, received=["identite", "diplome", "cv"], on=today, by=by
    )
    actions.record_interview(
        application=application,
        interviewed_on=today - timedelta(days=2),
        interviewer=team["bruno"],
        interview_opinion="favorable",
        interview_notes="Projet de vente en magasin, mobile, motivée par l'alternance.",
        by=by,
    )
    if stage == "interviewed":
        return
    actions.record_positioning(
        application=application,
        taken_on=today - timedelta(days=2),
        assessor=team["ines"],
        score=Decimal("13.5"),
        maximum=Decimal(20),
        hours_removed=Decimal(0),
        findings="Français et bureautique acquis ; négociation et anglais à suivre en entier.",
        by=by,
    )
    if stage == "waiting":
        actions.decide(application=application, action="waitlist", by=by)
