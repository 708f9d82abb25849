"""`manage.py load_programmes`: all or nothing, nothing when nothing changed, differences shown."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Cfa, Event
from programmes.loader.files import DATA
from programmes.models import (
    Bloc,
    CfaProgramme,
    Competence,
    Epreuve,
    EpreuveRule,
    Referentiel,
    SousCompetence,
    Subject,
)
from programmes.tests.recipes import load_ndrc
from programmes.tests.test_loader import BASE, LZ, PROGRAMMES, V2018, V2025, edit, folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db

ALL = [
    Referentiel, Bloc, Epreuve, EpreuveRule, Competence, SousCompetence, CfaProgramme, Subject, Cfa,
]  # fmt: skip


def load(*paths, **options) -> str:
    out = StringIO()
    call_command(
        "load_programmes", *map(str, paths), stdout=out, **{"create_cfas": True, **options}
    )
    return out.getvalue()


def refused(*paths, **options) -> str:
    with pytest.raises(CommandError) as error:
        load(*paths, **options)
    return str(error.value)


def drafts(folder) -> None:
    """Leave only the référentiel, not published: a draft may change in place."""
    (folder / LZ).unlink()
    for name in PROGRAMMES - {LZ}:
        (folder / name).unlink(missing_ok=True)
    for name in (V2018, V2025):
        text = (folder / name).read_text()
        (folder / name).write_text(re.sub(r"(?m)^publ.*\n", "", text))


def everything():
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in [*ALL, Event]}


def test_an_empty_database_is_filled():
    out = load(DATA, DATA / "demo")
    assert out.count(" : nouveau") == 2 + len(PROGRAMMES)
    assert Cfa.objects.count() == len(PROGRAMMES)


def test_loading_again_changes_nothing(django_assert_max_num_queries):
    load()
    before = everything()
    with django_assert_max_num_queries(20):
        out = load()
    assert out.count(" : inchangé") == 1 + len(PROGRAMMES)
    assert everything() == before


def test_comments_and_layout_are_no_change(folder):
    load(folder)
    before = everything()
    text = (folder / LZ).read_text()
    (folder / LZ).write_text(
        "# une remarque\n\n" + text.replace("session = 2027", "session=2027  #")
    )
    assert "modifié" not in load(folder)
    assert everything() == before


def test_a_dry_run_shows_the_differences_and_writes_nothing(folder):
    out = load(folder, dry_run=True)
    assert out.count(" : nouveau") == 2 + len(PROGRAMMES)
    assert "rien n'a été écrit" in out
    assert not any(model.objects.exists() for model in [*ALL, Event])

    load(folder)
    before = everything()
    edit(folder, LZ, "hours_year_1 = 47", "hours_year_1 = 46.5")
    out = load(folder, dry_run=True)
    assert "~ subjects.cge.hours_year_1 : 47 -> 46.5" in out
    assert everything() == before


def test_a_published_version_never_changes(folder):
    load(folder)
    before = everything()
    edit(folder, V2025, "duration_minutes = 180", "duration_minutes = 190")
    message = refused(folder)
    assert "est publiée et ne change plus" in message
    assert "rules.habilite.duration_minutes : 180 -> 190" in message
    assert "donnez au fichier l'édition 2" in message
    assert everything() == before
    assert "ne change plus" in refused(folder, dry_run=True)


def test_a_new_edition_takes_over_the_programmes_and_keeps_the_old_one(folder):
    load(folder)
    old = Referentiel.objects.get(session_from=2025)
    edit(folder, V2025, "duration_minutes = 180", "duration_minutes = 190")
    edit(folder, V2025, "session_from = 2025", "session_from = 2025\nedition = 2")
    load(folder)
    old.refresh_from_db()
    assert old.state == "superseded"
    assert old.epreuves.get(code="E1").rules.get(categorie="habilite").duration_minutes == 180
    programme = CfaProgramme.objects.get(slug="lz-formation-ndrc-2027")
    assert programme.referentiel.edition == 2
    assert Referentiel.objects.for_session("RNCP38368", 2026).get().edition == 2
    before = everything()
    assert "modifié" not in load(folder)
    assert everything() == before
    edit(folder, V2025, "edition = 2", "edition = 1")
    assert "ne change plus" in refused(folder)


def test_a_draft_changes_in_place(folder):
    drafts(folder)
    load(folder)
    epreuve = Epreuve.objects.get(referentiel__session_from=2025, code="E4")
    lines = set(SousCompetence.objects.values_list("pk", flat=True))
    edit(folder, BASE, "coefficient = 5", "coefficient = 6")
    out = load(folder)
    assert out.count("~ blocs.RNCP38368BC01.unites.U4.epreuves.E4.coefficient : 5 -> 6") == 2
    epreuve.refresh_from_db()
    assert epreuve.coefficient == 6
    assert set(SousCompetence.objects.values_list("pk", flat=True)) == lines
    assert not Referentiel.objects.for_session("RNCP38368", 2026).exists()


def test_a_draft_is_published_by_the_file_that_says_so(folder):
    texts = {name: (folder / name).read_text() for name in (V2018, V2025)}
    drafts(folder)
    load(folder)
    (folder / V2025).write_text(texts[V2025])
    assert "~ état : brouillon -> publiée" in load(folder)
    row = Referentiel.objects.for_session("RNCP38368", 2026).get()
    assert row.publication_reason.startswith("Formulaires")


def test_lines_may_be_added_moved_and_removed(folder):
    drafts(folder)
    load(folder)
    added = '[[competences.C4.lines]]\ntitle = "Ligne ajoutée"\n\n[competences.C5]'
    edit(folder, BASE, "[competences.C5]", added)
    out = load(folder)
    assert "+ blocs.RNCP38368BC01.competences.C4.lines.C4.3.title : Ligne ajoutée" in out
    assert SousCompetence.objects.filter(code="C4.3").count() == 2
    edit(folder, BASE, added, "[competences.C5]")
    assert "- blocs.RNCP38368BC01.competences.C4.lines.C4.3.title : Ligne ajoutée" in load(folder)
    assert not SousCompetence.objects.filter(code="C4.3").exists()


def test_a_rubric_of_a_programme_may_be_renamed(folder):
    load(folder)
    edit(folder, LZ, 'code = "9-indicateurs"', 'code = "9-liens"')
    assert "- sections.9-indicateurs.title" in load(folder)


def test_a_programme_edited_in_the_application_is_not_overwritten(folder):
    load(folder)
    CfaProgramme.objects.filter(slug="lz-formation-ndrc-2027").update(edited_at=timezone.now())
    before = everything()
    assert "modifié" not in load(folder)
    edit(folder, LZ, "hours_year_1 = 47", "hours_year_1 = 46")
    assert "a été modifié dans l'application" in refused(folder)
    assert everything() == before


def test_the_code_of_a_bloc_may_be_mended_without_losing_its_competences(folder):
    drafts(folder)
    load(folder)
    competences = dict(Competence.objects.values_list("pk", "bloc__unite__code"))
    text = (folder / BASE).read_text()
    for old, new in (("BC05", "BC0X"), ("BC06", "BC05"), ("BC0X", "BC06")):
        text = text.replace(f'code = "RNCP38368{old}"', f'code = "RNCP38368{new}"')
    (folder / BASE).write_text(text)
    assert "modifié" in load(folder)
    assert dict(Competence.objects.values_list("pk", "bloc__unite__code")) == competences
    bloc = Bloc.objects.get(referentiel__session_from=2025, code="RNCP38368BC06")
    assert bloc.unite.code == "U2"


def test_a_competence_may_change_bloc_and_keep_its_identity(folder):
    drafts(folder)
    load(folder)
    before = set(Competence.objects.values_list("pk", flat=True))
    edit(folder, BASE, '[competences.C20]\nbloc = "BC06"', '[competences.C20]\nbloc = "BC04"')
    load(folder)
    assert set(Competence.objects.values_list("pk", flat=True)) == before
    assert Competence.objects.filter(code="C20", bloc__unite__code="U1").count() == 2


def test_one_problem_anywhere_and_nothing_is_written(folder):
    edit(folder, LZ, 'code = "E7"', 'code = "E1"')
    message = refused(folder)
    assert message.startswith("1 problème, rien n'a été chargé :\n  lz-formation.toml:")
    assert not any(model.objects.exists() for model in [*ALL, Event])


def test_a_programme_without_its_referentiel_is_refused(folder):
    message = refused(folder / LZ)
    assert "aucun référentiel RNCP38368 n'est chargé pour la session 2027" in message
    assert "lz-formation.toml:" in message
    assert not Cfa.objects.exists()


def test_a_subject_of_an_unknown_unit_is_refused_with_its_line(folder):
    line = edit(folder, LZ, 'unite = "U5"', 'unite = "U9"')
    assert f"lz-formation.toml:{line} : l'unité « U9 »" in refused(folder)
    assert not Referentiel.objects.exists()


def test_a_version_that_overlaps_a_loaded_one_is_refused(folder):
    load(folder)
    edit(folder, V2018, "session_from = 2020", "session_from = 2019")
    message = refused(folder / V2018)
    assert "sessions sont déjà réglées" in message


def test_sessions_overlapping_in_the_files_are_refused(folder):
    edit(folder, V2018, "session_to = 2024", "session_to = 2026")
    assert "la session 2025 de RNCP38368 est déjà réglée" in refused(folder)


def test_a_centre_that_does_not_exist_is_created_only_when_asked(folder):
    message = refused(folder, create_cfas=False)
    assert "n'existe pas : créez-le dans l'application" in message
    assert not Cfa.objects.exists()


def test_a_programme_never_changes_centre(folder):
    load(folder)
    edit(folder, LZ, 'slug = "lz-formation"', 'slug = "autre-cfa"')
    assert "programme d'un autre CFA" in refused(folder)
    assert not Cfa.objects.filter(slug="autre-cfa").exists()


def test_the_record_of_an_existing_centre_is_left_alone(folder):
    Cfa.objects.create(slug="lz-formation", name="Nom choisi dans l'application")
    load(folder)
    assert CfaProgramme.objects.get(slug="lz-formation-ndrc-2027").cfa.name.startswith("Nom choisi")
    assert Cfa.objects.count() == len(PROGRAMMES)


def test_a_new_version_takes_over_the_programmes_of_its_sessions(folder):
    load(folder)
    edit(folder, V2025, "session_from = 2025", "session_from = 2025\nsession_to = 2026")
    text = (folder / V2025).read_text()
    (folder / "v2027.toml").write_text(
        text.replace("session_from = 2025\nsession_to = 2026", "session_from = 2027", 1)
    )
    load(folder)
    assert Event.objects.filter(verb="programme.referentiel").count() == 3
    assert CfaProgramme.objects.get(slug="lz-formation-ndrc-2027").referentiel.session_from == 2027


def test_a_missing_file_is_told_without_a_traceback():
    assert "n'existe pas" in refused(Path("/nulle/part.toml"))


def test_the_recipe_gives_any_centre_its_own_programme():
    cfa = Cfa.objects.create(slug="autre", name="Autre")
    first, second = load_ndrc(), load_ndrc("autre")
    assert second.cfa == cfa
    assert first.referentiel == second.referentiel
    assert second.subjects.count() == first.subjects.count() == 8
    assert load_ndrc("autre") == second
