"""Spaces that do not break, the first of the month: « ~ » stands for the no-break space."""

import pytest

from documents.typography import french, french_html


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Moyenne : 12,5 ; suite ? « oui » !", "Moyenne~: 12,5~; suite~? «~oui~»~!"),
        ("le 1 septembre 2026", "le 1er~septembre 2026"),
        ("du 11 mai au 21 mai", "du 11~mai au 21~mai"),
        ("de 13 h 30 à 17 h, 43 % et 120 €", "de 13~h~30 à 17~h, 43~% et 120~€"),
        ("Avenant n° 2, art. L6222-1", "Avenant n°~2, art.~L6222-1"),
        ("a:b 10:30 https://cfa.example/?x=1;y=2", "a:b 10:30 https://cfa.example/?x=1;y=2"),
        ("12 maisons, 1 maison", "12 maisons, 1 maison"),
    ],
)
def test_it_sets_a_text_as_french_typography_wants(typed, printed):
    assert french(typed) == printed.replace("~", "\u00a0")
    assert french(french(typed)) == french(typed)


def test_it_leaves_tags_and_addresses_alone():
    page = '<a href="/x?a=1 ; b" title="Voir : tout">Voir : tout</a>'
    assert french_html(page) == page.replace(">Voir :", ">Voir\u00a0:")
