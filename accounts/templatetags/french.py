"""Loaded in every template: dates in place of Django's own `date`, and words that agree with a person."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template.defaultfilters import date as django_date

from accounts.french import agreed, ordinal

register = template.Library()


@register.filter("date", expects_localtime=True, is_safe=False)
def french_date(value: date | datetime | None, form: str | None = None) -> str:
    return ordinal(django_date(value, form), form or "")


@register.filter
def agree(words: str, person: Any) -> str:
    """`{{ "né(e)"|agree:apprentice }}`: « née », « né », or both while nobody has said.

    The person is a row, or what a document froze of one (before the sex was kept: both).
    """
    sex = person.get("sex", "") if isinstance(person, dict) else person.sex
    return agreed(words, sex)
