"""A block of marks, without database: who and what each cell is, and what is refused in it."""

import pytest

from evaluations.headings import Column
from evaluations.marks.rules import Scale, parse_cell
from evaluations.pasting import Person, read_block, rows_of, seen_values

PEOPLE = [
    Person("1", "Benali", "Aïcha", "0123"),
    Person("2", "Martin", "Noé"),
    Person("3", "Martin", "Zoé"),
    Person("4", "O'Brien", "Tom"),
]
ONE = [Column("q", ("Quiz 1",))]
TWO = [*ONE, Column("c", ("Cas", "Négociation · Cas (sur 20)"))]


def check(person: str, column: str, text: str) -> None:
    parse_cell(text, Scale())


def block(text, columns=ONE, **where):
    return read_block(text, PEOPLE, columns, check, **where)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BENALI Aicha\t12,5", [("matched", "1")]),
        ("Aïcha Benali;12", [("matched", "1")]),
        ("0123;12", [("matched", "1")]),
        ("Martin\tNoé\t9", [("matched", "2")]),
        ("Martin\t9", [("ambiguous", "")]),
        ("Durand Paul\t9", [("unknown", "")]),
        ("9999;9", [("unknown", "")]),
        ("Benali\t", [("empty", "1")]),
        ("Benali\t1\nBenali Aïcha\t2", [("matched", "1"), ("twice", "1")]),
        ("O'Brien\tTom\tA", [("matched", "4")]),
        ('"Benali";"12"', [("matched", "1")]),
        ("10\n\n11", [("matched", "1"), ("empty", "2"), ("matched", "3")]),
        ("\n10\nABS\n\n", [("empty", "1"), ("matched", "2"), ("matched", "3")]),
        ("10\n-\n11", [("matched", "1"), ("empty", "2"), ("matched", "3")]),
        ("Nom\tNote\nBenali\t12", [("matched", "1")]),
        ("Martin Zoé;8\n\nBenali;9", [("matched", "3"), ("matched", "1")]),
    ],
)
def test_it_matches_each_pasted_line_or_says_why_not(text, expected):
    lines = block(text).lines
    assert [(one.kind, one.person.key if one.person else "") for one in lines] == expected


@pytest.mark.parametrize("mark", ["25", "12/20", "7,255", "1e1", "-3", "absentt"])
def test_it_refuses_a_cell_that_is_not_a_mark(mark):
    found = block(f"Benali\t{mark}")
    assert [cell.kind for cell in found.lines[0].cells] == ["refused"]
    assert (found.marks, found.refused) == ({}, 1)


def test_an_empty_cell_keeps_its_place_in_a_column_without_names():
    assert block("12\n\n14\nABS", start="1").marks == {
        ("1", "q"): "12",
        ("3", "q"): "14",
        ("4", "q"): "ABS",
    }


def test_it_counts_the_lines_that_nobody_can_take():
    found = block("\n".join(["10"] * 300), start="2")
    assert "297 lignes de plus" in found.error
    assert len(list(found.shown)) == 6


@pytest.mark.parametrize(
    "text",
    [
        "Nom;Prénom;Cas;Quiz 1\nBenali;Aïcha;11;12,5\nMartin;Zoé;A;",
        "Nom;Prénom;N° candidat;Cas;Quiz 1\nX;Y;0123;11;12,5\nMartin;Zoé;;A;",
        "Apprenti\tNégociation · Cas (sur 20)\tQUIZ 1\nAïcha Benali\t11\t12,5\nZoe Martin\tA\t",
    ],
)
def test_a_grid_is_read_by_its_titles_in_any_order(text):
    found = block(text, TWO)
    assert found.marks == {("1", "c"): "11", ("1", "q"): "12,5", ("3", "c"): "A"}
    assert (found.error, found.left_out) == ("", ())


# What the services of the academies send: lines above the titles, both names, all the first names.
U = [Column(f"U{n}", (f"E{n} · U{n}", f"U{n}", f"E{n}", title)) for n, title in ((1, "Culture générale"), (4, "Négociation"))]  # fmt: skip
ACADEMY = "Académie;Versailles\nSession 2027;BTS NDRC\n\n{titles}\n{row}"


@pytest.mark.parametrize(
    ("titles", "row"),
    [
        ("Nom;Prénom;U1;U4", "BENALI;Aïcha;12,50;13"),
        ("N° candidat;Nom de famille;Prénom(s);E1 - Culture générale;Note E4", "123;X;Y;12,50;13"),
        ("Nom de naissance;Nom d'usage;Prénoms;U1 (sur 20);Négociation", "AMRANI;BENALI;AÏCHA;12,50;13"),
        ("Nom;Prénoms;Né(e) le;Épreuve E1;E4", "BENALI;Aïcha, Fatima;01/02/2005;12,50;13"),
    ],
)  # fmt: skip
def test_it_finds_the_titles_of_an_academy_under_what_comes_before(titles, row):
    found = block(ACADEMY.format(titles=titles, row=row), U)
    assert found.marks == {("1", "U1"): "12,50", ("1", "U4"): "13"}
    assert [line.number for line in found.lines] == [5]


def test_a_title_that_two_columns_could_mean_is_left_aside():
    found = block("Nom;Note E4;Épreuve E4;U1\nBenali;9;13;12", U)
    assert found.left_out == ("Note E4", "Épreuve E4")


def test_other_first_names_may_follow_the_one_known_but_nobody_is_guessed():
    assert block("Benali Aïcha Fatima;12").marks == {("1", "q"): "12"}
    assert block("Benalia Aïcha;12").unknown == 1
    assert block("Martin Noé-Zoé;12").marks == {("2", "q"): "12"}


def test_what_the_file_only_repeats_is_not_written():
    found = read_block("Benali;DI\nO'Brien;12", PEOPLE, ONE, lambda *cell: "Déjà dit." if cell[2] == "DI" else None)  # fmt: skip
    assert (found.marks, found.refused) == ({("4", "q"): "12"}, 0)


def test_several_columns_without_title_begin_at_the_cell_where_they_are_pasted():
    found = block("12\t13\n\t9", TWO, start="2", first="q")
    assert found.marks == {("2", "q"): "12", ("2", "c"): "13", ("3", "c"): "9"}
    named = block("Benali;Aïcha;12;13", TWO, first="q")
    assert named.marks == {("1", "q"): "12", ("1", "c"): "13"}
    assert "plus de colonnes" in block("12\t13\t14", TWO, first="q").error


def test_a_grid_with_one_wrong_cell_writes_nothing_and_a_column_leaves_it_aside():
    text = "Nom;Quiz 1;Cas\nBenali;12;21\nMartin Noé;8;9"
    found = block(text, TWO)
    assert "rien n'est écrit" in found.error
    assert found.lines[0].cells[1].message.startswith("21 dépasse")
    assert block("Benali;12\nMartin Noé;21").error == ""


def test_it_names_the_columns_that_it_leaves_aside_and_refuses_a_file_without_any():
    assert block("Nom;Groupe;Quiz 1\nBenali;B;12", TWO).left_out == ("Groupe",)
    assert "Aucune colonne" in block("Nom;Groupe\nBenali;B", TWO).error
    assert "Aucune colonne" in block("12\n13", TWO).error


def test_a_total_under_the_names_is_said_unknown():
    found = block("Nom;Quiz 1\nBenali;12\nMoyenne;12", TWO)
    assert found.unknown == 1


def test_what_would_be_replaced_is_part_of_the_digest():
    found = block("Benali;12")
    assert seen_values(found, {("1", "q"): "9"}) != seen_values(found, {})
    assert seen_values(found, {("2", "q"): "9"}) == seen_values(found, {})


def test_it_reads_the_lines_of_every_system():
    assert rows_of("a;1\r\nb\t2\rc\n\n") == [["a", "1"], ["b", "2"], ["c"]]
