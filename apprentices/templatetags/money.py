"""Amounts as an administration prints them."""

from decimal import Decimal
from typing import Any

from django import template

register = template.Library()


@register.filter
def euros(value: Any) -> str:
    """« 1 138,88 € »: two decimals always, nothing when there is no amount."""
    if value in (None, ""):
        return ""
    text = f"{Decimal(value):,.2f}"
    return text.replace(",", "\u202f").replace(".", ",") + "\u00a0€"
