"""The list of contracts in a CSV file, and the public simulator."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

HEADER = "contrat;type;naissance;debut;fin;cycle_mois;smc;taux_plancher;majoration_15;rqth;bac_professionnel;mayotte"
E8 = "E8;apprentissage;10/03/2009;01/09/2026;31/08/2028;24;;;;;;"
E10 = "E10;apprentissage;20/11/2005;01/09/2025;31/08/2027;24;;;;;;"


@pytest.fixture
def run(tmp_path):
    def run(text, encoding="utf-8", **options):
        path = tmp_path / "contrats.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        out, err = StringIO(), StringIO()
        call_command("pay_schedule", str(path), stdout=out, stderr=err, **options)
        return out.getvalue(), err.getvalue()

    return run


def test_it_writes_the_segments_as_json(run):
    out, err = run("\n".join([HEADER, E8, E10]), format="json")
    assert err == ""
    first, second = json.loads(out)
    assert first == {
        "contrat": "E8",
        "segments": [
            {"du": "01/09/2026", "au": "31/03/2027", "annee": 1, "taux": 27, "base": "SMIC", "euros": 504.10},
            {"du": "01/04/2027", "au": "31/08/2027", "annee": 1, "taux": 43, "base": "SMIC", "euros": 802.82},
            {"du": "01/09/2027", "au": "31/08/2028", "annee": 2, "taux": 51, "base": "SMIC", "euros": 952.18},
        ],
    }  # fmt: skip
    assert [s["euros"] for s in second["segments"]] == [774.77, 918.92, 1099.10]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("X;apprentissage;30/02/2009;01/09/2026;31/08/2028;24;;;;;;", "naissance"),
        ("X;apprentissage;2009-03-10;01/09/2026;31/08/2028;24;;;;;;", "JJ/MM/AAAA"),
        ("X;stage;10/03/2009;01/09/2026;31/08/2028;24;;;;;;", "type"),
        (";apprentissage;10/03/2009;01/09/2026;31/08/2028;24;;;;;;", "contrat"),
        ("X;apprentissage;10/03/2009;01/09/2028;31/08/2026;24;;;;;;", "doit suivre"),
        ("X;apprentissage;10/03/2009;01/09/2026;31/08/2028;deux ans;;;;;;", "cycle_mois"),
        ("X;apprentissage;10/03/2009;01/09/2026;31/08/2028;24;NaN;;;;;", "smc"),
        ("X;apprentissage;10/03/2009;01/09/2026;31/08/2028;24;;;peut-être;;;", "majoration_15"),
        ("X;apprentissage;10/03/2009;01/09/2026;31/08/2028;24;;;;;;;;en trop", "colonnes"),
        ("X;apprentissage;10/03/1999;01/09/2019;31/08/2021;24;;;;;;", "Aucune valeur connue"),
    ],
)
def test_it_reports_a_wrong_line_with_its_number_and_computes_the_others(run, line, said):
    out, err = run("\n".join([HEADER, E8, line, E10]), format="json")
    rows = json.loads(out)
    assert [len(row["segments"]) for row in rows] == [3, 0, 3]
    assert rows[1]["ligne"] == 3
    assert said in rows[1]["erreur"]
    assert err.startswith("ligne 3 : ")


def test_it_reads_commas_marks_and_the_windows_encoding(run):
    comma = "\n".join([HEADER, E8.replace("E8", "Été")]).replace(";", ",")
    for encoding in ("utf-8-sig", "cp1252"):
        assert json.loads(run(comma, encoding, format="json")[0])[0]["contrat"] == "Été"
    assert "504.10 €" in run("\n".join([HEADER, E8]))[0]


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2", b"\x00\x01", b"contrat;type\n"])
def test_it_says_what_is_wrong_with_the_whole_file(run, content):
    with pytest.raises(CommandError):
        run(content)


def test_it_can_end_with_an_error(run):
    with pytest.raises(CommandError, match="1 ligne"):
        run("\n".join([HEADER, "X;stage;;;;;;;;;;"]), strict=True)


ASKED = {
    "kind": "apprentissage",
    "born_on": "2009-03-10",
    "starts_on": "2026-09-01",
    "ends_on": "2028-08-31",
    "cycle_months": "24",
}


@pytest.mark.django_db
def test_anybody_simulates_and_reads_the_text_of_each_line(client):
    url = reverse("apprentices:pay_simulate")
    assert client.get(url).status_code == 200
    html = client.get(url, {**ASKED, "smc": "2000"}).content.decode()
    for word in ("504,10", "802,82", "952,18", "art. D6222-31", "P1", "SMIC à paraître"):
        assert word in html
    part = client.get(url, ASKED, headers={"HX-Request": "true"}).content.decode()
    assert "504,10" in part
    assert "<html" not in part


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"born_on": "demain"},
        {"ends_on": "2026-08-31"},
        {"ends_on": "2060-08-31"},
        {"starts_on": "2001-01-01", "ends_on": "2003-01-01", "born_on": "1980-01-01"},
        {"smc": "-1"},
        {"kind": "x"},
    ],
)
def test_it_answers_a_wrong_simulation_with_a_sentence(client, changes):
    answer = client.get(reverse("apprentices:pay_simulate"), {**ASKED, **changes})
    assert answer.status_code == 422
    assert "À corriger" in answer.content.decode()


@pytest.mark.django_db
def test_a_contract_of_a_year_without_smic_says_what_is_known_and_what_is_supposed(client):
    terms = {**ASKED, "starts_on": "2027-09-01", "ends_on": "2029-08-31", "smc": "2000"}
    html = client.get(reverse("apprentices:pay_simulate"), terms).content.decode()
    assert "Dernier SMIC publié" in html
    assert "SMIC au début du contrat" not in html
    assert "base (SMIC ou SMC) est choisie d&#x27;après ce dernier SMIC" in html
