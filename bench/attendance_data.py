"""A centre of many groups for the measures of attendance, written straight in the tables."""

from datetime import date, time

from accounts.enums import Role
from accounts.models import Cfa, Membership, User
from apprentices.models import Apprentice, Cohort, Enrolment
from attendance.models import ClassSession
from programmes.models import CfaProgramme, Referentiel, Subject

RHYTHM = {"weekdays": [0, 1], "halves": [{"half": "matin", "starts": "09:00", "ends": "12:30"}]}


def make_centre(*, groups: int, size: int, first: date, last: date) -> tuple[Cfa, list[Cohort]]:
    """One centre, its groups, and in each `size` apprentices with an account."""
    cfa = Cfa.objects.create(name="CFA de mesure", slug="mesure")
    referentiel = Referentiel.objects.order_by("pk").first()
    if referentiel is None:
        raise RuntimeError("load the référentiels first")
    programme = CfaProgramme.objects.create(
        cfa=cfa,
        referentiel=referentiel,
        slug="mesure",
        title="BTS NDRC",
        session=last.year,
        starts_on=first,
        ends_on=last,
        group_min=1,
        group_max=size,
        hours_announced=1350,
        rhythm=RHYTHM,
    )
    Subject.objects.create(
        programme=programme, title="Négociation", short_title="Négociation",
        hours_year_1=600, hours_year_2=600, source="mesure", position=1,
    )  # fmt: skip
    cohorts = Cohort.objects.bulk_create(
        Cohort(
            cfa=cfa, programme=programme, name=f"Groupe {n:03d}", starts_on=first, ends_on=last,
            rhythm=RHYTHM, capacity=size,
        )
        for n in range(groups)
    )  # fmt: skip
    number = groups * size
    users = User.objects.bulk_create(
        User(
            email=f"a{n}@mesure.example", first_name="Alma", last_name=f"Blin {n:05d}", password="!"
        )
        for n in range(number)
    )
    Membership.objects.bulk_create(
        Membership(cfa=cfa, user=user, role=Role.APPRENTICE) for user in users
    )
    apprentices = Apprentice.objects.bulk_create(
        Apprentice(
            cfa=cfa, user=user, first_name="Alma", last_name=f"Blin {n:05d}", born_on=date(2006, 1, 1)
        )
        for n, user in enumerate(users)
    )  # fmt: skip
    Enrolment.objects.bulk_create(
        Enrolment(cohort=cohorts[n % groups], apprentice=apprentice, starts_on=first)
        for n, apprentice in enumerate(apprentices)
    )
    return cfa, list(cohorts)


def add_trainers(cfa: Cfa, count: int) -> list[User]:
    trainers = User.objects.bulk_create(
        User(
            email=f"t{n}@mesure.example",
            first_name="Théo",
            last_name=f"Morin {n:03d}",
            password="!",
        )
        for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(cfa=cfa, user=user, role=Role.TRAINER) for user in trainers
    )
    return list(trainers)


def plan(
    cohorts: list[Cohort], trainers: list[User], day: date, starts_at: time, ends_at: time
) -> list[ClassSession]:
    """One half-day of the day for each group, each with its own trainer."""
    subject = Subject.objects.filter(programme=cohorts[0].programme).earliest("pk")
    return list(
        ClassSession.objects.bulk_create(
            ClassSession(
                cohort=cohort, subject=subject, trainer=trainer, date=day, half="matin",
                starts_at=starts_at, ends_at=ends_at,
            )
            for cohort, trainer in zip(cohorts, trainers, strict=True)
        )
    )  # fmt: skip


def stroke(number: int) -> list:
    """A signature unlike any other number's."""
    x, y, z = number % 380, number // 380 % 180, number // 68_400
    return [[[x, y, 0], [x + 100, 190 - y, 120], [x + 60, 10 + z, 260]]]
