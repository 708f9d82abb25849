"""The proof: of a sheet, of a signature, and the verification of the whole chain."""

import json
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import reader_required, staff_required, team_reader_required
from accounts.signatures import svg_path
from apprentices.models import Cohort
from documents.actions import start_items

from ..actions import request_archive, request_sheet_pdfs
from ..enums import ProofKind
from ..forms import ExportForm
from ..models import AttendanceSheet, ProofCheck, ProofEvent, ProofHead, Signature
from ..proofs.export import Scope, sheets_of
from ..proofs.kinds import VERIFY_KIND
from .common import posted
from .sheets import visible_sheet


@team_reader_required
def sheet_proofs(request: Request, uuid) -> HttpResponse:
    """Each event of a sheet with its hashes, and each of its closings."""
    sheet = visible_sheet(request, uuid)
    events = list(sheet.proof_events.order_by("sequence"))
    context = {
        "sheet": sheet,
        "session": sheet.session,
        "events": events,
        "versions": sheet.versions.select_related("closed_by", "reopened_by", "document").order_by(
            "number"
        ),
    }
    return render(request, "attendance/sheet_proofs.html", context)


@team_reader_required
def signature_proof(request: Request, uuid) -> HttpResponse:
    """Who signed, how, when, with what, and the link of the chain that says so."""
    sheets = AttendanceSheet.objects.visible_to(request.user).filter(
        session__cohort__cfa=request.membership.cfa
    )
    signature = get_object_or_404(
        Signature.objects.filter(
            Q(presence__sheet__in=sheets)
            | Q(countersigned_sheet__in=sheets)
            | Q(countersigned_version__sheet__in=sheets)
        )
        .select_related("scan")
        .distinct(),
        uuid=uuid,
    )
    event = (
        ProofEvent.objects.filter(
            cfa=request.membership.cfa,
            kind__in=(ProofKind.SIGN, ProofKind.COUNTERSIGN),
            sheet__in=sheets,
            payload__contains=str(signature.uuid),
        )
        .select_related("sheet__session__subject", "sheet__session__cohort", "presence__enrolment")
        .order_by("sequence")
        .first()
    )
    context = {
        "signature": signature,
        "event": event,
        "content": json.loads(event.payload) if event else {},
        "sheet": event.sheet if event else None,
        "path": svg_path(signature.strokes) if signature.strokes else "",
    }
    return render(request, "attendance/signature_proof.html", context)


@reader_required
def proof_list(request: Request) -> HttpResponse:
    """Where the centre's chain stands, and what its last verifications found."""
    cfa = request.membership.cfa
    context = {
        "head": ProofHead.objects.filter(cfa=cfa).first(),
        "checks": ProofCheck.objects.filter(cfa=cfa)[:10],
        "last_events": ProofEvent.objects.filter(cfa=cfa)
        .select_related("sheet__session__cohort", "sheet__session__subject")
        .order_by("-sequence")[:10],
    }
    return render(request, "attendance/proof_list.html", context)


@staff_required
@require_POST
def proof_verify(request: Request) -> HttpResponse:
    """Ask a worker to recompute the chain; its page shows the outcome."""
    cfa = request.membership.cfa
    job = start_items(
        kind=VERIFY_KIND.code,
        cfa=cfa,
        label="Vérification des preuves d'émargement",
        items=[(str(cfa), {"cfa": cfa.slug})],
        by=request.user,
    )
    messages.success(
        request, "La vérification est lancée : son résultat s'affiche sur la page des preuves."
    )
    return redirect("documents:job_detail", uuid=job.uuid)


@reader_required
def proof_export(request: Request) -> HttpResponse:
    """A ZIP with the sheets, the proofs and the page that verifies them; or the PDFs that it lacks.

    The address may carry what a dossier erased since was made of (`proofs.kinds.arguments_of`).
    """
    cfa = request.membership.cfa
    cohorts = Cohort.objects.visible_to(request.user).filter(cfa=cfa)
    initial: dict[str, Any] = request.GET.dict()
    if "with_sheets" in initial:
        initial["with_sheets"] = initial["with_sheets"] == "True"
    form = ExportForm(posted(request), cohorts=cohorts, initial=initial)
    if request.method == "POST" and form.is_valid():
        scope = Scope(cfa=cfa, **form.cleaned_data)
        try:
            if "pdf" in request.POST and sheets_of(scope).exists():
                job = request_sheet_pdfs(
                    cfa=cfa,
                    sheets=sheets_of(scope),
                    label=f"Feuilles de {scope.label}",
                    by=request.user,
                )
            else:
                job = request_archive(scope=scope, by=request.user)
        except DomainError as error:
            show_refusal(form, error)
        else:
            if job:
                return redirect("documents:job_detail", uuid=job.uuid)
            messages.info(request, "Toutes les feuilles closes ont déjà leur PDF.")
            return redirect("attendance:proof_export")
    status = 422 if form.is_bound else 200
    return render(request, "attendance/proof_export.html", {"form": form}, status=status)
