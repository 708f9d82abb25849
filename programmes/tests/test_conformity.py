"""The findings on the three documents are those of docs/rules/conformite.md: none missing, none invented."""

import json
import re
from copy import deepcopy
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from programmes.conformity import check
from programmes.enums import Categorie, Severity
from programmes.loader import read_bundle
from programmes.tests.recipes import load_ndrc

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = {"id", "severity", "subject", "says", "where", "official", "source", "advice"}
PROGRAMMES = ("lz-formation", "etiic", "charmilles")


@cache
def bundle():
    return read_bundle()


def trees(slug: str):
    data = next(row for row in bundle().programmes if row.cfa["slug"] == slug)
    version = next(row for row in bundle().referentiels if row.session_from == 2025)
    return version.tree, deepcopy(data.tree)


def found(slug: str, categorie=Categorie.PONCTUEL, **changes):
    referentiel, programme = trees(slug)
    programme.fields.update(changes)
    return {row.id: row for row in check(referentiel, programme, categorie)}


def documented(slug: str) -> dict[str, str]:
    """The table of one programme in the rules page: identifier -> severity."""
    text = (ROOT / "docs/rules/conformite.md").read_text()
    part = text.split(f"### `{slug}`")[1].split("\n### ")[0]
    return dict(re.findall(r"^\| `([A-Za-z0-9-]+)` \| (\w+) \|", part, re.M))


@pytest.mark.parametrize("slug", PROGRAMMES)
def test_the_findings_are_those_of_the_rules_page(slug):
    words = {"bloquant": "blocking", "avertissement": "warning", "information": "information"}
    expected = {name: words[told] for name, told in documented(slug).items()}
    assert {name: row.severity.value for name, row in found(slug).items()} == expected


@pytest.mark.parametrize("slug", PROGRAMMES)
def test_each_finding_says_what_where_and_by_which_text(slug):
    for row in found(slug).values():
        for key in KEYS:
            assert row.as_json()[key], (row.id, key)
        assert set(row.as_json()) == KEYS


# (programme, finding, words of the document, words of the official value, words of the source)
ROWS = [
    ("lz-formation", "COEF-E2", "2", "3", "19 février 2018"),
    ("lz-formation", "COEF-E4", "4", "5", "19 février 2018"),
    ("lz-formation", "COEF-E5", "3", "4", "19 février 2018"),
    ("lz-formation", "COEF-SOMME", "20", "21", "19 février 2018"),
    ("lz-formation", "EPREUVE-E7", "Atelier", "n'existe pas", "19 février 2018"),
    ("lz-formation", "UNITE-cejm", "U4", "U3", "19 février 2018"),
    ("lz-formation", "DUREE-E1", "4 h", "3 h", "13 juillet 2023"),
    ("lz-formation", "DUREE-E2", "20 min", "30 min, préparation 30 min", "2018"),
    ("lz-formation", "FORME-E5", "Oral", "écrite et pratique", "2018"),
    ("lz-formation", "ROME", "D1402", "D1401", "RNCP38368"),
    ("lz-formation", "BLOC-U3", "BC05 + BC06", "BC06 seul", "2018"),
    ("lz-formation", "DUREE-DATES", "24 mois", "18 mois", "dates"),
    ("lz-formation", "HEURES-RYTHME", "1 350 h", "1 057 h", "jours fériés"),
    ("lz-formation", "TEXTE-hours", "L.6313-1", "D643-8", "D643-8"),
    ("lz-formation", "TEXTE-reduction", "L.6222-14", "L6222-7-1", "L6222-7-1"),
    ("lz-formation", "DISPENSES", "U1 et U2", "U3", "annexe II b"),
    ("etiic", "DUREE-E1", "4 h", "3 h", "session 2027"),
    ("etiic", "HEURES-MINIMUM", "1 120 h", "1 350 h", "D643-8"),
    ("etiic", "SEMAINES", "32", "30", "document"),
    ("etiic", "CERTIFICATEUR", "éducation nationale", "enseignement supérieur", "RNCP38368"),
    ("charmilles", "HEURES-SOMME", "1 220 h", "130 h", "120 + 150 + 200"),
    ("charmilles", "REUNIES-E2-EF1", "LV1 - LV2", "facultative", "2018"),
    ("charmilles", "NATURE", "Titre", "diplôme", "2018"),
    ("charmilles", "HEURES-RYTHME", "2 jours", "1 190 h", "jours fériés"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "name", "says", "official", "source"), ROWS)
def test_the_two_values_and_the_text_are_told(slug, name, says, official, source):
    row = found(slug)[name]
    assert says in row.says
    assert official in row.official
    assert source in row.source


def test_a_centre_with_the_habilitation_may_announce_the_ccf():
    for slug in ("etiic", "charmilles"):
        assert "HABILITATION" in found(slug)
        habilite = found(slug, Categorie.HABILITE)
        assert "HABILITATION" not in habilite
        assert not [name for name in habilite if name.startswith("FORME")]
    lz = found("lz-formation", Categorie.HABILITE)
    assert "HABILITATION" not in lz
    assert "CCF, 2 situations" in lz["FORME-E4"].official


def test_the_same_document_for_an_older_session_has_older_rules():
    old = next(row for row in bundle().referentiels if row.session_from == 2020)
    _, programme = trees("etiic")
    names = {row.id for row in check(old.tree, programme, Categorie.PONCTUEL, session=2024)}
    assert "DUREE-E1" not in names
    assert "REGLE-etude-reflexive-requise" not in names


def test_a_programme_without_error_has_no_finding():
    referentiel, programme = trees("lz-formation")
    official = {
        code: epreuve
        for bloc in referentiel.children["blocs"].values()
        for unite in bloc.children["unites"].values()
        for code, epreuve in unite.children["epreuves"].items()
    }
    forms = {
        "E1": "écrit 3 h", "E2": "oral 30 min (préparation 30 min)", "E3": "écrit 4 h",
        "E4": "oral 1 h + 40 min", "E5": "écrit 3 h et pratique 40 min", "E6": "oral 30 min",
        "EF1": "oral 20 min (préparation 20 min)",
    }  # fmt: skip
    model = programme.children["announced_epreuves"]["E1"]
    programme.children["announced_epreuves"] = {}
    for position, (code, form) in enumerate(forms.items()):
        row = deepcopy(model)
        row.fields |= {
            "title": official[code].fields["title"],
            "coefficient": official[code].fields["coefficient"],
            "form": form,
            "position": position,
        }
        programme.children["announced_epreuves"][code] = row
    for subject in programme.children["subjects"].values():
        subject.fields |= {"announced_unite": "", "announced_coefficient": None}
    programme.fields |= {"claims": [], "assumed": [], "hours_announced": 1350}
    assert [row.id for row in check(referentiel, programme, Categorie.PONCTUEL)] == [
        "HEURES-RYTHME"
    ]
    programme.fields["rhythm"]["weekdays"] = [0, 1, 2]
    assert check(referentiel, programme, Categorie.PONCTUEL) == []


@pytest.mark.django_db
class TestCommand:
    def run(self, slug, *args):
        out = StringIO()
        status = 0
        try:
            call_command("check_programme", slug, *args, stdout=out)
        except SystemExit as end:
            status = end.code
        return status, out.getvalue()

    @pytest.mark.parametrize("slug", PROGRAMMES)
    def test_it_reads_the_shipped_files_when_nothing_is_loaded(self, slug):
        status, out = self.run(slug, "--format", "json")
        rows = json.loads(out)
        assert status == 1
        assert {row["id"] for row in rows} == set(found(slug))
        assert all(set(row) == KEYS for row in rows)

    def test_the_database_and_the_file_say_the_same(self, cast):
        _, before = self.run("lz-formation", "--format", "json")
        load_ndrc("lz-formation")
        _, after = self.run("lz-formation", "--format", "json")
        assert json.loads(before) == json.loads(after)
        assert self.run("lz-formation-ndrc-2027", "--format", "json")[1] == after

    def test_the_words_hold_every_finding(self):
        _, out = self.run("etiic")
        for name in found("etiic"):
            assert f" {name} ·" in out
        assert "8 constats : 3 bloquant" in out

    def test_an_unknown_name_is_told(self):
        with pytest.raises(CommandError, match="ne s'appelle"):
            self.run("inconnu")


def test_nothing_blocks_more_than_it_must():
    """Only hours and dates, which a document prints from the CFA's values, stop its issue."""
    for slug in PROGRAMMES:
        stops = {name for name, row in found(slug).items() if row.stops_issue}
        assert stops <= {"HEURES-SOMME", "HEURES-MINIMUM", "HEURES-RYTHME", "DUREE-DATES"}
        assert all(found(slug)[name].severity is Severity.BLOCKING for name in stops)
