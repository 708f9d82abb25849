"""Prepare and publish a version of a référentiel: copy, file out, file in, publish."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required

from .. import actions, presenters, store
from ..forms import FileForm, VersionForm, VersionReasonForm
from ..loader import read_text, write_referentiel
from ..models import Referentiel
from ..permissions import can_publish_referentiel
from .shared import person, status


def _version(request: Request, uuid: UUID) -> Referentiel:
    return get_object_or_404(Referentiel.objects.visible_to(person(request)), uuid=uuid)


@staff_required
def referentiel_copy(request: Request, uuid: UUID) -> HttpResponse:
    row = _version(request, uuid)
    form = VersionForm(request.POST or None, initial={"session_from": row.session_from})
    if request.method == "POST" and form.is_valid():
        try:
            copy = actions.copy_referentiel(
                referentiel=row, session_from=form.cleaned_data["session_from"], by=person(request)
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "Le brouillon est créé : modifiez-le par son fichier.")
            return redirect("programmes:referentiel_detail", copy.uuid)
    context = {"row": row, "form": form}
    return render(request, "programmes/referentiel_copy.html", context, status=status(form))


@staff_required
def referentiel_file(request: Request, uuid: UUID) -> HttpResponse:
    row = _version(request, uuid)
    text = write_referentiel(store.dump(row), edition=row.edition)
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    name = f"{row.acronym.lower()}-{row.session_from}-edition-{row.edition}.toml"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@staff_required
def referentiel_upload(request: Request, uuid: UUID) -> HttpResponse:
    row = _version(request, uuid)
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        bundle = read_text(str(file.name)[:80], file.read())
        problems = [str(problem) for problem in bundle.problems]
        if problems:
            count = len(problems)
            form.add_error("file", f"{count} problème{'s' if count > 1 else ''}, rien n'a changé.")
        else:
            try:
                found = actions.replace_draft(
                    referentiel=row, data=bundle.referentiels[0], by=person(request)
                )
            except DomainError as error:
                show_refusal(form, error)
            else:
                messages.success(
                    request, f"Brouillon mis à jour : {len(found)} valeur(s) changée(s)."
                )
                return redirect("programmes:referentiel_detail", row.uuid)
    context = {"row": row, "form": form, "problems": problems}
    return render(request, "programmes/referentiel_upload.html", context, status=status(form))


@staff_required
def referentiel_publish(request: Request, uuid: UUID) -> HttpResponse:
    row = _version(request, uuid)
    form = VersionReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_referentiel(
                referentiel=row, reason=form.cleaned_data["reason"], by=person(request)
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"« {row} » est publiée : elle ne change plus.")
            return redirect("programmes:referentiel_detail", row.uuid)
    before = actions.latest_before(row)
    context = {
        "row": row,
        "form": form,
        "before": before,
        "can_publish": can_publish_referentiel(request.user, row),
        "changes": presenters.changes_between(before, row) if before else [],
    }
    return render(request, "programmes/referentiel_publish.html", context, status=status(form))
