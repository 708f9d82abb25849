"""A small CFA with the official lines of E4 and E6 (REF2018), and the fixed cast."""

import re
from datetime import date
from decimal import Decimal
from functools import cache
from types import SimpleNamespace

from django.contrib.auth.hashers import make_password

from accounts.enums import Role
from accounts.models import Cfa, Membership, User
from apprentices.models import (
    Apprentice,
    Cohort,
    Company,
    Contract,
    Enrolment,
    MaitreApprentissage,
)
from evaluations import actions, selectors
from evaluations.models import CcfEvaluation, CcfLevel
from programmes.models import (
    Bloc,
    CfaProgramme,
    Competence,
    Epreuve,
    EpreuveRule,
    Referentiel,
    SousCompetence,
    Unite,
)

SOURCED = {"source": "REF2018", "confidence": "found"}
PASSWORD = "une phrase de passe solide"

# Official lines of the grids: exam-rules 2 (REF2018; AN2025 annexes V-4 and VII-2).
GRIDS = {
    "E4": {
        "C1": [
            "Analyser un portefeuille clients",
            "Identifier des cibles",
            "Prospecter",
            "Réseaux",
        ],
        "C2": ["Négocier et vendre", "Créer une relation durable"],
        "C3": ["Organiser un évènement", "Animer un évènement", "Exploiter un évènement"],
        "C4": ["Remonter l'information", "Collaborer à l'interne"],
    },
    "E6": {
        "C8": ["Valoriser l'offre", "Développer la présence"],
        "C9": ["Participer au développement", "Mobiliser un réseau"],
        "C10": ["Prospecter en réunion", "Recruter des vendeurs", "Impulser une dynamique"],
    },
    "E5": {"C5": ["Relation à distance"]},
}
CHOICES = {
    "E4": {"always": ["C1", "C4"], "one_of": ["C2", "C3"], "choice_situation": "B"},
    "E6": {"always": ["C8", "C9", "C10"], "one_of": [], "choice_situation": ""},
    "E5": {},
}


def _fact(value) -> dict:
    row = {"value": value, "session_from": None, "session_to": None, **SOURCED}
    return {"title": "", "values": [row]}


# The facts of the règlement that the CCF asks for, in short.
FACTS = {
    "nv_causes": _fact(
        ["Aucun dossier", "Hors délai", "Trop court", "Sans attestation", "Non signé"]
    ),
    "not_nv_E4": _fact(["Fiche absente", "Même nature"]),
    "dossier_E4": _fact(["Fiche négociation", "Fiche évènement"]),
    "dossier_E6": _fact(["Fiche distributeurs", "Fiche partenaires", "Fiche vente directe"]),
    "attestations": _fact([{"who": "Apprenti", "proof": "Copie du contrat"}]),
    "fiche_sujet_E4": _fact({"candidate": ["Objet", "Lieu"], "jury": ["Freins"]}),
    "ccf_archive_years": _fact(1),
}
PARTS = {
    "E4": [
        {"code": "A", "title": "Ciblage"},
        {"code": "B", "title": "Simulation", "duration_minutes": 15},
    ],
    "E6": [{"code": code, "title": "Réseau", "duration_minutes": 15} for code in "AB"],
}
RHYTHM = {
    "weekdays": [0, 1],
    "halves": [
        {"half": "matin", "starts": "09:00", "ends": "12:30"},
        {"half": "apres_midi", "starts": "13:30", "ends": "17:00"},
    ],
}


def referentiel() -> Referentiel:
    made = Referentiel.objects.create(
        rncp="RNCP38368",
        acronym="NDRC",
        title="Négociation et digitalisation de la relation client",
        diploma="BTS",
        certificateur="Ministère de l'enseignement supérieur et de la recherche",
        level=5,
        code_diplome="32031212",
        nsf="312",
        registered_until=date(2028, 12, 31),
        awarded_until=date(2031, 12, 31),
        cycle_months=24,
        hours_per_year=675,
        hours_source="D643-8",
        session_from=2025,
        checksum="x",
        facts=FACTS,
        **SOURCED,
    )
    blocs = Bloc.objects.bulk_create(
        Bloc(referentiel=made, code=f"BC{code}", title=f"Bloc {code}", position=place, **SOURCED)
        for place, code in enumerate(GRIDS, start=4)
    )
    unites = Unite.objects.bulk_create(
        Unite(referentiel=made, bloc=bloc, code=f"U{code}", title=code, position=place, **SOURCED)
        for place, (code, bloc) in enumerate(zip(GRIDS, blocs, strict=True), start=4)
    )
    epreuves = Epreuve.objects.bulk_create(
        Epreuve(
            referentiel=made,
            unite=unite,
            code=code,
            title=f"Épreuve {code}",
            coefficient=5,
            position=place,
            grid=CHOICES[code],
            **SOURCED,
        )
        for place, (code, unite) in enumerate(zip(GRIDS, unites, strict=True), start=4)
    )
    EpreuveRule.objects.bulk_create(rule for one in epreuves for rule in _rules(one))
    competences = Competence.objects.bulk_create(
        Competence(bloc=bloc, code=name, title=f"Compétence {name}", position=rank, **SOURCED)
        for bloc, names in zip(blocs, GRIDS.values(), strict=True)
        for rank, name in enumerate(names)
    )
    lines = {name: titles for names in GRIDS.values() for name, titles in names.items()}
    SousCompetence.objects.bulk_create(
        SousCompetence(
            competence=one,
            code=f"{one.code}.{place + 1}",
            title=title,
            criteres=[f"Critère de {title}"],
            position=place,
        )
        for one in competences
        for place, title in enumerate(lines[one.code])
    )
    return made


def _rules(epreuve: Epreuve) -> tuple[EpreuveRule, EpreuveRule]:
    is_ccf = epreuve.code != "E5"
    return (
        EpreuveRule(
            epreuve=epreuve,
            categorie="habilite",
            form="ccf" if is_ccf else "ponctuelle_ecrite_pratique",
            situations=2 if is_ccf else 0,
            parts=PARTS.get(epreuve.code, []),
            **SOURCED,
        ),
        EpreuveRule(epreuve=epreuve, categorie="ponctuel", form="ponctuelle_orale", **SOURCED),
    )


def person(email: str, first: str, last: str, cfa: Cfa | None = None, role: str = "") -> User:
    user = User.objects.create_user(email, PASSWORD, first_name=first, last_name=last)
    if cfa:
        Membership.objects.create(cfa=cfa, user=user, role=role)
    return user


CAST = {
    "aicha": ("aicha@example.org", "Aïcha", "Benali", Role.APPRENTICE),
    "bruno": ("bruno@example.org", "Bruno", "Caron", Role.TRAINER),
    "chantal": ("chantal@example.org", "Chantal", "Dumas", Role.MAITRE),
    "denis": ("denis@example.org", "Denis", "Escande", Role.MAITRE),
    "elise": ("elise@example.org", "Élise", "Faure", Role.STAFF),
    "farid": ("farid@example.org", "Farid", "Garnier", Role.ADMIN),
    "gaelle": ("gaelle@example.org", "Gaëlle", "Huet", Role.ADMIN),
    "auditor": ("audit@example.org", "Irène", "Jolly", Role.AUDITOR),
    "stranger": ("hors@example.org", "Karim", "Lopez", Role.TRAINER),
}


@cache
def _password() -> str:
    """Hashed once for all the tests."""
    return make_password(PASSWORD)


def cast(cfa: Cfa, other_cfa: Cfa) -> SimpleNamespace:
    """The fixed cast, all of `cfa` but Gaëlle Huet, in two queries."""
    users = User.objects.bulk_create(
        User(email=email, first_name=first, last_name=last, password=_password())
        for email, first, last, _ in CAST.values()
    )
    people = dict(zip(CAST, users, strict=True))
    Membership.objects.bulk_create(
        Membership(cfa=other_cfa if name == "gaelle" else cfa, user=user, role=CAST[name][3])
        for name, user in people.items()
    )
    return SimpleNamespace(**people)


def take_habilitation(cfa: Cfa) -> None:
    """From now on the centre runs no CCF."""
    cfa.ccf_habilite_on = cfa.ccf_habilite_until = None
    cfa.save()


def world() -> SimpleNamespace:
    cfa = Cfa.objects.create(
        name="CFA des Tests",
        slug="cfa-des-tests",
        ccf_habilite_on=date(2024, 9, 1),
        ccf_habilite_until=date(2029, 8, 31),
    )
    other_cfa = Cfa.objects.create(
        name="Autre CFA", slug="autre-cfa", ccf_habilite_on=date(2024, 9, 1)
    )
    ref = referentiel()
    programme = CfaProgramme.objects.create(
        cfa=cfa,
        referentiel=ref,
        slug="ndrc",
        title="BTS NDRC",
        session=2027,
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 6, 30),
        hours_announced=1092,
        rhythm={},
        checksum="x",
    )
    cohort = Cohort.objects.create(
        cfa=cfa,
        programme=programme,
        name="NDRC 2026",
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 6, 30),
        rhythm=RHYTHM,
    )
    people = cast(cfa, other_cfa)
    cohort.trainers.add(people.bruno)
    aicha = Apprentice.objects.create(
        cfa=cfa,
        user=people.aicha,
        first_name="Aïcha",
        last_name="Benali",
        born_on=date(2005, 4, 2),
    )
    enrolment = Enrolment.objects.create(
        cohort=cohort, apprentice=aicha, starts_on=date(2026, 1, 5), tutor=people.bruno
    )
    company = Company.objects.create(cfa=cfa, name="Atelier Vert", siret="12345678200010")
    maitre = MaitreApprentissage.objects.create(
        company=company, user=people.chantal, first_name="Chantal", last_name="Dumas"
    )
    Contract.objects.create(
        enrolment=enrolment,
        company=company,
        maitre=maitre,
        concluded_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 7, 31),
        training_hours=Decimal(1092),
    )
    epreuves = {epreuve.code: epreuve for epreuve in ref.epreuves.all()}
    return SimpleNamespace(
        cfa=cfa,
        other_cfa=other_cfa,
        cohort=cohort,
        enrolment=enrolment,
        e4=epreuves["E4"],
        e5=epreuves["E5"],
        e6=epreuves["E6"],
        **vars(people),
    )


def seen_in(page: str) -> str:
    """What a preview remembers of the values before."""
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    return found[1] if found else ""


def another_enrolment(here: SimpleNamespace, number: int) -> Enrolment:
    """One more apprentice of the cohort."""
    apprentice = Apprentice.objects.create(
        cfa=here.cfa, first_name="Noé", last_name=f"Martin {number}", born_on=date(2005, 1, 1)
    )
    return Enrolment.objects.create(
        cohort=here.cohort, apprentice=apprentice, starts_on=date(2026, 1, 5)
    )


def fill(
    evaluation: CcfEvaluation, by: User, *, choice: str = "C2", mark: str = "12,5", words: str = ""
) -> None:
    """Enter all that locking asks."""
    has_choice = bool(selectors.official_choices(evaluation.epreuve))
    for code in ("A", "B"):
        actions.save_situation(
            evaluation=evaluation,
            code=code,
            by=by,
            held_on=date(2026, 10, 12),
            choice=_choice_of(evaluation, code, choice if has_choice else ""),
            evaluators="Bruno Caron, Élise Faure",
            appreciation=f"Appréciation {code}. {words}".strip(),
        )
    # At once: a tick by its action, with its checks and its history, is the matter of test_actions.
    CcfLevel.objects.bulk_create(
        (
            CcfLevel(evaluation=evaluation, line=line, level="S")
            for line in selectors.official_lines(evaluation.epreuve, choice if has_choice else "")
        ),
        update_conflicts=True,
        unique_fields=("evaluation", "line"),
        update_fields=("level",),
    )
    actions.propose_mark(evaluation=evaluation, mark=mark, by=by)


def _choice_of(evaluation: CcfEvaluation, code: str, simulation: str) -> str:
    """What E4 B simulates, or the network of E6 A."""
    if code == "B":
        return simulation
    return next((key for key, _ in selectors.networks(evaluation.epreuve)), "")
