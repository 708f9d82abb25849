"""The entry of a contract in steps: left, resumed, checked as it is typed."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required

from .. import actions
from ..contract_draft import draft_of, posted_values, preview, read_entry, start_values
from ..contract_forms import STEPS, EmployerForm, step_of
from ..contract_sheet import sheet_of_entry
from ..models import ContractDraft, Enrolment

KEYS = list(STEPS)


def _enrolment(request: Request, uuid) -> Enrolment:
    rows = Enrolment.objects.visible_to(request.user).select_related(
        "apprentice", "cohort__cfa", "cohort__programme__referentiel"
    )
    return get_object_or_404(rows.filter(cohort__cfa=request.membership.cfa), uuid=uuid)


@staff_required
def contract_create(request: Request, uuid) -> HttpResponse:
    """Where the entry was left; its first step when it has not begun."""
    enrolment = _enrolment(request, uuid)
    draft = draft_of(enrolment)
    return redirect("apprentices:contract_step", uuid, draft.step if draft else KEYS[0])


@staff_required
def contract_step(request: Request, uuid, step: str) -> HttpResponse:
    """One step. POST keeps what is typed and goes on; with `check` it answers the panel alone."""
    if step not in STEPS:
        raise Http404
    enrolment = _enrolment(request, uuid)
    draft = draft_of(enrolment)
    if request.method != "POST":
        return _page(request, enrolment, draft, step)
    typed = posted_values(step, request.POST)
    is_check = "check" in request.POST
    conflict = None
    try:
        draft = actions.save_draft(
            enrolment=enrolment, values=typed, step=step, version=_version(request), by=request.user
        )
    except actions.DraftChanged as error:
        conflict = error
    if is_check or conflict:
        return _page(
            request,
            enrolment,
            draft,
            step,
            typed=typed,
            conflict=conflict,
            panel_only=is_check,
            status=409 if conflict and not is_check else 200,
        )
    entry = read_entry(enrolment, draft.values if draft else {})
    if entry.forms[step].errors and "later" not in request.POST:
        return _page(request, enrolment, draft, step, status=422)
    if "later" in request.POST:
        messages.success(
            request, "Le brouillon est enregistré : vous le reprendrez quand vous voudrez."
        )
        return redirect("apprentices:apprentice_detail", enrolment.apprentice.uuid)
    following = KEYS[min(KEYS.index(step) + 1, len(KEYS) - 1)]
    return redirect("apprentices:contract_step", uuid, following)


def _version(request: Request) -> int:
    raw = request.POST.get("override") or request.POST.get("version") or "0"
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else 0


def _page(
    request: Request,
    enrolment: Enrolment,
    draft: ContractDraft | None,
    step: str,
    *,
    typed: dict[str, str] | None = None,
    conflict: actions.DraftChanged | None = None,
    panel_only: bool = False,
    status: int = 200,
    refusal: DomainError | None = None,
) -> HttpResponse:
    values = {**(draft.values if draft else start_values(enrolment)), **(typed or {})}
    entry = read_entry(enrolment, values)
    form = entry.forms[step]
    # A page that nobody has filled yet says nothing of what is missing.
    shown = form if (draft and _was_seen(draft, step)) or typed or status != 200 else None
    if shown is None:
        form = STEPS[step](initial=_initial(step, values), cfa=enrolment.cohort.cfa)
    if refusal:
        show_refusal(form, refusal)
    context = {
        "enrolment": enrolment,
        "draft": draft,
        "version": _version(request) if conflict else (draft.version if draft else 0),
        "step": step,
        "form": form,
        "steps": [
            (key, number, form_class.title, key == step, _state(entry, draft, key))
            for number, (key, form_class) in enumerate(STEPS.items(), start=1)
        ],
        "preview": preview(entry, pk=draft.contract_id if draft else None),
        "conflict": conflict,
        "differences": _differences(form, conflict),
        "previous": KEYS[KEYS.index(step) - 1] if step != KEYS[0] else "",
        "is_last": step == KEYS[-1],
        "sheet": sheet_of_entry(entry) if step == "relecture" else None,
        "step_of": step_of,
    }
    template = "apprentices/contract_step.html"
    if panel_only:
        template = "apprentices/_contract_panel.html"
    return render(request, template, context, status=status)


def _initial(step: str, values: dict[str, str]) -> dict[str, object]:
    return {name: values[name] for name in STEPS[step].base_fields if values.get(name)}


def _was_seen(draft: ContractDraft, step: str) -> bool:
    return any(name in draft.values for name in _own(step))


def _own(step: str) -> list[str]:
    """Fields that only this step's page writes: not among the proposals."""
    return {
        "employeur": ["maitre"],
        "contrat": ["duration_reason"],
        "formation": ["exams_end_on"],
        "remuneration": ["smc"],
        "relecture": ["documents_held"],
    }[step]


def _state(entry, draft: ContractDraft | None, key: str) -> str:
    if draft is None or not _was_seen(draft, key):
        return ""
    return "wrong" if entry.forms[key].errors else "done"


def _differences(form, conflict: actions.DraftChanged | None) -> list[tuple[str, str]]:
    if conflict is None:
        return []
    return [
        (form.fields[name].label, _words(form.fields[name], value))
        if name in form.fields
        else ("Taux", f"{value} %")
        for name, value in conflict.fields.items()
    ]


def _words(field: forms.Field, value: str) -> str:
    """What a raw value of a draft says to a person."""
    if isinstance(field, forms.BooleanField):
        return "oui" if value else "non"
    if not value:
        return "(vide)"
    if isinstance(field, forms.DateField):
        try:
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        except ValueError:  # typed in another form: as it was typed
            return value
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in cast(Any, field.choices)}
        return labels.get(value, value)
    return value


@require_POST
@staff_required
def contract_finish(request: Request, uuid) -> HttpResponse:
    enrolment = _enrolment(request, uuid)
    draft = draft_of(enrolment)
    if draft is None:
        messages.error(request, "Cette saisie n'existe plus : elle a été terminée ou abandonnée.")
        return redirect("apprentices:apprentice_detail", enrolment.apprentice.uuid)
    typed = posted_values("relecture", request.POST)
    try:
        draft = actions.save_draft(
            enrolment=enrolment,
            values=typed,
            step="relecture",
            version=_version(request),
            by=request.user,
        )
        contract = actions.finish_draft(draft=draft, by=request.user)
    except actions.DraftChanged as error:
        return _page(
            request, enrolment, draft, "relecture", typed=typed, conflict=error, status=409
        )
    except DomainError as error:
        return _page(request, enrolment, draft, "relecture", refusal=error, status=422)
    messages.success(
        request, "Le contrat est complet : faites-le signer, puis enregistrez la signature."
    )
    return redirect("apprentices:contract_detail", contract.uuid)


@require_POST
@staff_required
def contract_drop(request: Request, uuid) -> HttpResponse:
    enrolment = _enrolment(request, uuid)
    if draft := draft_of(enrolment):
        actions.drop_draft(draft=draft, by=request.user)
        messages.success(request, "Le brouillon est abandonné.")
    return redirect("apprentices:apprentice_detail", enrolment.apprentice.uuid)


@staff_required
def contract_employer(request: Request, uuid) -> HttpResponse:
    """A company and its maître on one page, then back to the contract with both chosen."""
    enrolment = _enrolment(request, uuid)
    draft = draft_of(enrolment)
    form = EmployerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_employer(
                enrolment=enrolment,
                version=draft.version if draft else 0,
                by=request.user,
                **form.cleaned_data,
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "L'employeur et le maître d'apprentissage sont enregistrés.")
            return redirect("apprentices:contract_step", uuid, "employeur")
    context = {
        "form": form,
        "enrolment": enrolment,
        "back": reverse("apprentices:contract_step", args=[uuid, "employeur"]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "apprentices/contract_employer.html", context, status=status)
