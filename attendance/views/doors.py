"""The centre's doors, and the personal links by e-mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Guest, Request, show_refusal
from accounts.permissions import staff_required, team_required

from ..actions import DeadLink, find_link, send_links, sign_with_link, update_doors
from ..doors import doors_of
from ..forms import DoorsForm, SignatureForm
from ..rules import windows
from ..selectors import local, window_of
from .common import device_of, posted, signature_of
from .sheets import visible_sheet


@staff_required
def doors_edit(request: Request) -> HttpResponse:
    cfa = request.membership.cfa
    form = DoorsForm(posted(request), instance=doors_of(cfa))
    if request.method == "POST" and form.is_valid():
        try:
            update_doors(cfa=cfa, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "Les réglages sont enregistrés.")
            return redirect("attendance:doors_edit")
    status = 422 if form.is_bound else 200
    return render(request, "attendance/doors_edit.html", {"form": form}, status=status)


@team_required
@require_POST
def links_send(request: Request, uuid) -> HttpResponse:
    """A personal link to each who is still expected."""
    sheet = visible_sheet(request, uuid)
    try:
        sent = send_links(sheet=sheet, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        if sent.links:
            count = len(sent.links)
            messages.success(
                request,
                f"{count} lien{'s' if count > 1 else ''} de signature envoyé{'s' if count > 1 else ''}.",
            )
        if sent.without_email:
            names = ", ".join(sent.without_email)
            messages.warning(request, f"Sans adresse e-mail : {names}.")
    return redirect("attendance:sheet_detail", uuid=sheet.uuid)


@login_not_required
@never_cache
def link_sign(request: Request, token: str) -> HttpResponse:
    """The page that a personal link opens: one signature, for one person, once."""
    request.guest = Guest(None)
    try:
        link = find_link(token)
    except DeadLink as error:
        context = {"message": error.message, "is_used": error.is_used}
        status = 200 if error.is_used else 404
        return _private(render(request, "attendance/link_dead.html", context, status=status))
    presence = link.presence
    session = presence.sheet.session
    request.guest = Guest(session.cohort.cfa)
    form = SignatureForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            sign_with_link(token=token, **signature_of(form), **device_of(request))
        except DeadLink:  # a double click: the first one counted
            return _private(redirect("attendance:link_sign", token=token))
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _private(redirect("attendance:link_sign", token=token))
    refusal = windows.signing_refusal(
        window_of(session),
        local(timezone.now()),
        is_closed=presence.sheet.closed_at is not None,
    )
    context = {"form": form, "presence": presence, "session": session, "refusal": refusal}
    status = 422 if form.is_bound else 200
    return _private(render(request, "attendance/link_sign.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: no search engine may keep it (the site's policy hides it from other sites)."""
    response["X-Robots-Tag"] = "noindex"
    return response
