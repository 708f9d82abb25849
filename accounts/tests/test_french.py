from datetime import date

import pytest
from django.template import Context, Template

from accounts.french import date_format, ordinal


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
