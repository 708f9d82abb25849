"""Reading what documents print: durations and forms, in any spelling."""

import pytest

from programmes.conformity.words import PrintedForm, hours, minutes_in, plain


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Écrit 4h (ou CCF)", (240,)),
        ("Écrit 3 h", (180,)),
        ("1 h 30", (90,)),
        ("Oral 20mn (ou CCF)", (20,)),
        ("Oral de 40 minutes", (40,)),
        ("Écrit, 2 heures", (120,)),
        ("oral, 30 min* + 30 min", (30, 30)),
        ("oral, 20 mn (20 mn*)", (20, 20)),
        ("3h + 40 min", (180, 40)),
        ("40 min* + 1h", (40, 60)),
        ("CCF 2 situations d'évaluation", ()),
        ("Oral – CCF ou ponctuel", ()),
        ("", ()),
    ],
)
def test_every_printed_duration_is_read(text, minutes):
    assert minutes_in(text) == minutes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Écrit 4h (ou CCF)", {"written", "ccf"}),
        ("Oral – CCF ou ponctuel", {"oral", "ccf", "ponctuel"}),
        ("Épreuve ponctuelle écrite + pratique", {"written", "practical", "ponctuel"}),
        ("contrôle en cours de formation", {"ccf"}),
        ("", set()),
    ],
)
def test_the_words_of_a_form_are_read(text, told):
    form = PrintedForm.read(text)
    names = ("written", "oral", "practical", "ccf", "ponctuel")
    assert {name for name in names if getattr(form, name)} == told


def test_titles_are_compared_without_accents_ligatures_and_signs():
    assert plain("Mettre en œuvre – l’évènement") == plain("mettre en oeuvre l'événement")


def test_hours_are_written_the_french_way():
    assert [hours(value) for value in (1350, 1012.5, 47, 0)] == [
        "1 350 h",
        "1 012,5 h",
        "47 h",
        "0 h",
    ]
