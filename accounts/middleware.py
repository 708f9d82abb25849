"""Who works, in which CFA and role; and the way back to the page of one whose session has ended."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from .enums import Role
from .http import Request
from .models import Membership
from .typography import french_html, french_json

SESSION_KEY = "membership"


def current_membership(request: Request) -> Membership | None:
    """The membership chosen in the session, else the first active one in the order of `Role`."""
    if not request.user.is_authenticated:
        return None
    memberships = list(request.user.memberships.active().select_related("cfa", "user"))
    chosen = request.session.get(SESSION_KEY)
    order = list(Role.values)
    memberships.sort(key=lambda m: (m.pk != chosen, order.index(m.role), m.pk))
    request.memberships = memberships
    return memberships[0] if memberships else None


class CurrentMembershipMiddleware:
    """Set `request.membership` (lazy: public pages ask the database nothing)."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.membership = cast(Membership, SimpleLazyObject(lambda: current_membership(request)))
        return self.get_response(request)


class FragmentMiddleware:
    """A page and its fragments have one address: no cache, the browser's neither, takes one for the other.

    Without it the browser's arrow shows the last fragment as a page, or a page inside itself.
    """

    def __init__(self, get_response: Callable[[Request], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ("HX-Request",))
        return response


SET_IN_FRENCH = {"text/html": french_html, "application/json": french_json}


class TypographyMiddleware:
    """The pages, their fragments and what a script shows leave with the spaces of French typography."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        kind = response.get("Content-Type", "").partition(";")[0]
        if kind in SET_IN_FRENCH and not response.streaming:
            response.content = SET_IN_FRENCH[kind](response.text)
        return response


class WrongMethodMiddleware:
    """An address that only receives a form, opened by itself: say so instead of a blank page."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not request.htmx:
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Send a stranger to sign in, then back to the page that he sees and not to the address of a deed.

    A form sent after the end of the session comes back to the page where it was written (drafts.js puts
    the words back); a fragment asked by htmx moves the whole page, or the sign-in would show inside it.

    The scripts of a page say with whose account it was opened: after somebody else has signed in in another
    tab they get 403, and keep what was typed for who typed it, rather than write under the other's name.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict
    ) -> HttpResponseBase | None:
        page_person = request.headers.get("X-Page-Person")
        if page_person and request.user.is_authenticated and page_person != str(request.user.pk):
            raise PermissionDenied("Cette page attend la personne qui l'avait ouverte.")
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # the stub knows plain redirections only
        self, request: Request, view_func: Callable
    ) -> HttpResponse:
        answer = redirect_to_login(page_of(request), resolve_url(self.get_login_url(view_func)))
        if request.htmx:
            return HttpResponseClientRedirect(answer.url)
        if request.method == "POST" and "application/json" not in request.headers.get("Accept", ""):
            messages.warning(
                request,
                "Votre session a expiré avant l'envoi. Connectez-vous : vous retrouverez la page et ce "
                "que vous y aviez écrit.",
            )
        return answer


def page_of(request: Request) -> str:
    """The path of the page on the person's screen."""
    if request.htmx:
        return request.htmx.current_url_abs_path or request.get_full_path()
    if request.method == "POST":
        page = urlsplit(request.headers.get("Referer", ""))
        if page.netloc == request.get_host():
            return page.path + (f"?{page.query}" if page.query else "")
    return request.get_full_path()
