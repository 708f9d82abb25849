import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from accounts.french import agreed, date_format, long_date, ordinal, with_comma


@pytest.mark.parametrize(
    ("day", "form", "said"),
    [
        (date(2026, 12, 1), "l j F Y", "mardi 1er décembre 2026"),
        (date(2026, 5, 1), "j F", "1er mai"),
        (date(2027, 2, 1), "D j N Y", "lun 1er fév. 2027"),
        (date(2026, 12, 1), "l j", "mardi 1er"),
        (date(2026, 12, 21), "D j", "lun 21"),
        (date(2026, 12, 1), "j", "1er"),
        (date(2026, 12, 21), "j F Y", "21 décembre 2026"),
        (date(2026, 12, 1), "d/m/Y", "01/12/2026"),
        (None, "j F Y", ""),
    ],
)
def test_the_first_of_a_month_is_written_as_an_ordinal(day, form, said):
    template = Template("{{ day|date:form }}")
    assert template.render(Context({"day": day, "form": form})) == said
    if day:
        assert date_format(day, form) == said


def test_nothing_else_changes():
    assert (
        ordinal("1 h 30 du 11 mai au 31 mars, 1 maison") == "1 h 30 du 11 mai au 31 mars, 1 maison"
    )


def test_a_participle_agrees_with_the_person_and_keeps_both_forms_while_nobody_has_said():
    said = {sex: agreed("né(e) et inscrit(e)", sex) for sex in ("F", "M", "")}
    assert said == {"F": "née et inscrite", "M": "né et inscrit", "": "né(e) et inscrit(e)"}
    template = Template('{{ "Né(e)"|agree:person }}')
    assert template.render(Context({"person": {"sex": "F"}})) == "Née"
    assert template.render(Context({"person": {}})) == "Né(e)"  # frozen before the sex was kept


def test_no_document_nor_page_writes_both_forms_of_somebody_it_knows():
    """Of a person: `{{ "né(e)"|agree:person }}` in a template, `apprentice.agree("né(e)")` in code."""
    root = Path(settings.BASE_DIR)
    files = [*root.glob("templates/**/*.html"), *root.glob("templates/**/*.txt")]
    both = [
        f"{path.relative_to(root)}: {found.group()}"
        for path in files
        for found in re.finditer(r'[a-zé]{2,}\(e\)(?!"\|agree)', path.read_text())
    ]
    assert both == ["templates/attendance/pdf/certificate.html: soussigné(e)"]  # nobody we know


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (0, "0"),
        (Decimal("12.50"), "12,5"),
        (Decimal("100.00"), "100"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.25"), "-0,25"),
    ],
)
def test_it_writes_the_figures_that_count_after_a_comma(value, words):
    assert with_comma(value) == words


def test_it_writes_a_date_in_words():
    assert (long_date(date(2026, 5, 1)), long_date(None)) == ("1er mai 2026", "")
