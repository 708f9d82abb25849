"""A CFA with the real référentiel of 2025, three candidates at one session."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

from accounts.models import Cfa
from apprentices.models import (
    Apprentice,
    Cohort,
    Company,
    Contract,
    Enrolment,
    MaitreApprentissage,
)
from evaluations.exam import actions
from programmes.actions import load_programmes
from programmes.loader import Bundle, read_bundle
from programmes.loader.files import DATA
from programmes.models import CfaProgramme, Referentiel

from .recipes import cast

YEAR = 2026
CODES = ("U1", "U2", "U3", "U4", "U5", "U6")


@lru_cache(maxsize=1)
def real_reglement() -> Bundle:
    """The data file of the sessions from 2025 on, read once for all the tests."""
    return read_bundle([Path(DATA) / "ndrc-sessions-2025.toml"])


def exam_world() -> SimpleNamespace:
    load_programmes(bundle=real_reglement())
    referentiel = Referentiel.objects.get(session_from=2025)
    cfa = Cfa.objects.create(
        name="CFA des Tests",
        slug="cfa-des-tests",
        ccf_habilite_on=date(2024, 9, 1),
        ccf_habilite_until=date(2029, 8, 31),
    )
    other_cfa = Cfa.objects.create(name="Autre CFA", slug="autre-cfa")
    programme = CfaProgramme.objects.create(
        cfa=cfa,
        referentiel=referentiel,
        slug="ndrc",
        title="BTS NDRC",
        session=YEAR,
        starts_on=date(2024, 9, 2),
        ends_on=date(2026, 8, 31),
        hours_announced=1350,
        rhythm={},
        checksum="x",
    )
    cohort = Cohort.objects.create(
        cfa=cfa,
        programme=programme,
        name="NDRC 2024",
        starts_on=date(2024, 9, 2),
        ends_on=date(2026, 8, 31),
        rhythm={},
    )
    people = cast(cfa, other_cfa)
    cohort.trainers.add(people.bruno)
    names = [("Aïcha", "Benali", people.aicha), ("Noé", "Martin", None), ("Zoé", "Petit", None)]
    enrolments = [
        Enrolment.objects.create(
            cohort=cohort,
            apprentice=Apprentice.objects.create(
                cfa=cfa, user=user, first_name=first, last_name=last, born_on=date(2005, 4, 2)
            ),
            starts_on=date(2024, 9, 2),
            tutor=people.bruno,
        )
        for first, last, user in names
    ]
    company = Company.objects.create(cfa=cfa, name="Atelier Vert", siret="12345678200010")
    maitre = MaitreApprentissage.objects.create(
        company=company, user=people.chantal, first_name="Chantal", last_name="Dumas"
    )
    Contract.objects.create(
        enrolment=enrolments[0],
        company=company,
        maitre=maitre,
        concluded_on=date(2024, 9, 2),
        starts_on=date(2024, 9, 2),
        ends_on=date(2026, 8, 31),
        training_hours=1350,
        state="signed",
        signed_at="2024-09-02T10:00:00Z",
    )
    session = actions.open_exam_session(
        cfa=cfa, referentiel=referentiel, year=YEAR, by=people.elise
    )
    made = actions.register_candidates(session=session, enrolments=enrolments, by=people.elise)
    return SimpleNamespace(
        cfa=cfa,
        other_cfa=other_cfa,
        referentiel=referentiel,
        cohort=cohort,
        session=session,
        enrolments=enrolments,
        one=made[0],
        two=made[1],
        three=made[2],
        **vars(people),
    )


def type_marks(world, registration, marks: str, *, stage: str = "decided") -> None:
    """`marks` are U1 to U6 separated by spaces."""
    for code, text in zip(CODES, marks.split(), strict=True):
        actions.save_exam_mark(
            registration=registration, code=code, stage=stage, text=text, by=world.elise
        )
