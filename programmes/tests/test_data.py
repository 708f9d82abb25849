"""What the shipped files say: the values that the exam and the CFA's document give."""

from decimal import Decimal

import pytest

from programmes import selectors
from programmes.enums import Categorie, EpreuveForm
from programmes.models import Referentiel, SousCompetence
from programmes.rules import prorata
from programmes.tests.recipes import load_ndrc

pytestmark = pytest.mark.django_db

CODES = ["E1", "E2", "E3", "E4", "E5", "E6"]
HABILITE, FPC, PONCTUEL = (
    Categorie.HABILITE,
    Categorie.FPC_CCF_INTEGRAL,
    Categorie.PONCTUEL,
)


@pytest.fixture
def programme():
    return load_ndrc()


def version(session: int) -> Referentiel:
    return selectors.referentiel_for("RNCP38368", session)


def test_there_is_one_version_for_each_session_since_2020(programme):
    for session in range(2020, 2032):
        assert Referentiel.objects.for_session("RNCP38368", session).count() == 1
    assert selectors.referentiel_for("RNCP38368", 2019) is None
    assert version(2024) != version(2025) == version(2027) == programme.referentiel


@pytest.mark.parametrize("session", [2024, 2025])
def test_six_compulsory_epreuves_weigh_21(programme, session):
    rows = version(session).epreuves.filter(unite__is_optional=False)
    assert [(e.code, e.coefficient) for e in rows] == list(
        zip(CODES, map(Decimal, (3, 3, 3, 5, 4, 3)), strict=True)
    )
    assert sum(e.coefficient for e in rows) == 21
    professional = rows.filter(unite__is_professional=True)
    assert [e.code for e in professional] == ["E4", "E5", "E6"]
    assert sum(e.coefficient for e in professional) == 12


# exam-rules 1.2: form, duration, preparation, situations.
TABLE = [
    (2024, "E1", HABILITE, EpreuveForm.ECRITE, 240, None, 0),
    (2024, "E1", FPC, EpreuveForm.CCF, None, None, 3),
    (2024, "E1", PONCTUEL, EpreuveForm.ECRITE, 240, None, 0),
    (2025, "E1", HABILITE, EpreuveForm.ECRITE, 180, None, 0),
    (2025, "E1", FPC, EpreuveForm.CCF, None, None, 2),
    (2025, "E1", PONCTUEL, EpreuveForm.ECRITE, 180, None, 0),
    *((s, "E2", c, EpreuveForm.ORALE, 30, 30, 0) for s in (2024, 2025) for c in (HABILITE, PONCTUEL)),
    *((s, "E2", FPC, EpreuveForm.CCF, None, None, 2) for s in (2024, 2025)),
    *((s, "E3", c, EpreuveForm.ECRITE, 240, None, 0) for s in (2024, 2025) for c in (HABILITE, PONCTUEL)),
    *((s, "E3", FPC, EpreuveForm.CCF, None, None, 2) for s in (2024, 2025)),
    *((s, "E4", c, EpreuveForm.CCF, None, None, 2) for s in (2024, 2025) for c in (HABILITE, FPC)),
    *((s, "E4", PONCTUEL, EpreuveForm.ORALE, 60, 40, 0) for s in (2024, 2025)),
    *((s, "E5", c, EpreuveForm.ECRITE_PRATIQUE, None, None, 0) for s in (2024, 2025) for c in Categorie),
    *((s, "E6", c, EpreuveForm.CCF, None, None, 2) for s in (2024, 2025) for c in (HABILITE, FPC)),
    (2024, "E6", PONCTUEL, EpreuveForm.ORALE, 40, 0, 0),
    (2025, "E6", PONCTUEL, EpreuveForm.ORALE, 30, 0, 0),
    *((s, "EF1", c, EpreuveForm.ORALE, 20, 20, 0) for s in (2024, 2025) for c in Categorie),
]  # fmt: skip


def test_each_epreuve_is_taken_as_the_reglement_says(programme):
    for session, code, categorie, *expected in TABLE:
        rule = selectors.rule_for(version(session).epreuves.get(code=code), categorie)
        found = [rule.form, rule.duration_minutes, rule.preparation_minutes, rule.situations]
        assert found == expected, (session, code, categorie)


@pytest.mark.parametrize(
    ("session", "code", "minutes"),
    [
        (2024, "E4", [None, 20]),
        (2025, "E4", [None, 15]),
        (2024, "E6", [15, 25]),
        (2025, "E6", [15, 15]),
    ],
)
def test_the_situations_of_the_ccf_last_what_the_forms_print(programme, session, code, minutes):
    rule = selectors.rule_for(version(session).epreuves.get(code=code), HABILITE)
    assert [part["code"] for part in rule.parts] == ["A", "B"]
    assert [part.get("duration_minutes") for part in rule.parts] == minutes


def test_e5_is_two_parts_of_the_same_weight_and_never_a_ccf(programme):
    epreuve = version(2025).epreuves.get(code="E5")
    for rule in epreuve.rules.all():
        assert rule.form == EpreuveForm.ECRITE_PRATIQUE
        assert [(p["code"], p["coefficient"], p["duration_minutes"]) for p in rule.parts] == [
            ("E5A", 2, 180),
            ("E5B", 2, 40),
        ]


def test_the_ccf_epreuves_depend_on_the_category(programme):
    def codes(categorie):
        return [e.code for e in selectors.ccf_epreuves(programme.referentiel, categorie)]

    assert codes(HABILITE) == ["E4", "E6"]
    assert codes(FPC) == ["E1", "E2", "E3", "E4", "E6"]
    assert codes(PONCTUEL) == []


@pytest.mark.parametrize(
    ("unit", "bloc"),
    [
        ("U4", "BC01"),
        ("U5", "BC02"),
        ("U6", "BC03"),
        ("U1", "BC04"),
        ("U2", "BC05"),
        ("U3", "BC06"),
    ],
)
def test_each_unit_has_its_bloc_and_its_epreuve(programme, unit, bloc):
    row = programme.referentiel.unites.get(code=unit)
    assert row.bloc.code == f"RNCP38368{bloc}"
    assert row.epreuve.code == unit.replace("U", "E")


def test_the_three_poles_hold_26_lines_and_48_criteres(programme):
    def lines(bloc):
        return SousCompetence.objects.filter(
            competence__bloc__referentiel=programme.referentiel, competence__bloc__code=bloc
        )

    counts = [
        (lines(f"RNCP38368BC0{n}").count(), sum(len(x.criteres) for x in lines(f"RNCP38368BC0{n}")))
        for n in (1, 2, 3)
    ]
    assert counts == [(11, 20), (8, 16), (7, 12)]


def test_the_words_are_those_of_the_referentiel(programme):
    titles = list(
        SousCompetence.objects.filter(competence__bloc__referentiel=programme.referentiel)
        .values_list("competence__title", "title")
        .distinct()
    )
    text = " ".join(word for pair in titles for word in pair)
    assert "évènement" in text
    assert "événement" not in text
    assert "Développer et piloter un réseau de partenaires" in text
    assert "Maîtriser la relation client omnicanale" in text


@pytest.mark.parametrize(
    ("code", "session", "value"),
    [
        ("etude_reflexive_requise", 2024, True),
        ("etude_reflexive_requise", 2025, False),
        ("experience_years", 2021, 3),
        ("experience_years", 2026, 1),
        ("pass_average", 2026, 10),
        ("optional_max", 2026, 2),
        ("theme_E1", 2026, "Les animaux et nous"),
        ("benefit", 2026, {"min_mark": 10, "years": 5}),
    ],
)
def test_a_fact_is_that_of_the_session(programme, code, session, value):
    assert selectors.fact(version(session), code, session=session) == value


@pytest.mark.parametrize(
    ("code", "session"), [("theme_E1", 2027), ("controle", 2021), ("rien", 2026)]
)
def test_a_fact_that_nobody_knows_is_not_invented(programme, code, session):
    with pytest.raises(KeyError):
        selectors.fact(version(session), code, session=session)


def test_every_value_has_a_source_and_a_confidence(programme):
    for referentiel in Referentiel.objects.all():
        assert referentiel.source
        for fact in referentiel.facts.values():
            assert all(row["source"] and row["confidence"] for row in fact["values"])
        for epreuve in referentiel.epreuves.all():
            rows = [epreuve, epreuve.unite, epreuve.unite.bloc, *epreuve.rules.all()]
            assert all(row.source and row.confidence for row in rows)
            assert not epreuve.grid or (epreuve.grid["source"] and epreuve.grid["confidence"])


# --- LZ Formation ----------------------------------------------------------------------------------


def test_the_programme_keeps_what_its_document_prints(programme):
    printed = [(e.code, e.coefficient, e.form) for e in programme.announced_epreuves.all()]
    assert printed == [
        ("E1", 3, "Écrit 4h (ou CCF)"),
        ("E2", 2, "Oral 20mn (ou CCF)"),
        ("E3", 3, "Écrit 4h (ou CCF)"),
        ("E4", 4, "Oral – CCF ou ponctuel"),
        ("E5", 3, "Oral – CCF ou ponctuel"),
        ("E6", 3, "Oral – CCF ou ponctuel"),
        ("E7", 2, "Oral – CCF"),
    ]
    lines = {line["label"]: line for line in programme.sections.first().lines}
    assert lines["Code ROME"]["text"].startswith("D1402")
    assert "D1401" in lines["Code ROME"]["correction"]
    assert "L.6313-1" in lines["Durée"]["text"]
    assert "D643-8" in lines["Durée"]["correction"]
    assert programme.subjects.get(code="cejm").announced_unite == "U4"
    assert programme.subjects.get(code="cejm").unite_code == "U3"


def test_every_value_of_the_programme_says_its_section(programme):
    sources = {
        row.source
        for rows in (programme.sections, programme.announced_epreuves, programme.subjects)
        for row in rows.all()
    }
    outside = {s for s in sources if not s.startswith("Programme LZ Formation, section ")}
    assert outside == {"Absente du programme LZ Formation ; grille horaire scolaire du référentiel"}


def test_no_personal_contact_of_the_document_is_kept(programme):
    from programmes.loader.files import DATA

    for file in DATA.rglob("*.toml"):
        text = file.read_text()
        assert "@" not in text
        assert "06 83" not in text


@pytest.mark.parametrize("slug", ["lz-formation", "cfa-des-tilleuls"])
def test_subjects_hold_675_hours_a_year_at_the_prorata_of_the_school_grid(slug):
    programme = load_ndrc(slug)
    grid = {
        row["code"]: row["hours"] for row in selectors.fact(programme.referentiel, "timetable_grid")
    }
    assert sum(grid.values()) == 870
    subjects = {s.code: s for s in programme.subjects.all()}
    assert list(subjects) == list(grid)
    expected = prorata(list(grid.values()), 675)
    assert [s.hours_year_1 for s in subjects.values()] == expected
    assert [s.hours_year_2 for s in subjects.values()] == expected
    assert sum(s.hours for s in subjects.values()) == programme.hours_announced == 1350
    assert {s.hours_source for s in subjects.values()} == {
        "répartition à valider par le CFA (grille scolaire du référentiel au prorata)"
    }


def test_the_demonstration_centre_says_that_it_is_fictional():
    programme = load_ndrc("cfa-des-tilleuls")
    assert "fictif" in programme.cfa.name
    assert "fictives" in programme.source
