"""Those who came before: a cohort with its own programme and contracts, and the results of its session."""

from datetime import date, timedelta

from accounts.models import User
from apprentices import actions as apprentices_actions
from apprentices.models import Cohort, Company, Enrolment
from evaluations.exam import actions
from programmes import actions as programmes_actions
from programmes.models import CfaProgramme, Referentiel

from .civil import civil_status
from .story import Story, at

CODES = ("U1", "U2", "U3", "U4", "U5", "U6")
# Invented people: first name, last name, marks U1 to U6, orals of the second chance.
ALUMNI: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("Maël", "Robineau", "11 12,5 9 13 10/13 12", {}),
    ("Inaya", "Colinet", "8 9,5 8,5 11 9/11 11", {"U1": "11", "U3": "10"}),
    ("Tom", "Lecomte", "7 8 6,5 10,5 8/9 9", {}),
    ("Sara", "Maurin", "12 13 10,5 14 12/14 AB", {}),
    ("Ilan", "Fresnel", "9,5 12 8 13 9/12 11", {}),
)
# First name, last name of who trained them, one in each company.
MAITRES = (
    ("Sylvie", "Baron"),
    ("Karim", "Vallet"),
    ("Odile", "Perrin"),
    ("Marc", "Tissot"),
    ("Hélène", "Roux"),
)


def tell_alumni(story: Story, programme: CfaProgramme, *, team: dict[str, User]) -> None:
    """Nothing where the last session is the coming one, or older than the référentiel."""
    year = story.today.year if story.today.month >= 9 else story.today.year - 1
    referentiel = Referentiel.objects.for_session(programme.referentiel.rncp, year).first()
    if referentiel is None or year == programme.session:
        return
    cohort = _cohort(programme, year, team)
    enrolments = _enrolled(story, cohort, team)
    apprentices_actions.follow_calendar(story.today)  # the night's deed: their contracts are over
    _publish_results(cohort, enrolments, referentiel, year, team)


def _cohort(programme: CfaProgramme, year: int, team: dict[str, User]) -> Cohort:
    starts_on, ends_on = date(year - 2, 9, 1), date(year, 8, 31)
    past = programmes_actions.duplicate_programme(programme=programme, by=team["elise"])
    past = programmes_actions.save_programme(
        programme=past,
        by=team["elise"],
        title=f"BTS NDRC, septembre {year - 2} à août {year}",
        session=year,
        starts_on=starts_on,
        ends_on=ends_on,
        closures=[],
        rhythm=past.rhythm,
        group_min=past.group_min,
        group_max=past.group_max,
    )
    return apprentices_actions.create_cohort(
        cfa=past.cfa,
        programme=past,
        name=f"NDRC {year - 2}-{year}",
        starts_on=starts_on,
        ends_on=ends_on,
        capacity=12,
        trainers=[team["bruno"]],
        by=team["elise"],
    )


def _enrolled(story: Story, cohort: Cohort, team: dict[str, User]) -> list[Enrolment]:
    companies = Company.objects.filter(cfa=cohort.cfa).order_by("pk")
    enrolments = []
    for number, ((first_name, last_name, _, _), company, maitre) in enumerate(
        zip(ALUMNI, companies, MAITRES, strict=True)
    ):
        apprentice = apprentices_actions.create_apprentice(
            cfa=cohort.cfa,
            first_name=first_name,
            last_name=last_name,
            born_on=date(cohort.starts_on.year - 19, 5, 4),
            city="Cergy",
            postcode="95000",
            by=team["elise"],
            **civil_status(first_name, number + 20),
        )
        enrolments.append(
            story.enrolled(
                cohort=cohort,
                apprentice=apprentice,
                maitre=apprentices_actions.create_maitre(
                    company=company,
                    first_name=maitre[0],
                    last_name=maitre[1],
                    born_on=date(1975, 2, 11),
                    job_title="Responsable des ventes",
                    by=team["elise"],
                ),
                tutor=team["bruno"],
                by=team["elise"],
            )
        )
    return enrolments


def _publish_results(
    last: Cohort,
    enrolments: list[Enrolment],
    referentiel: Referentiel,
    year: int,
    team: dict[str, User],
) -> None:
    session = actions.open_exam_session(
        cfa=last.cfa, referentiel=referentiel, year=year, by=team["elise"]
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
