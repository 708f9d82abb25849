"""Pages that belong to no app: the home of each role, the health check, the accessibility statement."""

import sys
from functools import cache
from pathlib import Path
from smtplib import SMTPException

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError as BrokerDown
from redis.exceptions import RedisError

from accounts.enums import Role
from accounts.http import Request
from accounts.middleware import page_of
from accounts.offline import keep_on_device

from . import homes

# Database, cache, queue, mail.
SERVERS_DOWN = (
    *(OperationalError, InterfaceError, RedisError, BrokerDown),
    *(SMTPException, ConnectionError, TimeoutError),
)
HOMES = {
    Role.ADMIN: (homes.staff_home, "home/staff.html"),
    Role.STAFF: (homes.staff_home, "home/staff.html"),
    Role.AUDITOR: (homes.auditor_home, "home/staff.html"),
    Role.TRAINER: (homes.trainer_home, "home/trainer.html"),
    Role.APPRENTICE: (homes.apprentice_home, "home/apprentice.html"),
}


@require_safe
def home(request: Request) -> HttpResponse:
    """Send each person to what is to be done now."""
    membership = request.membership
    if not membership:
        return render(request, "home/none.html")
    if membership.role == Role.MAITRE:
        return redirect("livret:maitre_home")
    build, template = HOMES[Role(membership.role)]
    today = timezone.localdate()
    response = render(request, template, {"today": today, **build(membership, today)})
    if membership.role == Role.APPRENTICE:
        keep_on_device(response, request.user)
    return response


@require_safe
@login_not_required
def health(request: Request) -> JsonResponse:
    """Say that the process answers and reaches its database (supervisor, container, monitoring)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
@login_not_required
def service_worker(request: Request) -> HttpResponse:
    """The script that opens kept pages without network; at the root, so that it covers the phone's pages."""
    response = HttpResponse(read_worker(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def read_worker() -> bytes:
    """The worker's file, read once."""
    return Path(str(finders.find("js/kept-pages-sw.js"))).read_bytes()


@require_safe
@login_not_required
def accessibility(request: Request) -> HttpResponse:
    """The accessibility statement that the law asks of a public service."""
    return render(request, "accessibility.html")


@login_not_required
def csrf_failure(request: Request, reason: str = "") -> HttpResponse:
    """A forged form, or one older than the last sign-in: 400; drafts.js takes what was typed back to its page."""
    return render(request, "403_csrf.html", {"page": page_of(request)}, status=400)


@login_not_required
def server_error(request: Request) -> HttpResponse:
    """Our fault: 500. A server that does not answer: 503, it is worth trying again; neither page asks it anything."""
    if isinstance(sys.exception(), SERVERS_DOWN):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "60"})
    return HttpResponse(render_to_string("500.html"), status=500)
