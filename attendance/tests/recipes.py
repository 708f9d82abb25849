"""A small centre with its cohort, for the tests of attendance: Monday 5 January 2026, one week."""

from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from zoneinfo import ZoneInfo

from model_bakery import baker

from accounts.enums import Role
from accounts.models import Membership, User
from apprentices.enums import ContractState
from apprentices.models import (
    Apprentice,
    Cohort,
    Company,
    Contract,
    Enrolment,
    MaitreApprentissage,
)
from attendance.actions import submit_justification
from attendance.enums import AbsenceCategory, SignatureMethod
from attendance.models import AttendanceSheet, ClassSession, Presence, Room
from programmes.models import CfaProgramme, Referentiel, Subject

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 1, 5)
ILLNESS = AbsenceCategory.ILLNESS
RHYTHM = {
    "weekdays": [0, 1],
    "halves": [
        {"half": "matin", "starts": "09:00", "ends": "12:30"},
        {"half": "apres_midi", "starts": "13:30", "ends": "17:00"},
    ],
}


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    """Paris time on the Monday of the tests, or another day."""
    return datetime.combine(day, time(hour, minute), PARIS)


def strokes(seed: int = 0) -> list:
    """A signature of two strokes, unlike any other seed's."""
    x = 20 + seed % 400
    return [
        [[x, 50, 0], [x + 100, 150 - seed % 7, 120], [x + 60, 30 + seed // 400, 260]],
        [[x + 10, 100, 400], [x + 150, 110, 600]],
    ]


@dataclass
class School:
    """The cast's centre with what attendance needs."""

    cast: object
    cohort: Cohort
    subjects: list[Subject]
    enrolment: Enrolment

    def session(self, day: date = MONDAY, half: str = "matin", **fields) -> ClassSession:
        hours = {"matin": (time(9), time(12, 30)), "apres_midi": (time(13, 30), time(17))}
        starts_at, ends_at = hours[half]
        values = {
            "cohort": self.cohort,
            "subject": self.subjects[0],
            "trainer": self.cast.bruno,
            "date": day,
            "half": half,
            "starts_at": starts_at,
            "ends_at": ends_at,
        }
        if isinstance(fields.get("room"), str):
            fields["room"] = self.room(fields["room"])
        return ClassSession.objects.create(**values | fields)

    def room(self, name: str, capacity: int = 20) -> Room:
        return Room.objects.get_or_create(
            cfa=self.cohort.cfa, name=name, defaults={"capacity": capacity}
        )[0]

    def enrol(self, first_name: str, last_name: str, user: User | None = None, **fields):
        apprentice = Apprentice.objects.create(
            cfa=self.cohort.cfa,
            user=user,
            first_name=first_name,
            last_name=last_name,
            born_on=date(2005, 3, 2),
        )
        values = {"starts_on": self.cohort.starts_on} | fields
        return Enrolment.objects.create(cohort=self.cohort, apprentice=apprentice, **values)

    def presence(self, sheet: AttendanceSheet) -> Presence:
        return sheet.presences.get(enrolment=self.enrolment)


def make_school(cast) -> School:
    referentiel = baker.make(
        Referentiel,
        rncp="RNCP38368",
        acronym="NDRC",
        title="Négociation et digitalisation de la relation client",
        diploma="BTS",
        cycle_months=24,
        hours_per_year=675,
        session_from=2026,
        session_to=None,
        confidence="seed",
        awarded_until=date(2031, 12, 31),
        registered_until=date(2028, 12, 31),
    )
    programme = baker.make(
        CfaProgramme,
        cfa=cast.cfa,
        referentiel=referentiel,
        slug="ndrc",
        title="BTS NDRC",
        session=2027,
        starts_on=MONDAY,
        ends_on=date(2027, 6, 30),
        group_min=1,
        group_max=20,
        hours_announced=1350,
        rhythm=RHYTHM,
        place="2 rue de la Gare, Paris",
    )
    subjects = [
        Subject.objects.create(
            programme=programme,
            title=title,
            short_title=title,
            hours_year_1=first,
            hours_year_2=second,
            source="test",
            position=position,
        )
        for position, (title, first, second) in enumerate(
            [("Négociation-vente", 300, 300), ("Digital", 225, 225), ("Culture générale", 150, 150)]
        )
    ]
    cohort = Cohort.objects.create(
        cfa=cast.cfa,
        programme=programme,
        name="NDRC 2026",
        starts_on=MONDAY,
        ends_on=date(2027, 6, 30),
        rhythm=RHYTHM,
    )
    cohort.trainers.add(cast.bruno)
    school = School(cast, cohort, subjects, None)
    school.enrolment = school.enrol("Aïcha", "Benali", cast.aicha)
    return school


def own_phone(user: User, seed: int = 0) -> dict:
    return {"by": user, "strokes": strokes(seed), "method": SignatureMethod.OWN_PHONE}


def trainer_device(user: User, seed: int = 1) -> dict:
    return {"by": user, "strokes": strokes(seed), "method": SignatureMethod.TRAINER_DEVICE}


def add_trainer(cast, first_name: str, last_name: str) -> User:
    user = User.objects.create_user(
        f"{first_name}.{last_name}@example.org".lower(), first_name=first_name, last_name=last_name
    )
    Membership.objects.create(cfa=cast.cfa, user=user, role=Role.TRAINER)
    return user


def presence_of(school) -> Presence:
    return Presence.objects.select_related("signature").get(enrolment=school.enrolment)


def received(data: bytes) -> dict:
    """A file as a form hands it to a deed."""
    return {"file": BytesIO(data), "size": len(data)}


def justify(school, *, by=None, now=None, data: bytes | None = None, **fields):
    values = {
        "category": ILLNESS,
        "starts_on": MONDAY,
        "ends_on": MONDAY,
        "starts_half": "matin",
        "ends_half": "apres_midi",
    } | (received(data) if data else {})
    return submit_justification(
        enrolment=school.enrolment, by=by or school.cast.aicha, at=now or at(18), **values | fields
    )


def under_contract(school, *, company_email="rh@entreprise.example") -> Contract:
    company = Company.objects.create(
        cfa=school.cast.cfa, name="Boutique", siret="12345678200010", email=company_email
    )
    maitre = MaitreApprentissage.objects.create(
        company=company, first_name="Chantal", last_name="Dumas", user=school.cast.chantal
    )
    return Contract.objects.create(
        enrolment=school.enrolment,
        company=company,
        maitre=maitre,
        state=ContractState.RUNNING,
        concluded_on=MONDAY,
        starts_on=MONDAY,
        ends_on=date(2027, 6, 30),
        training_hours=1012,
        signed_at=at(8),
    )
