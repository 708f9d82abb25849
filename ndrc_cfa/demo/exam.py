"""The exam of the demo: blank exams, the coming session prepared."""

import random
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from apprentices.models import Cohort, Enrolment
from evaluations.enums import AssessmentKind
from evaluations.exam import actions
from evaluations.exam.actions import UnitPlan
from evaluations.marks import actions as marks_actions
from evaluations.marks import columns
from evaluations.marks import selectors as marks_selectors
from evaluations.samples import small_pdf

BLANK = (
    ("E1", AssessmentKind.BLANK_WRITTEN),
    ("E2", AssessmentKind.BLANK_ORAL),
    ("E3", AssessmentKind.BLANK_WRITTEN),
    ("E5", AssessmentKind.BLANK_WRITTEN),
    ("E6", AssessmentKind.BLANK_ORAL),
)


def prepare_exam(
    cohort: Cohort, enrolments: list[Enrolment], *, team: dict[str, User], today: date
) -> None:
    """Blank exams, and the cohort of today registered for its session."""
    _blank_exams(cohort, enrolments, team, today)
    _coming_session(cohort, enrolments, team)


def _blank_exams(
    cohort: Cohort, enrolments: list[Enrolment], team: dict[str, User], today: date
) -> None:
    """One blank exam per épreuve, so that the simulation of the class has something to say."""
    begun = [one for one in marks_selectors.semesters_of(cohort) if one.starts_on < today]
    if not begun:
        return
    rng = random.Random("blancs")
    level = {one.pk: rng.gauss(10.8, 1.8) for one in enrolments}
    subjects = list(cohort.programme.subjects.all())
    for code, kind in BLANK:
        epreuve = cohort.programme.referentiel.epreuves.select_related("unite").get(code=code)
        subject = next((s for s in subjects if s.unite_code == epreuve.unite.code), subjects[0])
        assessment = marks_actions.save_assessment(
            cohort=cohort,
            number=begun[-1].number,
            subject=subject,
            kind=kind,
            title=f"{code} blanche",
            held_on=max(begun[-1].starts_on, today - timedelta(days=4)),
            coefficient=Decimal(2),
            scale=Decimal(20),
            epreuve=epreuve,
            is_visible=True,
            by=team["bruno"],
        )
        marks = {
            one.pk: str(Decimal(round(min(20, max(0, rng.gauss(level[one.pk], 1.6))) * 2)) / 2)
            for one in enrolments
            if one.starts_on <= assessment.held_on
        }
        columns.save_marks(columns={assessment: marks}, by=team["bruno"])


def _coming_session(cohort: Cohort, enrolments: list[Enrolment], team: dict[str, User]) -> None:
    session = actions.open_exam_session(
        cfa=cohort.cfa,
        referentiel=cohort.programme.referentiel,
        year=cohort.programme.session,
        registration_closes_on=date(cohort.programme.session - 1, 11, 15),
        by=team["elise"],
    )
    made = actions.register_candidates(session=session, enrolments=enrolments, by=team["elise"])
    signed_on = date(session.year - 1, 11, 5)
    order = {one.pk: number for number, one in enumerate(enrolments)}
    for registration in sorted(made, key=lambda one: order[one.enrolment_id]):
        number = order[registration.enrolment_id]
        if number == 0:  # Aïcha takes two options
            actions.save_registration(
                registration=registration, plans={}, options=["UF1", "UF2"], by=team["elise"]
            )
        elif number == 1:
            file = SimpleUploadedFile("diplome.pdf", small_pdf("BTS MCO"))
            proof = actions.add_proof(
                registration=registration, title="BTS MCO, 2024", file=file, by=team["elise"]
            )
            plans = {code: UnitPlan("dispensed", proof=proof) for code in ("U1", "U2")}
            actions.save_registration(
                registration=registration, plans=plans, options=[], by=team["elise"]
            )
        elif number == 2:
            plans = {"U3": UnitPlan("kept", "12,5", session.year - 1)}
            actions.save_registration(
                registration=registration, plans=plans, options=["UF1"], by=team["elise"]
            )
        if number < len(made) - 3:
            actions.confirm_registration(
                registration=registration, confirmed_on=signed_on, by=team["elise"]
            )
