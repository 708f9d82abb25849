"""Spreadsheets: what is read, what is refused and how it is said, all or nothing."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.errors import DomainError
from apprentices import actions
from apprentices.imports.fields import FIELDS, as_code, as_day, as_digits, as_sex, propose
from apprentices.imports.reading import MOST_ROWS, read_table
from apprentices.imports.running import run_import_item
from apprentices.imports.template import import_template
from apprentices.models import Apprentice, Company, Contract, ImportBatch
from documents.models import JobItem

from .recipes import a_class, a_cohort, a_company

HEADER = ["Nom", "Prénom", "Date de naissance", "E-mail"]


def xlsx(rows, merge="", sheet_name="Feuille") -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\n".join(lines).encode(encoding)


def refused(content: bytes, name: str = "liste.csv") -> str:
    with pytest.raises(DomainError) as error:
        read_table(content, name)
    assert error.value.field == "file"
    return error.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_it_reads_a_csv_as_french_spreadsheets_write_it(encoding, separator):
    text = csv(separator.join(HEADER), separator.join(["Benali", "Aïcha", "20/11/2005", ""]), "")
    table = read_table(text.decode().encode(encoding), "liste.csv")
    assert table.header == tuple(HEADER)
    assert table.rows == ((2, ("Benali", "Aïcha", "20/11/2005", "")),)


def test_it_reads_the_cells_of_a_workbook_as_people_see_them():
    rows = [
        ["Nom", "SIRET", "Naissance", "CP"],
        [" Benali ", 12345678200010, datetime(2005, 11, 20), 1400.0],
        [None, None, None, None],
        ["Roche", "12345678200010", date(2005, 1, 2), "01400"],
    ]
    table = read_table(xlsx(rows), "liste.xlsx")
    assert table.rows == (
        (2, ("Benali", "12345678200010", "20/11/2005", "1400")),
        (4, ("Roche", "12345678200010", "02/01/2005", "01400")),
    )


def test_it_refuses_what_it_cannot_read_safely_and_says_what_to_do():
    rows = [HEADER, ["Benali", "Aïcha", "20/11/2005", ""], ["Roche", "Léo", "", ""]]
    assert "fusionnées (A2:B2)" in refused(xlsx(rows, merge="A2:B2"), "a.xlsx")
    assert "formule (D2)" in refused(xlsx([HEADER, ["B", "A", "x", "=1+1"]]), "a.xlsx")
    assert "formule (D2)" in refused(csv(";".join(HEADER), 'B;A;x;"=HYPERLINK(1)"'))
    assert "vide" in refused(b"")
    assert "qu'une colonne" in refused(csv("Nom", "Benali", "Roche"))
    assert "ligne de titres" in refused(xlsx([HEADER]), "a.xlsx")
    assert "colonne B n'a pas de titre" in refused(csv("Nom;;x", "a;b;c"))
    assert "Deux colonnes" in refused(csv("Nom;nom", "a;b"))
    assert "plus de cellules" in refused(csv("Nom;Prénom", "a;b;c"))
    assert "guillemet" in refused(csv("Nom;Prénom", 'a;"b'))
    assert "mot de passe" in refused(b"\xd0\xcf\x11\xe0" + b"x" * 100, "a.xlsx")
    assert "vrai classeur" in refused(b"Nom;Prenom", "a.xlsx")
    assert "abîmé" in refused(xlsx(rows)[:-200], "a.xlsx")
    assert "5 Mo" in refused(b"a" * (5 * 1024 * 1024 + 1))
    assert "UTF-8" in refused("Nom;Prénom\nBenali;Aïcha".encode("mac_roman"))
    assert "UTF-8" in refused(bytes(range(256)))
    assert "accents de la ligne 2" in refused(csv("Nom;Prénom", "Benali;AÃ¯cha"))


def test_it_refuses_fifty_thousand_rows_without_building_them():
    lines = "\n".join(["Nom;Prénom;Naissance"] + ["Benali;Aïcha;20/11/2005"] * 50_000)
    assert f"plus de {MOST_ROWS} lignes" in refused(lines.encode())


def test_it_refuses_an_archive_that_unpacks_to_a_giant():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (130 * 1024 * 1024))
    assert "démesuré" in refused(out.getvalue(), "bombe.xlsx")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/vbaProject.bin", "x")
    assert "macros" in refused(out.getvalue(), "macro.xlsx")


@pytest.mark.parametrize("kind", list(FIELDS))
def test_each_template_proposes_its_own_columns(kind):
    sheet = load_workbook(BytesIO(import_template(kind))).worksheets[0]
    header = [cell.value for cell in sheet[1]]
    assert propose(kind, header, {}) == {f.title: f.name for f in FIELDS[kind]}


def test_it_proposes_the_last_choice_first_and_never_a_field_twice():
    mapping = propose("apprentis", ["NOM", "Nom de naissance", "truc"], {"TRUC": "email"})
    assert mapping == {"NOM": "", "Nom de naissance": "last_name", "truc": "email"}
    assert propose("apprentis", ["Nom"], {"NOM": ""}) == {"Nom": ""}


def test_it_finds_the_companies_in_a_list_of_apprentices():
    header = ["NOM", "Né(e) le", "Mail", "Ville", "Entreprise", "SIRET entreprise"]
    assert propose("entreprises", header, {}) == {
        **dict.fromkeys(header, ""),
        "Entreprise": "name",
        "SIRET entreprise": "siret",
    }
    assert propose("entreprises", ["Nom", "Ville"], {}) == {"Nom": "name", "Ville": "city"}


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        *(
            (as_day, text, date(2005, 11, 2))
            for text in (
                "02/11/2005",
                "2/11/05",
                "2-11-2005",
                "02.11.2005",
                "2005-11-02",
                "2005-11-02 00:00:00",
                "2 novembre 2005",
                "mercredi 2 nov. 2005",
            )
        ),
        (as_day, "1er août 2006", date(2006, 8, 1)),
        (as_day, "12/03/68", date(1968, 3, 12)),
        (as_sex, "Mme", "F"),
        (as_sex, "Madame", "F"),
        (as_sex, "M.", "M"),
        (as_digits(5), "1400", "01400"),
        (as_digits(14), "123 456 782 00010", "12345678200010"),
        (as_code("diploma"), "Baccalauréat général", "42"),
        (as_code("last_class", 2), "1", "01"),
        (as_code("situation_before"), "10 · Salarié", "10"),
    ],
)
def test_it_reads_a_cell_as_people_write_it(read, text, value):
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (as_day, "31/02/2005"),
        (as_day, "20 nov-embre 2005"),
        (as_day, "31 juin 2005"),
        (as_day, "20/11/1005"),
        (as_sex, "Mx"),
        (as_digits(14), "1,23457E+13"),
        (as_code("diploma"), "Permis B"),
    ],
)
def test_it_says_why_a_cell_is_not_read(read, text):
    with pytest.raises(ValueError, match=r"[«L]"):
        read(text)


def run_now(batch: ImportBatch) -> ImportBatch:
    """The worker's part, here."""
    run_import_item(JobItem.objects.filter(job=batch.job).get())
    batch.refresh_from_db()
    return batch


def checked(cast, kind, content, name="liste.csv") -> ImportBatch:
    batch = actions.receive_import(
        cfa=cast.cfa, kind=kind, content=content, name=name, by=cast.elise
    )
    return run_now(actions.check_import(batch=batch, mapping=batch.mapping, by=cast.elise))


@pytest.mark.django_db
def test_it_lists_every_problem_by_row_and_column_and_writes_nothing(cast):
    content = csv(
        "Nom;Prénom;Naissance;INE;Code postal;Promotion",
        "Benali;Aïcha;20/11/2005;123;78700;",
        "R0che;Léo;31/02/2005;;;",
        "Petit;;01/01/2005;;;",
        "Martin;Zoé;01/01/2005;;;Inconnue",
        "Durand;Eva;01/01/2005;;;",
        "durand;eva;01/01/2005;;78700;",
        "DURAND;Éva;1/1/05;;78000;",
    )
    batch = checked(cast, "apprentis", content)
    assert batch.state == "refused"
    found = [(p["row"], p["column"]) for p in batch.problems]
    assert found == [
        (2, "INE"),
        (3, "Naissance"),
        (4, "Prénom"),
        (5, "Promotion"),
        (8, "Code postal"),
    ]
    assert "répète la ligne 6" in batch.problems[-1]["message"]  # line 7 only completes it
    assert not Apprentice.objects.exists()
    with pytest.raises(DomainError, match="seul un fichier vérifié"):
        actions.write_import(batch=batch, by=cast.elise)


@pytest.mark.django_db
def test_it_reads_a_list_as_a_training_manager_keeps_it(cast):
    a_cohort(cast)
    content = xlsx(
        [
            ["LISTE BTS NDRC, rentrée de janvier"],
            [],
            ["NOM ", "Prénom(s)", "Né(e) le", "Tél. portable", "Civilité", "Mail", "Groupe", "Notes"],
            ["BENALI ", "Aïcha", datetime(2005, 11, 20), "0033612345678", "Mme", "", "ndrc 2026-2027", ""],
            ["benali", "AICHA", "20/11/05", "", "", "aicha@exemple.fr", "", "deux lignes"],
            ["O’Brien", "Jean-Noël", "7 mai 2006", 612345679, "M.", "", "NDRC 2026-2027 ", ""],
            ["", "", "", "", "", "", "", "à rappeler"],
        ],
        merge="A1:H1",
    )  # fmt: skip
    batch = checked(cast, "apprentis", content, "liste.xlsx")
    assert (batch.problems, batch.state) == ([], "ready")
    assert (batch.created, batch.updated) == (2, 1)
    run_now(actions.write_import(batch=batch, by=cast.elise))
    aicha = Apprentice.objects.get(first_name="Aïcha")
    assert (aicha.phone, aicha.sex, aicha.email) == ("06 12 34 56 78", "F", "aicha@exemple.fr")
    assert Apprentice.objects.get(first_name="Jean-Noël").phone == "06 12 34 56 79"


@pytest.mark.django_db
def test_it_never_gives_one_address_to_two_apprentices(cast):
    content = csv(
        "Nom;Prénom;Naissance;E-mail", "Petit;Zoé;1/1/2005;z@a.fr", "Roux;Karim;1/1/2006;Z@a.fr"
    )
    (problem,) = checked(cast, "apprentis", content).problems
    assert (problem["row"], problem["column"]) == (3, "E-mail")
    assert "Zoé Petit" in problem["message"]


@pytest.mark.django_db
def test_it_imports_all_then_forgets_the_file_and_completes_the_second_time(
    cast, django_capture_on_commit_callbacks
):
    a_cohort(cast)
    lines = (
        "Nom;Prénom;Naissance;NIR;E-mail;Promotion;Tuteur;Code postal;Ville",
        f"Benali;Aïcha;20/11/2005;2051178172123;{cast.aicha.email};NDRC 2026-2027;{cast.bruno.email};78700;Conflans",
        "Roche;Léo;01/02/2006;;;NDRC 2026-2027;;;",
    )
    batch = checked(cast, "apprentis", csv(*lines, encoding="cp1252"))
    assert (batch.state, batch.created, batch.problems) == ("ready", 2, [])
    assert not Apprentice.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        batch = run_now(actions.write_import(batch=batch, by=cast.elise))
    batch.refresh_from_db()
    assert (batch.state, batch.created, bool(batch.file)) == ("done", 2, False)
    aicha = Apprentice.objects.get(last_name="Benali")
    assert (aicha.has_nir, aicha.user, aicha.residence_insee) == (True, cast.aicha, "")
    assert aicha.enrolments.get().tutor == cast.bruno
    second = csv(*lines[:2]).replace(b";78700;Conflans", b";78700;Conflans-Sainte-Honorine")
    again = checked(cast, "apprentis", second)
    assert (again.state, again.created, again.updated) == ("ready", 0, 1)


@pytest.mark.django_db
def test_it_imports_companies_with_their_maitre_then_contracts(
    cast, django_capture_on_commit_callbacks
):
    group = a_class(cast)
    Contract.objects.all().delete()
    companies = csv(
        "Dénomination;SIRET;NAF;IDCC;OPCO;Nom maître;Prénom maître;Mail maître",
        "Entreprise 1;123 456 782 00010;4719B;44;AKTO;Dumas;Chantal;",
        "=cmd;35600000000048;;;;;;",
        "La Poste;35600000049837;4719;;;Seul;;",
    )
    with pytest.raises(DomainError, match=r"formule \(A3\)"):
        checked(cast, "entreprises", companies)
    batch = checked(cast, "entreprises", companies.replace(b"=cmd", b"Cmd"))
    assert [(p["row"], p["column"]) for p in batch.problems] == [(4, "NAF")]
    fixed = companies.replace(b"=cmd", b"Cmd").replace(b";4719;;;Seul;", b";4719B;;;Seul;Louis")
    with django_capture_on_commit_callbacks(execute=True):
        batch = checked(cast, "entreprises", fixed)
        run_now(actions.write_import(batch=batch, by=cast.elise))
    assert sorted(Company.objects.values_list("idcc", flat=True)) == ["", "", "0044"]
    assert group.company.maitres.count() == 1

    header = (
        "Nom;Prénom;Naissance;Promotion;SIRET;Nom maître;Prénom maître;Conclusion;Début;Fin;Heures;"
        "Dérogation;Convention tripartite;Compétence du maître;Attestation maître"
    )
    line = "Benali;Aïcha;20/11/2005;NDRC 2026-2027;12345678200010;Dumas;Chantal;05/01/2026;05/01/2026;30/06/2027;1015;21;05/01/2026;experience;oui"
    wrong = checked(cast, "contrats", csv(header, line.replace("1015", "900")))
    assert wrong.problems[0]["column"] == "Heures", wrong.problems
    assert "V18" in wrong.problems[0]["message"] or "1012" in wrong.problems[0]["message"]
    with django_capture_on_commit_callbacks(execute=True):
        batch = checked(cast, "contrats", csv(header, line))
        run_now(actions.write_import(batch=batch, by=cast.elise))
    assert Contract.objects.get().pay_periods.exists()


@pytest.mark.django_db
def test_a_person_imports_from_the_page_and_the_columns_are_remembered(cast, signed_in):
    client, url = signed_in(cast.elise), reverse("apprentices:import_list")

    def deposit(content, kind="apprentis", name="liste.csv"):
        file = BytesIO(content)
        file.name = name
        return client.post(url, {"kind": kind, "file": file})

    assert deposit(b"").status_code == 422
    assert deposit(b"\xd0\xcf\x11\xe0x", name="a.xls").status_code == 422
    strange = csv("Patronyme;Prénom;Né le;Sécu", "Benali;Aïcha;20/11/2005;2051178172123")
    page = deposit(strange).url
    html = client.get(page).content.decode()
    assert "(masqué)" in html
    assert "2051178172123" not in html
    refusal = client.post(page + "verifier/", {"colonne-1": "first_name", "colonne-2": "born_on"})
    assert refusal.status_code == 422
    assert "« Nom de naissance », qui est obligatoire" in refusal.content.decode()
    columns = {"colonne-0": "last_name", "colonne-1": "first_name", "colonne-2": "born_on"}
    assert client.post(page + "verifier/", columns).status_code == 302
    assert "hx-get" in client.get(page).content.decode()
    batch = run_now(ImportBatch.objects.get())
    assert batch.state == "ready"
    assert "Importer 1 ligne<" in client.get(page).content.decode()
    fragment = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    again = deposit(strange).url
    assert ImportBatch.objects.latest("pk").mapping["Patronyme"] == "last_name"
    assert client.post(again + "oublier/").status_code == 302
    assert ImportBatch.objects.count() == 1
    assert signed_in(cast.gaelle).get(page).status_code == 404


@pytest.mark.django_db
def test_a_check_done_twice_changes_nothing_and_a_failure_is_told(cast):
    a_company(cast)
    batch = checked(cast, "apprentis", csv("Nom;Prénom;Naissance", "Roche;Léo;01/02/2006"))
    item = JobItem.objects.get(job=batch.job)
    run_import_item(item)
    batch.refresh_from_db()
    assert batch.state == "ready"
