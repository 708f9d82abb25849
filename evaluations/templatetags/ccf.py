"""What a page asks before it speaks of CCF."""

from django import template
from django.utils import timezone

from accounts.models import Cfa

from ..selectors import runs_ccf

register = template.Library()


@register.filter
def has_ccf(cfa: Cfa) -> bool:
    """The CFA runs CCF today, or keeps some."""
    return runs_ccf(cfa, timezone.localdate())
