import pytest

from ndrc_cfa.testing import problems_of

PAGE = '<!doctype html><html lang="fr"><head><title>Titre</title></head><body>{}</body></html>'
GOOD = (
    '<h1>Bonjour</h1><img src="a.png" alt=""><label for="n">Nom</label><input id="n" name="n">'
    '<label>Actif <input type="checkbox" name="c"></label><a href="/"><svg></svg>Accueil</a>'
    '<table><caption>Heures</caption><tr><th scope="col">Jour</th></tr></table>'
)


def test_it_accepts_a_clean_page():
    assert problems_of(PAGE.format(GOOD)) == []


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("{{ name }}", "unrendered template tag"),
        ('<p onclick="x()">a</p>', "inline onclick="),
        ('<p style="color:red">a</p>', "inline style="),
        ("<style>p{}</style>", "inline <style>"),
        ("<script>x()</script>", "inline <script>"),
        ('<a href="javascript:x()">a</a>', "javascript: address"),
        ("<h1>Encore</h1>", "2 <h1>"),
        ('<img src="b.png">', "without alt"),
        ('<input name="x">', "without a label"),
        ('<label for="absent">x</label>', "missing id 'absent'"),
        ("<table></table>", "without caption"),
        ("<table><caption>a</caption><tr><th>b</th></tr></table>", "without scope"),
        ('<p id="n">x</p>', "id 'n' used 2 times"),
        ('<a href="/"><svg></svg></a>', "<a> without a name"),
        ('<button type="button"></button>', "<button> without a name"),
    ],
)
def test_it_names_what_is_wrong(extra, said):
    assert any(said in problem for problem in problems_of(PAGE.format(GOOD + extra)))


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<html lang="en"><title>a</title><h1>a</h1></html>', 'not "fr"'),
        ('<html lang="fr"><title></title><h1>a</h1></html>', "no page title"),
        ('<html lang="fr"><title>a</title></html>', "0 <h1>"),
    ],
)
def test_it_wants_language_title_and_heading(html, said):
    assert any(said in problem for problem in problems_of(html))


def test_it_reads_json_scripts_as_data():
    assert problems_of('<script type="application/json">{"a": {"b": 1}}</script>') == []


def test_it_asks_no_title_of_a_fragment():
    assert problems_of("<p>Un morceau</p>") == []
