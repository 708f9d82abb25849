"""The loader tells every problem at once, with its file and line."""

from pathlib import Path

import pytest

from programmes.loader import read_bundle
from programmes.loader.files import DATA

FILES = {file.name: file for file in DATA.rglob("*.toml")}
BASE, V2018, V2025, LZ = (
    "ndrc-socle.toml",
    "ndrc-sessions-2020-2024.toml",
    "ndrc-sessions-2025.toml",
    "lz-formation.toml",
)

PROGRAMMES = {name for name in FILES if not name.startswith("ndrc-")}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, file in FILES.items():
        (tmp_path / name).write_text(file.read_text())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edit(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first occurrence; the line on which it stands."""
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def told(*paths) -> list[str]:
    return [str(problem) for problem in read_bundle(list(paths) or [Path()]).problems]


def test_the_shipped_files_have_no_problem(folder):
    bundle = read_bundle([folder])
    assert bundle.problems == []
    assert len(bundle.referentiels) == 2
    assert len(bundle.programmes) == len(PROGRAMMES)


def test_the_default_folder_leaves_the_demonstration_out():
    assert "cfa-des-tilleuls" not in [p.cfa["slug"] for p in read_bundle().programmes]
    assert [p.cfa["slug"] for p in read_bundle([DATA / "demo"]).programmes] == ["cfa-des-tilleuls"]


# (file, text replaced, its replacement, the message on that line)
ONE = [
    (BASE, 'coefficient = 3\n', 'coefficient = "3"\n', "« coefficient » doit être un nombre"),
    (BASE, "coefficient = 3\n", "coefficient = 0\n", "de 1 à 99"),
    (BASE, "coefficient = 3\n", "coefficient = 3.5\n", "un coefficient est entier"),
    (BASE, "coefficient = 3\n", "coefficient = nan\n", "nombre fini"),
    (BASE, "coefficient = 3\n", "coeficient = 3\n", "vouliez-vous dire « coefficient » ?"),
    (BASE, "cycle_months = 24", "cycle_months = 24.0", "nombre entier"),
    (BASE, "cycle_months = 24", "cycle_months = true", "nombre entier"),
    (BASE, "is_professional = true", 'is_professional = "oui"', "true ou false"),
    (BASE, "registered_until = 2028-12-31", 'registered_until = "31/12/2028"', "une date"),
    (BASE, "registered_until = 2028-12-31", "registered_until = 1028-12-31", "1990-2100"),
    (BASE, 'rncp = "RNCP38368"', 'rncp = "38368"', "RNCP suivi de 3 à 5 chiffres"),
    (BASE, 'confidence = "gk"', 'confidence = "sûr"', "« found », « found-2nd »"),
    (BASE, 'source = "RNCP ; REF2018"', 'source = "RNCP ; REF2019"', "« REF2019 » n'est pas dans"),
    (BASE, 'bloc = "BC04"', 'bloc = "BC99"', "« BC99 » n'existe pas"),
    (BASE, 'bloc = "BC04"', 'bloc = "BC05"', None),
    (BASE, 'code = "RNCP38368BC02"', 'code = "RNCP38368BC01"', "sert déjà à un autre bloc"),
    (V2025, 'always = ["C1", "C4"]', 'always = ["C1", "C8"]', "« always » contient « C8 »"),
    (V2025, 'one_of = ["C2", "C3"]', 'one_of = ["C2"]', "au moins deux"),
    (V2025, 'one_of = ["C2", "C3"]', 'one_of = ["C2", "C1"]', "à la fois imposée et au choix"),
    (V2025, 'choice_situation = "B"', 'choice_situation = "Z"', "n'existe dans aucun CCF"),
    (BASE, 'title = "Animer un évènement commercial"', 'title = ""', "« title » est vide"),
    (BASE, "value = 10\n", "value = 1e300\n", "hors de limites"),
    (BASE, '"D1401 - Assistanat commercial"', '"1401 - Assistanat"', "un code ROME"),
    (V2018, "situations = 3", "situations = 0", "dit combien il a de situations"),
    (V2018, "session_to = 2024", "session_to = 2019", "précède la première"),
    (V2018, "duration_minutes = 240", "duration_minutes = -1", "de 0 à 600"),
    (V2018, "[epreuves.E1.modalites.toutes]", "[epreuves.E1.modalites.tous]", "catégorie inconnue"),
    (V2025, 'base = "ndrc-socle.toml"', 'base = "autre.toml"', "n'existe pas"),
    (V2025, 'base = "ndrc-socle.toml"', 'base = "../x.toml"', "du même dossier"),
    (V2025, 'base = "ndrc-socle.toml"', 'base = "lz-formation.toml"', "pas un fichier de base"),
    (V2025, 'nature = "version"', 'nature = "versoin"', "« nature » doit dire"),
    (V2025, "points = 10", 'points = "dix"', "« points » doit être un nombre"),
    (V2025, "session_from = 2025\n", "session_from = 2024\n", None),
    (LZ, "ends_on = 2027-06-30", "ends_on = 2025-06-30", "la fin doit suivre le début"),
    (LZ, "group_max = 20", "group_max = 0", "de 1 à 999"),
    (LZ, "group_min = 1", "group_min = 30", None),
    (LZ, '"lundi", "mardi"', '"lundi", "tuesday"', "« tuesday »"),
    (LZ, 'zone = "metropole"', 'zone = "lune"', "les valeurs admises sont"),
    (LZ, 'starts = "09:00"', 'starts = "9h"', "une heure de la forme"),
    (LZ, 'starts = "09:00"', 'starts = "13:00"', "doit suivre son début"),
    (LZ, 'code = "cge"', 'code = "CGE é"', "en minuscules"),
    (LZ, 'code = "lv1"', 'code = "cge"', "revient deux fois"),
    (LZ, 'slug = "lz-formation"', 'slug = ""', "est vide"),
    (LZ, "hours_year_1 = 47", "hours_year_1 = -47", "de 0 à 9999"),
    (LZ, 'code = "E2"', 'code = "E1"', "l'épreuve « E1 » revient deux fois"),
    (LZ, 'items = [', 'items = [3,', "une liste de textes"),
    (LZ, 'short_title = "Anglais"', 'short_title = "' + "x" * 61 + '"', "60 au plus"),
    (LZ, 'short_title = "Anglais"', 'short_title = "a\\u0000b"', "caractère de contrôle"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "message"), ONE, ids=[f"{n[:8]}-{w[:30]}" for n, _, w, _ in ONE]
)
def test_a_problem_is_told_with_its_file_and_line(folder, name, old, new, message):
    line = edit(folder, name, old, new)
    problems = told()
    assert problems
    if message:
        assert any(p.startswith(f"{name}:{line} : ") and message in p for p in problems), problems


def test_every_problem_is_told_at_once(folder):
    edit(folder, BASE, "ects = 120", 'ects = "120"')
    edit(folder, BASE, 'title = "Animer un évènement commercial"', "title = 3")
    edit(folder, V2025, "situations = 2", "situations = 12")
    edit(folder, LZ, "session = 2027", "session = 3027")
    (folder / "casse.toml").write_text("a = [1,")
    (folder / "vide.toml").write_text("")
    problems = told()
    assert {p.split(":")[0] for p in problems} == {BASE, V2025, LZ, "casse.toml", "vide.toml"}
    assert len(problems) == len(set(problems)) == 6


def test_a_problem_of_the_base_is_told_once_for_both_versions(folder):
    line = edit(folder, BASE, "level = 5", "level = 50")
    assert told() == [f"{BASE}:{line} : « level » vaut 50 : de 1 à 8 sont admis."]


def test_a_value_of_the_version_is_placed_in_the_version(folder):
    line = edit(folder, V2025, 'source = "CGE2023"', 'source = "CGE1923"')
    assert told() == [f"{V2025}:{line} : la source « CGE1923 » n'est pas dans [sources]."]


BROKEN = [
    ("x", "il manque un « = »"),
    ("+ 3", "ni une clé"),
    ("x = ", "n'est pas lisible"),
    ("x = 'a", "guillemet"),
    ("x = 1\nx = 2", "déjà donnée"),
    ("[a]\n[a]", "déjà donnée"),
    ("x = [1", "crochet"),
    ("x = {a = 1", "accolade"),
    ("x = 1 2", "après la valeur"),
    ("x = 2026-02-30", "date n'existe pas"),
    ("x = " + "[" * 5000, "imbrique trop"),
    ("x = " + "9" * 5000, "TOML"),
    ("x = 1e99999999999999999999", "TOML"),
    ("x = 0x" + "f" * 5000, "nature"),
    ("\0", "fichier illisible"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN, ids=range(len(BROKEN)))
def test_a_file_that_is_not_toml_is_told_in_french(tmp_path, text, message):
    file = tmp_path / "x.toml"
    file.write_text("# début\n" + text)
    (problem,) = read_bundle([file]).problems
    assert message in problem.message
    assert problem.line >= 1


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path):
    file = tmp_path / "x.toml"
    file.write_bytes("# un\n# deux\ntitle = 'é'\n".encode("latin-1"))
    (problem,) = read_bundle([file]).problems
    assert problem.line == 3
    assert "UTF-8" in problem.message


def test_a_file_from_a_windows_editor_is_read(folder):
    raw = (folder / LZ).read_text().replace("\n", "\r\n").encode("utf-8-sig")
    (folder / LZ).write_bytes(raw)
    assert told() == []


def test_files_and_folders_that_cannot_be_read_are_told(tmp_path):
    empty = tmp_path / "vide"
    empty.mkdir()
    loop = tmp_path / "boucle"
    loop.symlink_to(loop)
    big = tmp_path / "gros.toml"
    big.write_text("#" * 1_000_001)
    wrong = [empty, loop, big, tmp_path / "absent.toml", Path("a\0b"), tmp_path / ("x" * 400)]
    problems = read_bundle(wrong).problems
    assert len(problems) == len(wrong)


def test_the_same_file_given_twice_is_read_once(folder):
    bundle = read_bundle([folder, folder / LZ, folder / ".." / folder.name / LZ])
    assert bundle.problems == []
    assert len(bundle.programmes) == len(PROGRAMMES)


def test_two_programmes_never_share_a_short_name(folder):
    (folder / "copie.toml").write_text((folder / LZ).read_text())
    (problem,) = told()
    assert "sert déjà dans" in problem


def test_a_version_may_stand_alone(folder):
    text = (folder / BASE).read_text().replace('nature = "base"', 'nature = "version"')
    text = text.replace("[referentiel]", "[referentiel]\nsession_from = 2030", 1)
    alone = folder / "seul.toml"
    alone.write_text(text)
    problems = told(alone)
    # The base gives no form to E1, E4 and E6: these only come from the versions.
    assert len([p for p in problems if "modalites" in p]) == 3
