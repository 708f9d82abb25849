"""Tasks and proofs of a period: written by the apprentice's phone, with or without JavaScript."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from accounts.errors import DomainError, NotAllowed
from accounts.http import Request, as_uuid
from accounts.permissions import apprentice_required, member_required, team_required
from documents.storing import all_or_nothing
from documents.uploads import LARGEST_PHOTO, megabytes
from programmes.models import Competence

from .. import actions, rules
from ..enums import PeriodRole
from ..models import LivretPeriod, PeriodTask, Proof, Review, Scan
from ..permissions import can_steer_livret
from .saving import refusal, wants_json

BY_HAND = (
    "La signature à la main est enregistrée ; le document avec son scan se prépare, parmi les documents "
    "du livret."
)
ROOM = 64 * 1024  # of a form around its file


def send_file(stored: Proof | Scan) -> FileResponse:
    """The bytes, shown as what they were found to be and never as a page."""
    response = FileResponse(
        stored.file.open("rb"),
        content_type=stored.content_type,
        filename=f"{stored.name.rsplit('.', 1)[0]}{stored.extension}",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _period(request: Request, uuid) -> LivretPeriod:
    periods = LivretPeriod.objects.visible_to(request.user).select_related("livret__enrolment")
    return get_object_or_404(
        periods.filter(livret__enrolment__cohort__cfa=request.membership.cfa), uuid=uuid
    )


def refuse_what_is_too_big(view):
    """Answer a body of 200 MB without keeping it: before it is parsed, and so before its CSRF token."""
    guarded = csrf_protect(view)

    @wraps(view)
    def wrapped(request: Request, *args, **kwargs) -> HttpResponseBase:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if request.method != "POST" or length <= LARGEST_PHOTO + ROOM:
            return guarded(request, *args, **kwargs)
        while request.read(1 << 20):  # the browser reads no answer before it has sent everything
            pass
        sentence = (
            f"Ce fichier pèse {megabytes(length)} : pas plus de "
            f"{megabytes(LARGEST_PHOTO)}. Rien n'a été gardé ; le reste est intact."
        )
        if wants_json(request):
            return JsonResponse({"state": "error", "message": sentence}, status=422)
        context = {"message": sentence, "back": request.path.rsplit("/", 2)[0] + "/"}
        return render(request, "livret/file_refused.html", context, status=422)

    return csrf_exempt(wrapped)


def _task_values(request: Request, period: LivretPeriod) -> dict[str, Any]:
    data = request.POST
    try:
        day = date.fromisoformat(data["done_on"]) if data.get("done_on") else None
    except ValueError:
        raise DomainError("Choisissez un jour du calendrier.", field="done_on") from None
    keys = [value for value in data.getlist("competences") if value.isdigit()]
    planned = data.get("planned", "")
    return {
        "uuid": as_uuid(data.get("uuid", "")) or uuid4(),
        "title": data.get("title", ""),
        "details": data.get("details", ""),
        "kind": data.get("kind") or "autre",
        "network": data.get("network", ""),
        "done_on": day,
        "competences": list(Competence.objects.filter(pk__in=keys).select_related("bloc")),
        "planned": period.livret.plan_tasks.filter(uuid=as_uuid(planned)).first()
        if planned
        else None,
    }


@require_POST
@apprentice_required
def task_save(request: Request, uuid) -> HttpResponseBase:
    """Write a task; the phone may send it twice."""
    period = _period(request, uuid)
    try:
        values = _task_values(request, period)
        task = actions.save_task(period=period, by=request.user, **values)
    except (DomainError, NotAllowed) as error:
        return _refused(request, period, error)
    if wants_json(request):
        return JsonResponse({"state": "saved", "uuid": str(task.uuid), "title": task.title})
    messages.success(request, f"Mission enregistrée : {task.title}.")
    return redirect("livret:period_detail", period.uuid)


def _refused(
    request: Request, period: LivretPeriod, error: DomainError | NotAllowed
) -> HttpResponseBase:
    if wants_json(request):
        return refusal(error)
    if isinstance(error, NotAllowed):
        raise error
    from .periods import page_with_refused_task

    return page_with_refused_task(request, period.uuid, error.message)


@require_POST
@apprentice_required
def task_remove(request: Request, uuid) -> HttpResponse:
    """Take a task away."""
    task = _of_period(request, PeriodTask, uuid)
    return _removed(
        request,
        task.period,
        lambda: actions.remove_task(task=task, by=request.user),
        "La mission est retirée.",
    )


def _of_period(request: Request, model: Any, uuid) -> Any:
    """A task or a proof of a period that this person reads."""
    periods = LivretPeriod.objects.visible_to(request.user)
    return get_object_or_404(
        model.objects.select_related("period__livret"), uuid=uuid, period__in=periods
    )


def _removed(
    request: Request, period: LivretPeriod, remove: Callable[[], None], done: str
) -> HttpResponse:
    try:
        remove()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("livret:period_detail", period.uuid)


@refuse_what_is_too_big
@require_POST
@apprentice_required
def proof_add(request: Request, uuid) -> HttpResponseBase:
    """Keep a photo or a PDF of the period."""
    period = _period(request, uuid)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise DomainError("Choisissez un fichier.", field="file")
        task = None
        if key := as_uuid(request.POST.get("task", "")):
            task = period.tasks.filter(uuid=key).first()
        proof = actions.add_proof(
            period=period,
            file=sent,
            name=sent.name or "",
            size=sent.size or 0,
            task=task,
            uuid=as_uuid(request.POST.get("uuid", "")),
            by=request.user,
        )
    except (DomainError, NotAllowed) as error:
        return _refused(request, period, error)
    if wants_json(request):
        return JsonResponse({"state": "saved", "uuid": str(proof.uuid), "name": proof.name})
    messages.success(request, f"{proof.name} est joint.")
    return redirect("livret:period_detail", period.uuid)


@require_POST
@apprentice_required
def proof_remove(request: Request, uuid) -> HttpResponse:
    """Take a proof away."""
    proof = _of_period(request, Proof, uuid)
    return _removed(
        request,
        proof.period,
        lambda: actions.remove_proof(proof=proof, by=request.user),
        "Le fichier est retiré.",
    )


@member_required
def proof_file(request: Request, uuid) -> FileResponse:
    """A proof, for who reads its period."""
    periods = LivretPeriod.objects.visible_to(request.user).filter(
        livret__enrolment__cohort__cfa=request.membership.cfa
    )
    return send_file(
        get_object_or_404(Proof, uuid=uuid, period__in=periods, removed_at__isnull=True)
    )


@member_required
def scan_file(request: Request, uuid) -> FileResponse:
    """The scan of a page signed by hand, for who reads what it signs."""
    scan = get_object_or_404(Scan, uuid=uuid)
    cfa = request.membership.cfa
    periods = LivretPeriod.objects.visible_to(request.user).filter(
        signatures__scan=scan, livret__enrolment__cohort__cfa=cfa
    )
    reviews = Review.objects.visible_to(request.user).filter(
        signatures__scan=scan, livret__enrolment__cohort__cfa=cfa
    )
    if not (periods.exists() or reviews.exists()):
        get_object_or_404(Scan.objects.none())
    return send_file(scan)


@refuse_what_is_too_big
@team_required
def period_by_hand(request: Request, uuid) -> HttpResponse:
    """Record what was signed by hand, or go on without a maître who has left."""
    period = _period(request, uuid)
    if not can_steer_livret(request.user, period.livret):
        raise NotAllowed(actions.NOT_BY_HAND)
    error = ""
    if request.method == "POST":
        try:
            if "print" in request.POST:
                document = actions.print_period(period=period, by=request.user)
                return redirect("documents:document_detail", document.uuid)
            if "excuse" in request.POST:
                actions.excuse_maitre(
                    period=period, reason=request.POST.get("reason", ""), by=request.user
                )
                messages.success(request, "La période passe au tuteur, avec votre motif.")
            else:
                with all_or_nothing():  # no scan without what it signs
                    signed = actions.sign_period_by_hand(
                        period=period,
                        role=request.POST.get("role", ""),
                        scan=scan_from(request),
                        printed=request.POST.get("printed", ""),
                        by=request.user,
                    )
                    actions.print_period(period=signed, by=request.user)
                messages.success(request, BY_HAND)
            return redirect("livret:period_detail", period.uuid)
        except DomainError as refused:
            error = refused.message
    awaited = rules.awaited_role(period.state)
    context = {
        "period": period,
        "awaited": PeriodRole(awaited) if awaited else None,
        "error": error,
        "today": timezone.localdate(),
    }
    return render(request, "livret/period_by_hand.html", context, status=422 if error else 200)


def scan_from(request: Request) -> Scan:
    """The scan of the form, checked and kept."""
    sent = request.FILES.get("file")
    if sent is None:
        raise DomainError("Joignez le scan de la page signée.", field="file")
    try:
        day = date.fromisoformat(request.POST.get("signed_on", ""))
    except ValueError:
        raise DomainError("Donnez la date de la signature.", field="signed_on") from None
    return actions.record_scan(
        file=sent,
        name=sent.name or "",
        size=sent.size or 0,
        signer_label=request.POST.get("signer_label", ""),
        signed_on=day,
        by=request.user,
    )
