"""Spaces that do not break, the first of the month: « ~ » stands for the no-break space."""

import json

import pytest
from django.conf import settings
from django.http import HttpResponse, JsonResponse

from accounts.mail import send_letter
from accounts.middleware import TypographyMiddleware
from accounts.typography import french, french_html, french_json


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Moyenne : 12,5 ; suite ? « oui » !", "Moyenne~: 12,5~; suite~? «~oui~»~!"),
        ("le 1 septembre 2026", "le 1er~septembre 2026"),
        ("du 11 mai au 21 mai", "du 11~mai au 21~mai"),
        ("de 13 h 30 à 17 h, 43 % et 120 €", "de 13~h~30 à 17~h, 43~% et 120~€"),
        ("Avenant n° 2, art. L6222-1", "Avenant n°~2, art.~L6222-1"),
        ("a:b 10:30 https://cfa.example/?x=1;y=2", "a:b 10:30 https://cfa.example/?x=1;y=2"),
        ("11 814 apprentis, 30 nov., 2 Mo", "11~814 apprentis, 30~nov., 2~Mo"),
        ("15,5 / 20, et / ou", "15,5~/~20, et / ou"),
        ("Livret de Aïcha, que Élise signe", "Livret d'Aïcha, qu'Élise signe"),
        ("de E4, de Hugo, chaque Élève, de OPCO", "de E4, de Hugo, chaque Élève, de OPCO"),
        ("12 maisons, 1 maison", "12 maisons, 1 maison"),
    ],
)
def test_it_sets_a_text_as_french_typography_wants(typed, printed):
    assert french(typed) == printed.replace("~", "\u00a0")
    assert french(french(typed)) == french(typed)


def test_it_leaves_alone_what_a_machine_reads_and_what_a_person_typed():
    kept = (
        '<a href="/x?a=1 ; b" data-title="Ah : b" data-say="Non !">',
        (
            "<script>a ? b : c</script><textarea>Vrai ?</textarea><pre>a : b</pre><code>1 h 30</code>"
        ),
    )
    page = "{}Voir : le 1 mai ?</a> : « <b>oui</b> »{}fin :".format(*kept)
    left = "{}Voir~: le 1er~mai~?</a>~: «~<b>oui</b>~»{}fin~:".format(*kept)
    assert french_html(page) == left.replace("~", "\u00a0")


def test_a_line_that_the_template_begins_anew_is_a_space():
    page = '<p>\n  Livret de\n  Aïcha : 94,9\n\t%</p><input value="a\n b"><textarea>\n a\n ?</textarea>'
    left = '<p> Livret d\'Aïcha~: 94,9~%</p><input value="a\n b"><textarea>\n a\n ?</textarea>'
    assert french_html(page) == left.replace("~", "\u00a0")


def test_it_sets_what_is_heard_and_read_of_an_attribute():
    page = (
        '<a href="?a=1 ; b" aria-label="Moyenne de Élodie : 12" title="le 1 mai"><img alt="Oui !">'
    )
    left = '<a href="?a=1 ; b" aria-label="Moyenne d\'Élodie~: 12" title="le 1er~mai"><img alt="Oui~!">'
    assert french_html(page) == left.replace("~", "\u00a0")


def test_a_letter_leaves_as_a_page_does(mailoutbox):
    send_letter("Livret : avis de Élodie", "Le 1 mai : https://cfa.example/?a=1", ["a@x.example"])
    (letter,) = mailoutbox
    assert letter.subject == "Livret\u00a0: avis d'Élodie"
    assert letter.body == "Le 1er\u00a0mai\u00a0: https://cfa.example/?a=1"


def test_an_answer_to_a_script_says_its_sentences_so_and_keeps_the_values():
    body = {"value": "a : b", "rows": [{"message": "Non : 3 mois"}], "missing": ["Date ?"], "n": 1}
    told = {"value": "a : b", "rows": [{"message": "Non~: 3~mois"}], "missing": ["Date~?"], "n": 1}
    assert json.loads(french_json(json.dumps(body))) == json.loads(
        json.dumps(told, ensure_ascii=False).replace("~", "\u00a0")
    )


def test_a_page_and_a_fragment_leave_with_them_and_a_file_does_not(rf):
    def sent(kind):
        answer = HttpResponse("Total : 12 €", content_type=kind)
        return TypographyMiddleware(lambda request: answer)(rf.get("/")).text

    assert sent("text/html; charset=utf-8") == "Total\u00a0: 12\u00a0€"
    answered = TypographyMiddleware(lambda request: JsonResponse({"message": "Non !"}))(rf.get("/"))
    assert json.loads(answered.content) == {"message": "Non\u00a0!"}
    assert sent("text/csv; charset=utf-8") == sent("text/plain") == "Total : 12 €"
    assert "accounts.middleware.TypographyMiddleware" in settings.MIDDLEWARE
