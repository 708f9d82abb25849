"""What the layout and the shared components compute for themselves."""

from functools import cache
from typing import Any
from uuid import uuid4

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.history import verb_label
from accounts.http import Request
from accounts.models import Event
from accounts.navigation import links_for

register = template.Library()


GAUGE_WIDTH = 1000  # whole units of the drawing: no decimal comma can slip into an SVG attribute


@cache
def _sprite() -> str:
    return static("img/icons.svg")


@register.simple_tag
def csrf_cookie() -> str:
    """The name of the cookie where the scripts read today's key (static/js/page-headers.js)."""
    return settings.CSRF_COOKIE_NAME


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the sprite; a tag rather than an included file, for a page shows dozens."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        _sprite(),
        name,
    )


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> SafeString:
    """The main navigation of the current role as one list, or nothing for a visitor.

    Written once: the layout shows it in the sidebar, in the menu and at the bottom of a phone.
    """
    request: Request | None = context.get("request")
    membership = getattr(request, "membership", None) if request else None
    if not request or not membership:
        return SafeString()
    links = links_for(membership.role, request.path, context.get("nav_counts"))
    return render_to_string("layout/_links.html", {"links": links})


@register.simple_tag(takes_context=True)
def other_memberships(context: template.Context) -> list:
    """The person's other places (CFA and role), for the switcher."""
    request = context.get("request")
    membership = getattr(request, "membership", None) if request else None
    if not request or not membership:
        return []
    return [other for other in request.memberships if other.pk != membership.pk]


@register.simple_tag
def unique_id(prefix: str = "id") -> str:
    """An id no other element of the page has, for `aria-labelledby` and labels in repeated pieces."""
    return f"{prefix}-{uuid4().hex[:8]}"


@register.simple_tag
def gauge_figures(gauge: Any) -> dict[str, Any]:
    """Lengths of the bars of a gauge, on one scale that holds the largest of its three numbers."""
    largest = max(gauge.done, gauge.planned, gauge.minimum, 1)

    def length(value: Any) -> str:
        return str(round(GAUGE_WIDTH * max(float(value), 0.0) / float(largest)))

    missing = max(gauge.minimum - gauge.planned, 0)
    return {
        "width": str(GAUGE_WIDTH),
        "done": length(gauge.done),
        "planned": length(gauge.planned),
        "minimum": length(gauge.minimum) if gauge.minimum else "",
        "missing": missing,
    }


@register.filter
def figure(value: Any) -> str:
    """A number as the French write it: no useless decimals, narrow no-break space between thousands."""
    if value in (None, ""):
        return ""
    text = f"{float(value):,.2f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u202f").replace(".", ",")


# What the address of a list says besides its filters.
NOT_FILTERS = ("page", "size", "sort", "tri")


@register.simple_block_tag(takes_context=True)
def list_filter(context: template.Context, content: str, label: str, card: bool = True) -> str:
    """The filters of a list around their fields: unfolded on a desk, behind one control on a phone."""
    request: Request | None = context.get("request")
    query = request.GET if request else QueryDict()
    active = sum(any(query.getlist(name)) for name in query if name not in NOT_FILTERS)
    all_url = request.path if request else ""
    return render_to_string(
        "components/_filters.html",
        {"content": content, "label": label, "card": card, "active": active, "all": all_url},
    )


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, number: int, name: str = "page") -> str:
    """The current address with another page number: filters and sort stay."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query[name] = str(number)
    return "?" + query.urlencode()


@register.simple_tag
def error_list(form: BaseForm) -> list[tuple[str, str, str]]:
    """(field id, label, message) for each error of the form, those of the whole form first."""
    rows = [("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        rows += [(bound.id_for_label, str(bound.label), str(message)) for message in bound.errors]
    return rows


@register.simple_tag(takes_context=True)
def history_of(context: template.Context, subject: Any, limit: int = 50) -> list[Event]:
    """The last lines of history of an object, for the people who may read them."""
    request = context.get("request")
    if not request or not request.user.is_authenticated:
        return []
    return list(Event.objects.visible_to(request.user).about(subject)[:limit])


@register.filter
def pages_around(paginator: Any, number: int) -> list[int | None]:
    """First, last and near pages; None where pages are skipped."""
    return [
        page if isinstance(page, int) else None
        for page in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    ]


register.filter("verb_label", verb_label)
