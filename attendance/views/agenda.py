"""The private calendar of a person, read by the calendar of a phone: made, changed, revoked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import Request
from accounts.permissions import member_required

from ..feeds import address_of_feed, calendar_of, is_right_secret, make_feed, revoke_feed
from ..models import CalendarFeed


@member_required
def my_agenda(request: Request) -> HttpResponse:
    """One's own address, and how to take it back."""
    feed = CalendarFeed.objects.filter(user=request.user).first()
    context = {"feed": feed, "address": address_of_feed(feed) if feed else ""}
    return render(request, "attendance/my_agenda.html", context)


@require_POST
@member_required
def agenda_make(request: Request) -> HttpResponse:
    """Make the address, or another one: the old one dies at once."""
    make_feed(user=request.user, cfa=request.membership.cfa)
    messages.success(request, "Votre adresse d'agenda est prête.")
    return redirect("attendance:my_agenda")


@require_POST
@member_required
def agenda_revoke(request: Request) -> HttpResponse:
    revoke_feed(user=request.user, cfa=request.membership.cfa)
    messages.success(request, "L'adresse est révoquée : plus personne ne peut la lire.")
    return redirect("attendance:my_agenda")


@require_safe
@login_not_required
def agenda_feed(request: Request, uuid, secret: str) -> HttpResponse:
    """The iCalendar file; without the right secret it does not exist."""
    feed = CalendarFeed.objects.select_related("user").filter(uuid=uuid).first()
    if feed is None or not feed.user.is_active or not is_right_secret(feed, secret):
        raise Http404
    CalendarFeed.objects.filter(pk=feed.pk).update(read_at=timezone.now())
    response = HttpResponse(
        calendar_of(feed.user, timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'inline; filename="cfa.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
