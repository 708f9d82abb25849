"""The findings of a programme, and their acceptance."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required, team_reader_required

from .. import actions
from ..conformity import Finding
from ..conformity_selectors import categorie_of_programme, findings_of
from ..enums import Severity
from ..forms import ReasonForm
from .shared import person, programme_or_404, runs_it, status

# Where the CFA corrects its own values, by the beginning of a finding's name.
PAGES = {
    "HEURES-RYTHME": "programmes:programme_edit",
    "HEURES": "programmes:programme_hours",
    "DUREE-DATES": "programmes:programme_edit",
    "SESSION": "programmes:programme_edit",
    "SEMAINES": "programmes:programme_edit",
}


def _page_of(finding: Finding) -> str:
    return next((page for name, page in PAGES.items() if finding.id.startswith(name)), "")


@team_reader_required
def programme_conformity(request: Request, uuid: UUID) -> HttpResponse:
    programme = programme_or_404(request, uuid)
    held = findings_of(programme)
    groups = [
        {"severity": severity, "rows": rows}
        for severity in Severity
        if (
            rows := [
                {
                    "held": row,
                    "can_fix": actions.can_fix(row.finding.id),
                    "page": _page_of(row.finding),
                }
                for row in held
                if row.finding.severity == severity
            ]
        )
    ]
    context = {
        "programme": programme,
        "groups": groups,
        "count": len(held),
        "blocking": sum(row.blocks for row in held),
        "categorie": categorie_of_programme(programme),
        "can_edit": runs_it(request),
    }
    return render(request, "programmes/programme_conformity.html", context)


@staff_required
def finding_accept(request: Request, uuid: UUID, finding: str) -> HttpResponse:
    programme = programme_or_404(request, uuid)
    row = next((row for row in findings_of(programme) if row.finding.id == finding), None)
    if row is None:
        raise Http404("Ce constat n'existe pas, ou plus.")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_finding(
                programme=programme,
                finding=finding,
                reason=form.cleaned_data["reason"],
                by=person(request),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"Le constat {finding} est accepté ; il reste affiché.")
            return redirect("programmes:programme_conformity", programme.uuid)
    context = {"programme": programme, "row": row, "form": form}
    return render(request, "programmes/finding_accept.html", context, status=status(form))


@require_POST
@staff_required
def finding_fix(request: Request, uuid: UUID, finding: str) -> HttpResponse:
    programme = programme_or_404(request, uuid)
    try:
        actions.apply_official(programme=programme, finding=finding, by=person(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, f"{finding} : la valeur officielle a pris la place de l'imprimée."
        )
    return redirect("programmes:programme_conformity", programme.uuid)


@require_POST
@staff_required
def acceptance_withdraw(request: Request, uuid: UUID, finding: str) -> HttpResponse:
    programme = programme_or_404(request, uuid)
    try:
        actions.withdraw_acceptance(programme=programme, finding=finding, by=person(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Le constat {finding} compte de nouveau.")
    return redirect("programmes:programme_conformity", programme.uuid)
