"""`manage.py simulate_exam`: a file in, decisions out, wrong lines told with their number."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

HEADER = "candidat;session;categorie;U1;U2;U3;U4;U5;U6;UF1;EF2\n"


def simulate(path, *options: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("simulate_exam", str(path), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def write(tmp_path):
    def write(text: str | bytes):
        path = tmp_path / "candidats.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.django_db
def test_it_tells_a_wrong_line_with_its_number_and_computes_the_others(write):
    path = write(HEADER + "X1;2027;habilite;9,5;12;8;13;9/12;11;;\n\nB;2027;habilite;20,5;7.25;9;9;9;9;;\nX2;2027;habilite;8;9.5;8.5;11;10;11;14.5;9\n")  # fmt: skip
    out, err = simulate(path, "--format", "json")
    rows = {row["candidat"]: row for row in json.loads(out)}
    assert (rows["X1"]["decision"], rows["X1"]["points"]) == ("admis", 228.5)
    assert (rows["X1"]["coefficients"], rows["X1"]["moyenne"]) == (21, 10.88)
    assert rows["X1"]["unites_acquises"] == ["U2", "U4", "U5", "U6"]
    assert any("D643-22" in step for step in rows["X1"]["etapes"])
    assert rows["X2"]["moyenne"] == 10.02
    assert rows["B"]["ligne"] == 4
    assert rows["B"]["decision"] is None
    assert err.startswith("Ligne 4 : U1 : la note va de 0 à 20")
    assert "7 ou 7,5" in err


@pytest.mark.django_db
def test_it_writes_csv_with_the_separator_of_the_file(write):
    out, _ = simulate(write(HEADER + "X4;2027;ponctuel;D;D;9,5;10,5;9;11,5;;\n"))
    (row,) = csv.DictReader(io.StringIO(out), delimiter=";")
    assert (row["decision"], row["points"], row["coefficients"], row["moyenne"]) == ("admis", "151.5", "15", "10.10")  # fmt: skip
    assert row["unites_acquises"] == "U4 U6"


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_it_reads_files_as_spreadsheets_write_them(write, encoding):
    text = "Candidat,Session,Catégorie,U1,U2,U3,U4,U5,U6\r\nÉlise,2027,ponctuel,10,10,10,10,10,\"10,5\"\r\n"  # fmt: skip
    (row,) = json.loads(simulate(write(text.encode(encoding)), "--format", "json")[0])
    assert (row["candidat"], row["decision"], row["points"]) == ("Élise", "admis", 211.5)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "vide"),
        (b"a;b\n1;2\n", "Il manque les colonnes candidat, session et categorie"),
        (b"candidat;session;categorie;U1;U1\n", "deux fois"),
        (b"\x00\x01\x02", "pas un texte CSV"),
    ],
)
def test_it_refuses_a_file_that_is_not_one(write, text, words):
    with pytest.raises(CommandError, match=words):
        simulate(write(text))


@pytest.mark.django_db
def test_it_says_when_an_unquoted_comma_shifts_the_cells(write):
    _, err = simulate(write("candidat,session,categorie,U1,U2,U3,U4,U5,U6\nA,2027,ponctuel,9,5,10,10,10,10,10\n"))  # fmt: skip
    assert "Ligne 2" in err
    assert "guillemets" in err


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", ['A;2027;ponctuel;"12;9;9;9;9;9', "A;2027;ponctuel;" + "9" * 200_000]
)
def test_a_broken_line_spoils_no_other(write, wrong):
    path = write(HEADER + wrong + "\nB;2027;ponctuel;10;10;10;10;10;10;;\n")
    out, err = simulate(path, "--format", "json")
    first, second = json.loads(out)
    assert (first["ligne"], first["decision"]) == (2, None)
    assert (second["candidat"], second["decision"]) == ("B", "admis")
    assert err.startswith("Ligne 2 : ")


@pytest.mark.django_db
def test_a_record_over_two_lines_and_odd_characters_keep_their_numbers(write):
    good = "2027;ponctuel;10;10;10;10;10;10;;\n"
    path = write("sep=;\n" + HEADER + f'"A\nB";{good}C\u2028\x0b;{good}D;9999;ponctuel;10;;;;;;;\n')
    out, err = simulate(path, "--format", "json")
    found = [(one["ligne"], one["candidat"], one["decision"]) for one in json.loads(out)]
    assert found[:2] == [(3, "A\nB", "admis"), (5, "C", "admis")]
    assert err.startswith("Ligne 6 : « 9999 » n'est pas une session")


@pytest.mark.django_db
def test_it_tells_every_fault_of_a_line_at_once(write):
    _, err = simulate(write(HEADER + "A;2027;ponctuel;20,5;C 9 2025;C 13 2019;D;9;9;;\n"))
    for words in ("U1 : la note va", "d'au moins 10", "jusqu'à la session 2024", "seule la VAE"):
        assert words in err


def test_it_refuses_a_file_that_does_not_exist():
    with pytest.raises(CommandError, match="absent"):
        simulate("/nulle/part/absent.csv")


@pytest.mark.django_db
def test_a_strict_run_ends_with_an_error(write):
    path = write(HEADER + "B;2027;habilite;;7;9;9;9;9;;\n")
    with pytest.raises(SystemExit):
        simulate(path, "--strict")


@pytest.mark.django_db
def test_it_says_which_columns_it_ignores(write):
    _, err = simulate(write("candidat;session;categorie;U1;U2;U3;U4;U5;U6;Remarque\nA;2027;ponctuel;9;9;9;9;9;9;x\n"))  # fmt: skip
    assert "REMARQUE" in err
