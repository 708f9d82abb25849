"""Each article that the rules of the exam rest on, by rows: what it says is what the data or the code holds."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest

from accounts.errors import DomainError
from evaluations.exam.actions import register_candidates
from evaluations.exam.enums import Decision
from evaluations.exam.rules import decide
from evaluations.exam.rules.building import fact_of
from evaluations.exam.rules.reading import read_row
from evaluations.exam.selectors import _check_row
from evaluations.exam.shipped import _shipped, shipped_reglement
from evaluations.models import ExamRegistration
from programmes.enums import Categorie
from programmes.rules import categorie_of

SESSION = 2027
# Short names of the reference, as the data files write them out.
TEXTS = {
    "REF2018": "arrêté du 19 février 2018",
    "AN2025": "session 2025",
    "AN2026": "session 2026",
    "ARR2024": "Arrêté de 2024",
    "CGE2023": "Arrêté du 13 juillet 2023",
    "CEJM2018": "Arrêté du 15 février 2018",
    "D2024": "Décret 2024-788",
    "NOTA97": "Arrêté du 24 juillet 1997",
    "DISP05": "Arrêté du 24 juin 2005",
    "CONTROLE": "du 9 mai 2025",
    "RECTORATS": "Sites des académies",
}

# (article, fact of the référentiel, what its value holds)
STATED = [
    ("D643-1", "legal_nature", "diplome"),
    ("D643-5", "experience_years", 1),
    ("D643-9", "training_minimums", "plus de minimum selon des rectorats"),
    ("D643-14", "forme", "obligatoire pour les scolaires et les apprentis, sauf dérogation du recteur"),
    ("D643-15", "bloc_attestation", 10),
    ("D643-15", "bloc_attestation_who", "Tout candidat ajourné, et tout candidat de la forme progressive"),
    ("D643-15", "bloc_attestation_who", "valable 5 ans"),
    ("D643-15-1", "engagement", "seuls comptent les points au-dessus de 10"),
    ("D643-16", "registration", "au titre de la voie dans laquelle il finit sa formation"),
    ("D643-16", "experience_years", 1),
    ("D643-16", "duration_derogation", "Dérogation du recteur"),
    ("D643-15", "dispenses_other", "VAE : jugée par un jury de VAE, sans épreuves"),
    ("D643-17", "dispense_effect", "sort du total des points et du total des coefficients"),
    ("D643-17", "dispenses_other", "Diplôme étranger : par décision ministérielle seulement"),
    ("D643-21", "habilitation_silence_months", 3),
    ("D643-22", "pass_average", 10),
    ("D643-22", "optional_threshold", 10),
    ("D643-23", "benefit", {"min_mark": 10, "years": 5}),
    ("D643-23", "benefit_progressive", "'last_mark_counts': True"),
    ("D643-24", "absence", "ne peut pas être délivré, quelle que soit la moyenne"),
    ("D643-24", "absence_force_majeure_mark", 0),
    ("D643-24", "absence_optional", "elle n'empêche pas la délivrance"),
    ("D643-24", "absence_ccf", "à une seconde date si l'absence est justifiée"),
    ("D643-26", "ccf_result", "Une proposition au jury"),
    ("D643-26", "jury", "n'est ajourné qu'après examen de ce livret"),
    ("D643-29", "registration", "Une seule spécialité par session"),
    ("D643-31", "jury", "enseignant-chercheur"),
    ("D643-32", "diploma_delivery", "Par le recteur d'académie, sur proposition du jury"),
    ("D643-33", "ects", "'diploma': 120"),
    ("D643-33", "ects", "aucun n'est attribué par épreuve"),
    ("DISP05", "never_dispensed", ["U4", "U5", "U6"]),
    ("NOTA97", "mark_scale", {"max": 20, "step": 0.5}),
    ("REF2018", "dispenses", "droit, économie et management"),
    ("REF2018", "former_diploma", "'years': 5"),
    ("REF2018", "nv_causes", "Dossier déposé après la date fixée par l'académie"),
    ("REF2018", "ccf_archive_years", 1),
    ("REF2018", "ccf_rules", "E6 : les deux situations pendant l'année terminale"),
    ("REF2018", "atelier", "jamais évalué par une épreuve"),
    ("REF2018", "commission_ponctuel", "trois candidats à la fois au plus"),
    ("RECTORATS", "habilitation_years", 5),
    ("D2024", "optional_max", 2),
    ("CONTROLE", "controle", "'orals': 2"),
    ("CONTROLE", "controle", "'units': ['U1', 'U2', 'U3']"),
    ("AN2025", "ccf_confidentiality", "jamais remise au candidat"),
    ("AN2025", "grid_levels", "Très insuffisant"),
    ("AN2026", "etude_reflexive_requise", False),
    ("AN2026", "sujet_E5B", "Cinq questions indépendantes"),
    ("silence", "eliminatory_mark", "aucune"),
    ("silence", "mentions", "aucune"),
]  # fmt: skip


@pytest.fixture(scope="module")
def version():
    return next(one for one in _shipped() if one.session_from == 2025)


@pytest.mark.parametrize(("article", "code", "held"), STATED)
def test_the_referentiel_says_what_the_article_says(version, article, code, held):
    row = fact_of(version.tree.fields["facts"], code, SESSION)
    assert row is not None
    assert TEXTS.get(article, article) in row["source"]
    if isinstance(held, str):
        assert held in str(row["value"])
    else:
        assert row["value"] == held


@pytest.mark.parametrize(
    ("source", "epreuve"), [("CGE2023", "E1"), ("CEJM2018", "E3"), ("ARR2024", "E6")]
)
def test_an_epreuve_names_the_text_that_changed_it(version, source, epreuve):
    blocs = version.tree.children["blocs"].values()
    found = [
        rule.fields["source"]
        for bloc in blocs
        for unite in bloc.children["unites"].values()
        for code, one in unite.children["epreuves"].items()
        if code == epreuve
        for rule in one.children["rules"].values()
    ]
    assert any(TEXTS[source] in text for text in found)


def verdict(cells: str, **more: str):
    units = dict(zip(("U1", "U2", "U3", "U4", "U5", "U6"), cells.split(), strict=True))
    row = {"candidat": "A", "session": str(SESSION), "categorie": "habilite", **units, **more}
    return decide(*read_row(row, shipped_reglement))


@pytest.mark.parametrize(
    ("article", "cells", "decision", "points"),
    [
        ("D643-24 one absence, however good the others", "AB 20 20 20 20 20", "non_delivrable", None),
        ("D643-24 an absence at a part is one at the unit", "20 20 20 20 AB/20 20", "non_delivrable", None),
        ("D643-24 force majeure is a mark of 0", "FM 20 20 20 20 20", "admis", 2 * 360),
        ("D643-24 force majeure does not pass by itself", "FM 11 11 11 11 11", "controle", 2 * 198),
        ("REF2018 NV has the effect of an absence", "20 20 20 20 20 NV", "non_delivrable", None),
        ("D643-17 a dispense leaves points and coefficients", "DI DI 9 10,5 9 12", "admis", 2 * 151.5),
        ("D643-17 it lends nobody any point", "DI DI 9 10 9 12", "controle", 2 * 149),
    ],
    ids=lambda one: one if isinstance(one, str) and " " in one else None,
)  # fmt: skip
def test_the_decision_follows_the_article(article, cells, decision, points):
    found = verdict(cells)
    assert (found.decision, found.points) == (decision, points)


# D643-15: whoever has not passed, once no oral is left, for the units of at least 10.
@pytest.mark.parametrize(
    ("decision", "acquired", "can"),
    [
        (Decision.AJOURNE, ["U1"], True),
        (Decision.REFUSE, ["U1"], True),
        (Decision.NON_DELIVRABLE, ["U1"], True),
        (Decision.AJOURNE, [], False),
        (Decision.CONTROLE, ["U1"], False),
        (Decision.ADMIS, ["U1"], False),
        (Decision.ADMIS_APRES_CONTROLE, ["U1"], False),
        ("", ["U1"], False),
    ],
)
def test_d643_15_who_receives_the_attestation(decision, acquired, can):
    verdict = {"acquired": [{"unit": code} for code in acquired]}
    assert ExamRegistration(decision=decision, verdict=verdict).can_attest is can


def test_d643_15_the_units_of_at_least_ten_last_five_years():
    found = verdict("9,5 10 9 10,5 9 9,5", forme="progressive").acquired
    assert [(one.unit, one.until) for one in found] == [("U2", SESSION + 5), ("U4", SESSION + 5)]


# D643-16: registered under the route in which one finishes; for an apprentice, a contract.
@pytest.mark.parametrize(("contract", "said"), [(None, True), (SimpleNamespace(), False)])
def test_d643_16_a_candidate_without_contract_is_to_be_checked(contract, said):
    warnings = _check_row(ExamRegistration(), [], None, contract).warnings
    assert any("D643-16" in one for one in warnings) is said


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2027, 6, 1), Categorie.HABILITE), (date(2030, 6, 1), Categorie.PONCTUEL)],
)
def test_d643_19_the_ccf_belongs_to_who_is_habilite_at_the_exam(day, expected):
    assert categorie_of(date(2024, 9, 1), date(2029, 8, 31), day) is expected


def test_d643_33_the_credits_come_with_the_diploma_alone(version):
    assert version.tree.fields["ects"] == 120
    for bloc in version.tree.children["blocs"].values():
        for unite in bloc.children["unites"].values():
            assert "ects" not in unite.fields


def test_d643_29_nobody_is_registered_twice_at_one_session(exam_world):
    again, cohort = exam_world.enrolments[0], exam_world.cohort
    cohort.pk, cohort.uuid, cohort.name = None, uuid4(), "NDRC 2025"
    cohort.save()
    again.pk, again.uuid, again.cohort = None, uuid4(), cohort
    again.save()
    with pytest.raises(DomainError, match="D643-29"):
        register_candidates(session=exam_world.session, enrolments=[again], by=exam_world.elise)
