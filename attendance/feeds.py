"""Private iCalendar feeds (RFC 5545), one per person: the secret is derived, never stored as it is sent."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from icalendar import Calendar, Event

from accounts.history import record
from accounts.mail import site_address
from accounts.models import Cfa, User
from apprentices.models import Enrolment

from .enums import SessionState
from .models import CalendarFeed, ClassSession
from .models.papers import _new_nonce
from .rules.windows import hour

PAST = timedelta(days=60)


def secret_of(feed: CalendarFeed) -> str:
    """What the address carries; a copy of the database alone does not give it."""
    message = f"agenda:{feed.uuid}:{feed.nonce}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, sha256).hexdigest()[:40]


def is_right_secret(feed: CalendarFeed, secret: str) -> bool:
    return hmac.compare_digest(secret_of(feed), secret)


def address_of_feed(feed: CalendarFeed) -> str:
    return site_address() + reverse("attendance:agenda_feed", args=[feed.uuid, secret_of(feed)])


@transaction.atomic
def make_feed(*, user: User, cfa: Cfa) -> CalendarFeed:
    """Make one's address, or a new one that kills the old."""
    feed, created = CalendarFeed.objects.get_or_create(user=user)
    if not created:
        feed.nonce = _new_nonce()
        feed.read_at = None
        feed.save(update_fields=("nonce", "read_at"))
    record("make_feed", feed, cfa=cfa, actor=user)
    return feed


@transaction.atomic
def revoke_feed(*, user: User, cfa: Cfa) -> None:
    for feed in CalendarFeed.objects.select_for_update().filter(user=user):
        record("revoke_feed", feed, cfa=cfa, actor=user)
        feed.delete()


def sessions_of(user: User, now: datetime) -> list[ClassSession]:
    """Half-days that the person teaches or follows, from two months ago on; the cancelled ones too."""
    centres = user.memberships.active().values(
        "cfa"
    )  # an access taken away closes the calendar too
    enrolments = list(Enrolment.objects.filter(apprentice__user=user, cohort__cfa__in=centres))
    followed = Q(pk__in=[])
    for enrolment in enrolments:
        mine = Q(cohort=enrolment.cohort_id, date__gte=enrolment.starts_on)
        if enrolment.ends_on:
            mine &= Q(date__lte=enrolment.ends_on)
        followed |= mine
    teaches = Q(trainer=user) & Q(cohort__cfa__in=centres)
    return list(
        ClassSession.objects.filter(teaches | followed, date__gte=(now - PAST).date())
        .select_related("cohort__programme", "subject", "trainer", "room")
        .order_by("date", "starts_at", "pk")
    )


def calendar_of(user: User, now: datetime) -> bytes:
    """The calendar, in the centre's own hours; a moved half-day keeps its identity, a cancelled one says so."""
    calendar = Calendar()
    calendar.add("prodid", "-//CFA NDRC//Planning//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "CFA")
    calendar.add("x-wr-timezone", "Europe/Paris")
    calendar.add("refresh-interval;value=duration", "PT2H")
    for session in sessions_of(user, now):
        event = Event()
        event.add("uid", f"{session.uuid}@{_host()}")
        event.add("sequence", session.revision)
        event.add("dtstamp", now)
        event.add("dtstart", _local(session, session.starts_at))
        event.add("dtend", _local(session, session.ends_at))
        is_cancelled = session.state == SessionState.CANCELLED
        prefix = "Annulé : " if is_cancelled else ""
        event.add("summary", f"{prefix}{session.subject.short_title}")
        event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
        place = ", ".join(p for p in (str(session.room or ""), session.cohort.programme.place) if p)
        if place:
            event.add("location", place)
        lines = [session.subject.title, f"Formateur : {session.trainer}", str(session.cohort)]
        if session.origin_date and not is_cancelled:
            lines.append(f"Déplacée ; prévue d'abord le {session.origin_date:%d/%m/%Y}")
        if is_cancelled:
            lines.append(f"Motif : {session.cancel_reason}")
        lines.append(f"De {hour(session.starts_at)} à {hour(session.ends_at)}")
        event.add("description", "\n".join(lines))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _local(session: ClassSession, at) -> datetime:
    return datetime.combine(session.date, at, tzinfo=ZoneInfo(settings.TIME_ZONE))


def _host() -> str:
    return site_address().split("//")[-1].split("/")[0].split(":")[0] or "cfa"
