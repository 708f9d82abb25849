"""Build the demo in one go: people, the year so far, and what was made of it."""

from collections.abc import Iterator
from datetime import date
from io import StringIO

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts import actions as accounts_actions
from accounts.enums import Role
from accounts.models import Cfa, User
from apprentices import actions as apprentices_actions
from apprentices.models import Cohort, Contract, Enrolment, MaitreApprentissage
from attendance import actions as attendance_actions
from livret import actions as livret_actions
from programmes.models import CfaProgramme

from . import (
    admission,
    alumni,
    cast,
    ccf,
    contracts,
    exam,
    grading,
    livret,
    livret_meetings,
    marks,
    people,
    planning,
    programmes,
    sheets,
    volume,
)
from .civil import civil_status
from .story import Story

LZ, OTHER = "lz-formation", "cfa-des-tilleuls"
# Invented numbers in the right form; the address is the one printed on the public programme.
LZ_FIELDS = {
    "uai": "0789999V",
    "siret": "12345678200010",
    "nda": "11789999978",
    "address": "2 rue Vincent Van Gogh",
    "postcode": "78700",
    "city": "Conflans-Sainte-Honorine",
    "email": "contact@cfa.example",
    "signatory_name": "Farid Garnier",
    "signatory_title": "Directeur du CFA",
    "ccf_habilite_on": date(2025, 9, 1),
    "ccf_habilite_until": date(2030, 8, 31),
}


def build_demo(
    *,
    cohorts: int = 1,
    apprentices: int = 15,
    documents: bool = True,
    half_days: int | None = None,
) -> Iterator[str]:
    """Yield a line as each chapter is done; does nothing when the demo already stands.

    `half_days` limits the signed half-days to the last ones: what a test of pages needs, in a third of the
    time.
    """
    today = timezone.localdate()
    data = apps.get_app_config("programmes").path + "/data"
    call_command("load_programmes", data, data + "/demo", create_cfas=True, stdout=StringIO())
    if Cohort.objects.filter(cfa__slug=LZ).exists():
        yield "La démonstration existe déjà : rien n'a changé."
        return
    with transaction.atomic():
        team = _people()
        yield "Deux CFA et leurs équipes"
        story = Story(today=today)
        programme = CfaProgramme.objects.filter(cfa__slug=LZ).earliest("pk")
        cohort = story.cohort(
            programme=programme,
            capacity=programme.group_max,
            trainers=[team["bruno"], team["ines"], team["hugo"]],
            by=team["elise"],
        )
        first = min(apprentices, len(cast.APPRENTICES))
        enrolments = _apprentices(story, cohort, cast.APPRENTICES[:first], team)
        admission.tell(cohort=cohort, enrolments=enrolments, team=team, today=today)
        yield f"{cohort} : {len(enrolments)} apprentis sous contrat, des candidats à chaque étape"
        planning.prepare_calendar(cohort.cfa, cohort, by=team["elise"])
        attendance_actions.generate_sessions(
            cohort=cohort, assignments=_assignments(programme, team), by=team["elise"]
        )
        count = story.half_days(
            cohort,
            until=today,
            last_ones=half_days,
            special=sheets.special(story, enrolments, by=team["elise"]),
        )
        planning.tell_absences(cohort, today=today, by=team["elise"])
        yield f"{count} demi-journées émargées, absences justifiées ou à justifier"
        grading.grade_e4(enrolments, team=team, cohort=cohort, today=today)
        yield "Un CCF E4 verrouillé, un en cours"
        ccf.organise(cohort, enrolments, team=team, today=today)
        marks.mark_cohort(cohort, enrolments, team=team, today=today)
        yield "Notes de chaque semestre, appréciations, livret scolaire"
        exam.prepare_exam(cohort, enrolments, team=team, today=today)
        alumni.tell_alumni(story, programme, team=team)
        sheets.correct(cohort, story=story, team=team)
        yield "Session d'examen préparée, résultats de la précédente publiés"
        for enrolment in enrolments:
            livret_actions.open_livret(enrolment=enrolment, by=team["elise"])
        maitre_users = {
            contract.enrolment_id: user
            for contract in Contract.objects.filter(
                enrolment__in=enrolments, maitre__user__isnull=False
            ).select_related("maitre__user")
            if (user := contract.maitre.user)
        }
        livret.tell_livrets(enrolments, team=team, maitre_users=maitre_users, today=today)
        yield "Livrets ouverts, trimestres passés racontés et signés"
        livret_meetings.tell_meetings(enrolments, team=team, maitre_users=maitre_users, today=today)
        yield "Plan, visites et bilans proposés, ceux d'Aïcha tenus et signés"
        contracts.tell_contracts(enrolments, by=team["elise"], today=today)
        yield "Un contrat facturé, un rompu et suivi"
        if apprentices > first or cohorts > 1:
            volume.fill(story, cohort, cohorts=cohorts, apprentices=apprentices, team=team)
            yield f"Volumes : {cohorts} promotions, {apprentices} apprentis"
        _other_cfa(story, today)
        _open_accounts()
        yield "Un second CFA, invisible du premier"
    if documents:
        programmes.publish(programme, by=team["elise"])
        livret_actions.issue_attestations(enrolments=enrolments, by=team["elise"])
        livret_actions.issue_livrets(enrolments=enrolments[:1], by=team["elise"])
        yield "Attestations et livret demandés (rendus en tâche de fond)"


def _people() -> dict[str, User]:
    lz = Cfa.objects.get(slug=LZ)
    for field, value in LZ_FIELDS.items():
        setattr(lz, field, value)
    lz.full_clean()
    lz.save()
    team: dict[str, User] = {}
    for key, person, role in (
        ("farid", people.FARID, Role.ADMIN),
        ("elise", people.ELISE, Role.STAFF),
        ("bruno", people.BRUNO, Role.TRAINER),
        ("ines", people.INES, Role.TRAINER),
        ("hugo", people.HUGO, Role.TRAINER),
        ("auditor", people.AUDITOR, Role.AUDITOR),
    ):
        user = _account(person)
        accounts_actions.add_member(cfa=lz, user=user, role=role, by=team.get("farid", user))
        team[key] = user
    team["farid"].is_staff = team["farid"].is_superuser = True  # the Django admin of the demo
    team["farid"].save()
    return team


def _account(person: people.Person) -> User:
    existing = User.objects.filter(email=person.email).first()
    return existing or accounts_actions.create_person(
        email=person.email, first_name=person.first_name, last_name=person.last_name
    )


def _open_accounts() -> None:
    """Give the printed accounts their password; hashed once, since the hash is slow on purpose."""
    emails = [person.email for person, _ in cast.ACCOUNTS]
    User.objects.filter(email__in=emails).update(password=make_password(people.PASSWORD))


def _apprentices(
    story: Story, cohort: Cohort, demo_people: list[cast.DemoApprentice], team: dict[str, User]
) -> list[Enrolment]:
    by, cfa = team["elise"], cohort.cfa
    companies = [story.company(employer, cfa=cfa, by=by) for employer in cast.EMPLOYERS]
    maitres: dict[str, MaitreApprentissage] = {}
    enrolments = []
    for number, demo in enumerate(demo_people):
        if demo.maitre.email not in maitres:
            maitres[demo.maitre.email] = apprentices_actions.create_maitre(
                company=companies[demo.employer],
                first_name=demo.maitre.first_name,
                last_name=demo.maitre.last_name,
                email=demo.maitre.email,
                born_on=date(1980, 5, 17),
                job_title="Responsable commercial",
                user=_member(demo.maitre, Role.MAITRE, cfa, by)
                if demo.maitre in (people.CHANTAL, people.DENIS)
                else None,
                by=by,
            )
        apprentice = apprentices_actions.create_apprentice(
            cfa=cfa,
            first_name=demo.person.first_name,
            last_name=demo.person.last_name,
            born_on=demo.born_on,
            email=demo.person.email,
            city=demo.city,
            postcode=demo.postcode,
            user=_member(demo.person, Role.APPRENTICE, cfa, by),
            by=by,
            # The two who came this week have yet to bring their papers.
            **(
                civil_status(demo.person.first_name, number)
                if number < len(cast.APPRENTICES) - 2
                else {}
            ),
        )
        enrolments.append(
            story.enrolled(
                cohort=cohort,
                apprentice=apprentice,
                maitre=maitres[demo.maitre.email],
                tutor=team["bruno"] if number < 8 else team["ines"],
                # Two came late, this week: their contract has to reach the OPCO in five working days.
                starts_on=story.this_week(cohort) if number >= len(cast.APPRENTICES) - 2 else None,
                transmit=number < len(cast.APPRENTICES) - 2,
                by=by,
            )
        )
    return enrolments


def _member(person: people.Person, role: Role, cfa: Cfa, by: User) -> User:
    user = _account(person)
    accounts_actions.add_member(cfa=cfa, user=user, role=role, by=by)
    return user


def _assignments(programme: CfaProgramme, team: dict[str, User]) -> list:
    """Professional subjects to Bruno, general ones to Inès and Hugo."""
    trainer_of = {
        "U4": "bruno",
        "U6": "bruno",
        "U5": "ines",
        "U1": "hugo",
        "U2": "hugo",
        "U3": "ines",
    }
    return [
        attendance_actions.Assignment(
            subject=subject, trainer=team[trainer_of.get(subject.unite_code, "bruno")]
        )
        for subject in programme.subjects.all()
    ]


def _other_cfa(story: Story, today: date) -> None:
    """A second centre with its own people, cohort and half-days."""
    cfa = Cfa.objects.get(slug=OTHER)
    gaelle = _account(people.GAELLE)
    accounts_actions.add_member(cfa=cfa, user=gaelle, role=Role.ADMIN, by=gaelle)
    accounts_actions.add_member(cfa=cfa, user=gaelle, role=Role.TRAINER, by=gaelle)
    programme = CfaProgramme.objects.get(cfa=cfa)
    cohort = story.cohort(
        programme=programme, name="NDRC Tilleuls", capacity=12, trainers=[gaelle], by=gaelle
    )
    company = story.company(cast.EMPLOYERS[0], cfa=cfa, by=gaelle)
    maitre = apprentices_actions.create_maitre(
        company=company, first_name="Iris", last_name="Vasseur", by=gaelle
    )
    apprentice = apprentices_actions.create_apprentice(
        cfa=cfa, first_name="Paul", last_name="Wagner", born_on=date(2005, 3, 3), by=gaelle
    )
    story.enrolled(cohort=cohort, apprentice=apprentice, maitre=maitre, tutor=gaelle, by=gaelle)
    attendance_actions.generate_sessions(
        cohort=cohort,
        assignments=[
            attendance_actions.Assignment(subject=subject, trainer=gaelle)
            for subject in programme.subjects.all()
        ],
        by=gaelle,
    )
