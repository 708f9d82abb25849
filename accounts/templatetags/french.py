"""Loaded in every template in place of Django's own `date`."""

from datetime import date, datetime

from django import template
from django.template.defaultfilters import date as django_date

from accounts.french import ordinal

register = template.Library()


@register.filter("date", expects_localtime=True, is_safe=False)
def french_date(value: date | datetime | None, form: str | None = None) -> str:
    return ordinal(django_date(value, form))
