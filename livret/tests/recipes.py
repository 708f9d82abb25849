"""A livret in the cast's centre, on the real référentiel."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from apprentices.models import Apprentice, Cohort, Company, Contract, Enrolment, MaitreApprentissage
from livret.actions import open_livret, save_section, sign_period
from livret.models import Livret, LivretPeriod
from programmes.tests.recipes import load_ndrc


@dataclass
class Place:
    cast: object
    cohort: Cohort
    enrolment: Enrolment
    maitre: MaitreApprentissage
    stranger: MaitreApprentissage
    livret: Livret

    @property
    def period(self) -> LivretPeriod:
        return self.livret.periods.get(number=1)


def make_place(cast) -> Place:
    programme = load_ndrc(cast.cfa.slug)
    today = timezone.localdate()
    starts_on = today - timedelta(days=120)
    cohort = Cohort.objects.create(
        cfa=cast.cfa,
        programme=programme,
        name="NDRC",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=540),
        rhythm=programme.rhythm,
    )
    apprentice = Apprentice.objects.create(
        cfa=cast.cfa,
        user=cast.aicha,
        first_name="Aïcha",
        last_name="Benali",
        born_on=date(2005, 3, 2),
    )
    enrolment = Enrolment.objects.create(
        cohort=cohort, apprentice=apprentice, tutor=cast.bruno, starts_on=starts_on
    )
    maitres = [
        MaitreApprentissage.objects.create(
            company=Company.objects.create(cfa=cast.cfa, name=name, siret=siret),
            user=user,
            first_name=user.first_name,
            last_name=user.last_name,
            email=user.email,
        )
        for name, siret, user in (
            ("Atelier Lumen", "73282932000074", cast.chantal),
            ("Maison Ancre", "44306184100047", cast.denis),
        )
    ]
    Contract.objects.create(
        enrolment=enrolment,
        company=maitres[0].company,
        maitre=maitres[0],
        state="signed",
        signed_at=timezone.now(),
        concluded_on=starts_on,
        starts_on=starts_on,
        ends_on=cohort.ends_on,
        training_hours=1010,
    )
    livret = open_livret(enrolment=enrolment, by=cast.elise)
    return Place(cast, cohort, enrolment, maitres[0], maitres[1], livret)


def strokes(seed: int = 0) -> list:
    x = 20 + seed % 400
    return [[[x, 50, 0], [x + 100, 150 - seed % 7, 120], [x + 60, 30, 260]]]


def fill_and_sign(place: Place, period: LivretPeriod, at: datetime | None = None) -> None:
    cast = place.cast
    for n, (role, user, values) in enumerate(
        (
            ("apprentice", cast.aicha, {"apprentice_text": "J'ai prospecté dix clients."}),
            (
                "maitre",
                cast.chantal,
                {"maitre_position": "expected", "maitre_text": "Bon travail."},
            ),
            ("tutor", cast.bruno, {"tutor_text": "Poursuivre."}),
        )
    ):
        save_section(period=period, values=values, by=user)
        seed = period.number * 3 + n
        sign_period(period=period, role=role, by=user, strokes=strokes(seed), at=at)
