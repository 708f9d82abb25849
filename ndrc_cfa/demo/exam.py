"""The exam of the demo: the coming session prepared, the last one with its published results."""

import random
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from apprentices import actions as apprentices_actions
from apprentices.models import Cohort, Enrolment
from evaluations.enums import AssessmentKind
from evaluations.exam import actions
from evaluations.exam.actions import UnitPlan
from evaluations.marks import actions as marks_actions
from evaluations.marks import selectors as marks_selectors
from evaluations.samples import small_pdf
from programmes.models import Referentiel

from .story import at

BLANK = (
    ("E1", AssessmentKind.BLANK_WRITTEN),
    ("E2", AssessmentKind.BLANK_ORAL),
    ("E3", AssessmentKind.BLANK_WRITTEN),
    ("E5", AssessmentKind.BLANK_WRITTEN),
    ("E6", AssessmentKind.BLANK_ORAL),
)
CODES = ("U1", "U2", "U3", "U4", "U5", "U6")
# Invented people of the last cohort: first name, last name, marks U1 to U6, orals of the second chance.
ALUMNI: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("Maël", "Robineau", "11 12,5 9 13 10/13 12", {}),
    ("Inaya", "Colinet", "8 9,5 8,5 11 9/11 11", {"U1": "11", "U3": "10"}),
    ("Tom", "Lecomte", "7 8 6,5 10,5 8/9 9", {}),
    ("Sara", "Maurin", "12 13 10,5 14 12/14 AB", {}),
    ("Ilan", "Fresnel", "9,5 12 8 13 9/12 11", {}),
)


def prepare_exam(
    cohort: Cohort, enrolments: list[Enrolment], *, team: dict[str, User], today: date
) -> None:
    """Register the cohort of today, tell the session of those who came before."""
    _blank_exams(cohort, enrolments, team, today)
    _coming_session(cohort, enrolments, team)
    _last_session(cohort, team, today)


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
        marks_actions.save_marks(assessment=assessment, marks=marks, by=team["bruno"])


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


def _last_session(cohort: Cohort, team: dict[str, User], today: date) -> None:
    year = today.year if today.month >= 9 else today.year - 1
    programme = cohort.programme
    referentiel = Referentiel.objects.for_session(programme.referentiel.rncp, year).first()
    if referentiel is None or year == programme.session:
        return
    last = apprentices_actions.create_cohort(
        cfa=cohort.cfa,
        programme=programme,
        name=f"NDRC {year - 2}-{year}",
        starts_on=date(year - 2, 9, 1),
        ends_on=date(year, 8, 31),
        capacity=12,
        trainers=[team["bruno"]],
        by=team["elise"],
    )
    enrolments = []
    for first_name, last_name, _, _ in ALUMNI:
        apprentice = apprentices_actions.create_apprentice(
            cfa=cohort.cfa,
            first_name=first_name,
            last_name=last_name,
            born_on=date(year - 21, 5, 4),
            by=team["elise"],
        )
        enrolments.append(
            apprentices_actions.enrol_apprentice(
                cohort=last,
                apprentice=apprentice,
                tutor=team["bruno"],
                starts_on=last.starts_on,
                by=team["elise"],
            )
        )
    session = actions.open_exam_session(
        cfa=cohort.cfa, referentiel=referentiel, year=year, by=team["elise"]
    )
    made = actions.register_candidates(session=session, enrolments=enrolments, by=team["elise"])
    by_name = {one.enrolment.apprentice.last_name: one for one in made}
    for _, last_name, marks, _ in ALUMNI:
        for code, text in zip(CODES, marks.split(), strict=True):
            actions.save_exam_mark(
                registration=by_name[last_name],
                code=code,
                stage="proposed",
                text=text,
                by=team["elise"],
            )
    actions.adopt_marks(session=session, by=team["farid"])
    first_jury = date(year, 7, 2)
    actions.publish_results(
        session=session, deliberated_on=first_jury, by=team["farid"], at=at(first_jury, 18)
    )
    for _, last_name, _, orals in ALUMNI:
        for code, text in orals.items():
            actions.save_exam_mark(
                registration=by_name[last_name],
                code=code,
                stage="oral",
                text=text,
                by=team["elise"],
            )
    final_jury = first_jury + timedelta(days=8)
    actions.publish_final_results(
        session=session, deliberated_on=final_jury, by=team["farid"], at=at(final_jury, 18)
    )
