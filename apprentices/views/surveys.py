"""SIFA and the Tableau de bord: what is wrong first, each problem with its record, then the file."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.errors import DomainError
from accounts.http import Request, show_refusal
from accounts.permissions import staff_required

from .. import actions
from ..codes import code_list
from ..enums import SifaNature
from ..exports import CSV_TYPE, XLSX_TYPE, to_csv, to_xlsx
from ..surveys import dashboard, sifa
from ..surveys.dashboard_rows import dashboard_rows
from ..surveys.people import observation_day, settings_of, sifa_facts

YEARS_SHOWN = 3


class SifaForm(forms.Form):
    cfa_type = forms.ChoiceField(label="Type de CFA")
    site = forms.CharField(
        label="Site de formation",
        max_length=12,
        required=False,
        help_text="UAI du site, ou département sur 3 caractères ; vide : l'UAI du CFA.",
    )
    eple_uai = forms.CharField(
        label="UAI de l'EPLE partenaire",
        max_length=12,
        required=False,
        help_text="NC s'il n'y en a pas.",
    )
    nature = forms.ChoiceField(label="Nature juridique", choices=SifaNature.choices)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["cfa_type"]).choices = [
            ("", "À choisir"),
            *code_list("sifa_cfa_type").choices,
        ]


def _year(request: Request) -> int:
    """The year observed: this one, unless the address names one of the last."""
    today = timezone.localdate()
    asked = request.GET.get("annee", "")
    years = [today.year - n for n in range(YEARS_SHOWN)]
    return int(asked) if asked.isascii() and asked.isdigit() and int(asked) in years else today.year


@staff_required
def sifa_page(request: Request) -> HttpResponse:
    cfa = request.membership.cfa
    settings = settings_of(cfa)
    initial = {
        "cfa_type": settings.cfa_type,
        "site": settings.site,
        "eple_uai": settings.eple_uai,
        "nature": settings.nature,
    }
    form = SifaForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_sifa(cfa=cfa, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "Les réglages SIFA sont enregistrés.")
            return redirect("apprentices:sifa")
    year = _year(request)
    observed_on = observation_day(year)
    facts, others = sifa_facts(cfa, observed_on)
    problems = sifa.check(facts, observed_on)
    this_year = timezone.localdate().year
    context = {
        "form": form,
        "year": year,
        "years": [this_year - n for n in range(YEARS_SHOWN)],
        "observed_on": observed_on,
        "count": len(facts),
        "others": others,
        "problems": problems,
        "records": _by_record(problems),
        "by_column": Counter(problem.words for problem in problems).most_common(),
    }
    return render(request, "apprentices/sifa.html", context, status=422 if form.is_bound else 200)


def _by_record(problems: Iterable[sifa.SifaProblem]) -> list[list[sifa.SifaProblem]]:
    """One list for each person, in their first order: a record is opened once to be corrected whole."""
    records: dict[str, list[sifa.SifaProblem]] = {}
    for problem in problems:
        records.setdefault(problem.key, []).append(problem)
    return list(records.values())


@staff_required
def sifa_file(request: Request) -> HttpResponse:
    observed_on = observation_day(_year(request))
    facts, _ = sifa_facts(request.membership.cfa, observed_on)
    content = sifa.sifa_file([sifa.sifa_row(each) for each in facts])
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    name = f"SIFA_{request.membership.cfa.uai}_{observed_on:%Y}.txt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@staff_required
def sifa_problems(request: Request) -> HttpResponse:
    observed_on = observation_day(_year(request))
    facts, _ = sifa_facts(request.membership.cfa, observed_on)
    rows = [(p.who, p.column, p.message) for p in sifa.check(facts, observed_on)]
    response = HttpResponse(
        to_csv(("Apprenti", "Colonne", "Problème"), rows), content_type=CSV_TYPE
    )
    response["Content-Disposition"] = 'attachment; filename="sifa-problemes.csv"'
    return response


@staff_required
def dashboard_page(request: Request) -> HttpResponse:
    today = timezone.localdate()
    rows = dashboard_rows(request.membership.cfa, today)
    context = {
        "rows": [(enrolment, status) for enrolment, status, _ in rows],
        "statuses": Counter(status for _, status, _ in rows).most_common(),
        "school_year": dashboard.school_year(today),
    }
    return render(request, "apprentices/dashboard.html", context)


@staff_required
def dashboard_file(request: Request, form: str) -> HttpResponse:
    """The import sheet of 62 columns (XLSX), or the same lines as JSON."""
    today = timezone.localdate()
    rows = [columns for _, _, columns in dashboard_rows(request.membership.cfa, today)]
    response: HttpResponse
    if form == "json":
        response = JsonResponse({"apprenants": [_json(row) for row in rows]})
    elif form == "xlsx":
        cells = [[dashboard.as_cell(row[name]) for name in dashboard.COLUMNS] for row in rows]
        content = to_xlsx("Apprenants", dashboard.COLUMNS, cells)
        response = HttpResponse(content, content_type=XLSX_TYPE)
    else:
        raise Http404
    name = f"tableau-de-bord-{today:%Y-%m-%d}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _json(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }
