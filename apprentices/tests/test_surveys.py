"""SIFA line by line and check by check; the Tableau de bord's columns and statuses."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from apprentices import actions
from apprentices.surveys import dashboard, sifa
from apprentices.surveys.dashboard import ContractDates, status_on
from apprentices.surveys.sifa import SifaFacts

from .recipes import a_class, fill

OBSERVED = date(2026, 12, 31)
RIGHT = SifaFacts(
    key="1", who="Aïcha Benali", born_on=date(2005, 11, 20), cfa_uai="0789999V", cfa_type="10",
    site="0789999V", eple_uai="NC", nature="NC", diploma="32031212", theory_months=24,
    real_months=24, year="2A", last_name="Benali", usage_name="", first_names=("Aïcha",),
    address="2 rue des Lilas", postcode="78700", residence="78172", phone="+33 6 00 00 00 00",
    representative_phones=("", ""), email="aicha@exemple.fr", representative_emails=("", ""),
    birth_insee="78172", sex="F", boarding="E", pcs="99", rqth=False, nationality="1",
    situation_before="1", highest_diploma="42", situation_n1="2005", school_n1="0750001U",
    employer_type="12", enters_on=date(2026, 9, 1), contract_starts_on=date(2026, 9, 1),
    broken_on=None, employer_insee="78172", naf="4719B", headcount=12, siret="12345678200010",
    ine="123456789AB",
)  # fmt: skip


def problems(**values) -> set[str]:
    return {p.column for p in sifa.check([replace(RIGHT, **values)], OBSERVED)}


def test_a_line_has_47_columns_in_order_without_header_quote_or_bom():
    content = sifa.sifa_file([sifa.sifa_row(RIGHT)])
    assert content.decode("utf-8") == (
        "123456789AB|0789999V|10|0789999V|NC|NC|APP|32031212||24|24|2A|BENALI||AICHA|||"
        "2 rue des Lilas|78700|78172|0600000000|||||aicha@exemple.fr|||20112005|78172|2|E|99|0|1|"
        "21|07|2005|0750001U|12|01092026|01092026||78172|4719B|12|12345678200010\r\n"
    )
    assert len(sifa.NAMES) == 47
    assert sum(mandatory for _, _, mandatory in sifa.COLUMNS) == 18
    assert problems() == set()


def test_a_value_never_breaks_the_line():
    row = sifa.sifa_row(replace(RIGHT, address='1|2;3"4\nrue', last_name="d'Haÿ-Œuvré"))
    assert row["NOM"] == "D HAY-OEUVRE"
    assert sifa.sifa_file([row]).decode().count("|") == 46


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"birth_insee": ""}, "LIEU_NAIS"),
        ({"birth_insee": "78700"}, "LIEU_NAIS"),
        ({"address": ""}, "ADRESSE"),
        ({"sex": ""}, "SEXE"),
        ({"cfa_type": ""}, "TYPE_CFA"),
        ({"cfa_uai": "0789999A"}, "NUMERO_UAI"),
        ({"ine": "123"}, "INE_RNIE"),
        ({"postcode": "75001"}, "COD_POST"),
        ({"siret": "12345678200011"}, "SIRET_EMP"),
        ({"email": "aicha"}, "MAIL_JEUNE"),
        ({"eple_uai": "0750001U"}, "NAT_STR_JUR"),
        ({"nature": "UFA"}, "NAT_STR_JUR"),
        ({"born_on": date(2013, 1, 1)}, "DATE_NAIS"),
        ({"born_on": date(1950, 1, 1)}, "DATE_NAIS"),
        ({"born_on": date(2009, 5, 5), "situation_n1": "4001"}, "SIT_N_1"),
        ({"born_on": date(2009, 5, 5), "situation_n1": "4001"}, "SIT_AV_APP"),
        ({"born_on": date(2008, 5, 5), "situation_n1": "4013"}, "SIT_N_1"),
        ({"situation_n1": "1021", "situation_before": "10"}, "SIT_AV_APP"),
        ({"situation_n1": "1021", "highest_diploma": "42"}, "DIP_OBT"),
        ({"situation_n1": "2005", "highest_diploma": "54"}, "DIP_OBT"),
        ({"situation_n1": "5903"}, "ETAB_N_1"),
        ({"school_n1": "995"}, "ETAB_N_1"),
        ({"situation_n1": ""}, "SIT_N_1"),
        ({"situation_n1": "2004"}, "SIT_N_1"),
        ({"year": "3A"}, "AN_FORM"),
        ({"real_months": 49}, "DUR_FORM_REELLE"),
        ({"enters_on": date(2027, 1, 1)}, "DATE_ENTREE_CFA"),
        ({"broken_on": date(2026, 8, 1)}, "DATE_RUPT_CONT"),
        ({"was_here_last_year": True}, "ETAB_N_1"),
    ],
)
def test_each_check_of_the_portal_is_made(values, column):
    assert column in problems(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"born_on": date(2009, 5, 5), "situation_n1": "3033", "highest_diploma": "41"},
        {"situation_n1": "1009", "highest_diploma": "42"},
        {"situation_n1": "5903", "school_n1": "995", "situation_before": "10"},
        {"site": "078"},
        {"birth_insee": "99352"},
        {"eple_uai": "0750001U", "nature": "UFA"},
        {"real_months": 12},
        {"was_here_last_year": True, "school_n1": "0789999V", "situation_n1": "4101"},
    ],
)
def test_what_the_portal_accepts_is_accepted(values):
    assert problems(**values) == set()


def test_it_finds_the_same_ine_and_the_same_identity_twice():
    twins = [RIGHT, replace(RIGHT, key="2")]
    found = [(p.key, p.column) for p in sifa.check(twins, OBSERVED)]
    assert found == [("1", "INE_RNIE"), ("1", "NOM"), ("2", "INE_RNIE"), ("2", "NOM")]


@pytest.mark.parametrize(
    ("ends_on", "repeats", "year"),
    [
        (date(2027, 6, 30), False, "2A"),
        (date(2027, 8, 31), True, "2P"),
        (date(2028, 6, 30), False, "1A"),
        (date(2027, 9, 1), False, "1A"),
    ],
)
def test_who_sits_the_exam_this_school_year_is_in_second_year(ends_on, repeats, year):
    assert sifa.year_of_training(ends_on, OBSERVED, repeats) == year


START, END = date(2026, 9, 1), date(2028, 8, 31)
ONE = ContractDates(date(2026, 9, 1), END, "12345678200010")
BROKEN = replace(ONE, broken_on=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "contracts", "status"),
    [
        (date(2026, 8, 31), [], "PRE_INSCRIT"),
        (date(2026, 11, 30), [], "INSCRIT"),
        (date(2026, 12, 1), [], "ABANDON"),
        (date(2026, 12, 31), [BROKEN], "APPRENTI"),
        (date(2027, 1, 1), [BROKEN], "RUPTURANT"),
        (date(2027, 6, 29), [BROKEN], "RUPTURANT"),
        (date(2027, 6, 30), [BROKEN], "ABANDON"),
        (date(2027, 6, 30), [BROKEN, replace(ONE, starts_on=date(2027, 3, 1))], "APPRENTI"),
        (date(2028, 9, 1), [ONE], "FIN_DE_FORMATION"),
    ],
)
def test_the_status_follows_the_dates(day, contracts, status):
    assert status_on(day, START, END, contracts) == status


def test_the_dashboard_has_its_62_columns_and_four_contracts():
    assert len(dashboard.COLUMNS) == len(set(dashboard.COLUMNS)) == 62
    columns = dashboard.contract_columns([ONE] * 6)
    assert len(columns) == 20
    assert columns["siret_employeur_4"] == ONE.siret


@time_machine.travel(datetime(2026, 11, 20, 10, tzinfo=UTC))
@pytest.mark.django_db
def test_the_pages_link_each_problem_to_its_record_then_give_the_files(cast, signed_in):
    group = a_class(cast)
    actions.sign_contract(contract=group.contract, by=cast.elise)
    fill(cast, group.cohort, 1)
    client, page = signed_in(cast.elise), reverse("apprentices:sifa")
    html = client.get(page + "?annee=2026").content.decode()
    assert reverse("apprentices:apprentice_edit", args=[group.apprentice.uuid]) in html
    assert "Camille Lenoir" in html
    right = {"cfa_type": "10", "site": "", "eple_uai": "NC", "nature": "NC"}
    wrong = client.post(page, {**right, "site": "0789999A"})
    assert wrong.status_code == 422
    assert "0789999A" in wrong.content.decode()
    assert client.post(page, {**right, "nature": "UFA"}).status_code == 422
    assert client.post(page, right).status_code == 302
    text = client.get(reverse("apprentices:sifa_file") + "?annee=2026").content.decode()
    assert text.count("\r\n") == 1
    assert "BENALI" in text
    assert "|APP|" in text
    actions.update_apprentice(
        apprentice=group.apprentice, by=cast.elise, sex="F", birth_insee="78172",
        address="2 rue des Lilas", postcode="78700", city="Conflans-Sainte-Honorine",
        situation_n1="2005", school_n1="0750001U",
    )  # fmt: skip
    group.cohort.cfa.refresh_from_db()
    assert (
        "sifa-problemes" in client.get(reverse("apprentices:sifa_problems"))["Content-Disposition"]
    )
    answer = client.get(reverse("apprentices:dashboard_file", args=["json"]))
    people = json.loads(answer.content)["apprenants"]
    assert [p["nom_apprenant"] for p in people] == ["Benali", "Lenoir Aa"]
    assert set(people[0]) == set(dashboard.COLUMNS)
    content = client.get(reverse("apprentices:dashboard_file", args=["xlsx"])).content
    sheet = load_workbook(BytesIO(content)).active
    assert [cell.value for cell in sheet[1]] == list(dashboard.COLUMNS)
    assert "RUPTURANT" not in client.get(reverse("apprentices:dashboard")).content.decode()
    assert client.get(reverse("apprentices:dashboard_file", args=["exe"])).status_code == 404


@pytest.mark.django_db
def test_the_survey_costs_as_many_queries_at_two_sizes(
    cast, signed_in, django_assert_max_num_queries
):
    group = a_class(cast)
    client = signed_in(cast.elise)

    def queries(url):
        with django_assert_max_num_queries(30) as captured:
            client.get(url)
        return len(captured)

    for url in (reverse("apprentices:sifa"), reverse("apprentices:dashboard")):
        queries(url)
        few = queries(url)
        fill(cast, group.cohort, 1 if group.cohort.enrolments.count() > 1 else 8)
        assert queries(url) == few
        group.cohort.enrolments.filter(contracts__isnull=True).delete()
        group.cohort.cfa.apprentices.filter(last_name__startswith="Lenoir").delete()
