"""One half-day of the planning: what it is, correcting it, moving it, cancelling it."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.enums import STAFF_ROLES
from accounts.http import Request
from accounts.models import Event
from accounts.permissions import staff_required, team_reader_required

from ..actions import cancel_session, move_session, update_session
from ..doors import doors_of
from ..enums import SessionState
from ..models import ClassSession
from ..permissions import can_open_sheet
from ..planning_forms import CancelForm, MoveForm, SessionForm
from ..rules import windows
from ..selectors import local, window_of
from .common import deed_page, posted
from .planning import planning_url


def _session(request: Request, uuid) -> ClassSession:
    return get_object_or_404(
        ClassSession.objects.visible_to(request.user)
        .filter(cohort__cfa=request.membership.cfa)
        .select_related("cohort__cfa", "subject", "trainer", "room", "sheet")
        .distinct(),
        uuid=uuid,
    )


@team_reader_required
def session_detail(request: Request, uuid) -> HttpResponse:
    session = _session(request, uuid)
    is_cancelled = session.state == SessionState.CANCELLED
    if hasattr(session, "sheet") and not is_cancelled:
        return redirect("attendance:sheet_detail", uuid=session.sheet.uuid)
    window, now = window_of(session), local(timezone.now())
    can_open = can_open_sheet(request.user, session)
    is_past = session.date < now.date() and not window.holiday
    since = session.cohort.signed_here_from
    context = {
        "session": session,
        "is_cancelled": is_cancelled,
        "refusal": windows.opening_refusal(window, now),
        "can_open": can_open,
        "is_past": is_past,
        "is_elsewhere": is_past and since is not None and session.date < since,
        # A half-day that nobody opened is mended with the paper that was signed, and only so.
        "can_transcribe": is_past and can_open and doors_of(session.cohort.cfa).paper,
        "is_staff": request.membership.role in STAFF_ROLES,
        "events": Event.objects.about(session)[:10],
        "back": planning_url(session.cohort, session.date),
    }
    return render(request, "attendance/session_detail.html", context)


@staff_required
def session_edit(request: Request, uuid) -> HttpResponse:
    session = _session(request, uuid)
    form = SessionForm(posted(request), session=session)
    return _change(
        request,
        session,
        form,
        "attendance/session_edit.html",
        lambda: update_session(session=session, by=request.user, **form.values()),
        "La demi-journée est modifiée.",
    )


@staff_required
def session_move(request: Request, uuid) -> HttpResponse:
    session = _session(request, uuid)
    form = MoveForm(posted(request), session=session)
    return _change(
        request,
        session,
        form,
        "attendance/session_move.html",
        lambda: move_session(session=session, by=request.user, **form.cleaned_data),
        "La demi-journée est déplacée au {:%d/%m/%Y} : les intéressés sont prévenus.",
    )


@staff_required
def session_cancel(request: Request, uuid) -> HttpResponse:
    session = _session(request, uuid)
    form = CancelForm(posted(request))
    return _change(
        request,
        session,
        form,
        "attendance/session_cancel.html",
        lambda: cancel_session(session=session, by=request.user, **form.cleaned_data),
        "La demi-journée est annulée : les intéressés sont prévenus.",
    )


def _change(
    request: Request,
    session: ClassSession,
    form: Form,
    template: str,
    deed: Callable[[], ClassSession],
    said: str,
) -> HttpResponse:
    """The page of a change; afterwards the week where the half-day now is."""

    def done(changed: ClassSession) -> HttpResponse:
        messages.success(request, said.format(changed.date))
        return redirect(planning_url(changed.cohort, changed.date))

    back = planning_url(session.cohort, session.date)
    return deed_page(request, template, form, deed, done, session=session, back=back)
