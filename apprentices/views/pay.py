"""The simulator of the minimum pay, for anybody; what is typed is kept nowhere."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import Request

from ..pay import PayTerms, PayTermsError, minimum_lines, pay_schedule, payroll
from ..pay.explain import explain
from ..pay_forms import PayForm
from ..tables import NoValueError, pay_tables


@require_safe
@login_not_required
def pay_simulate(request: Request) -> HttpResponse:
    """The segments of a contract, each with its reasons; a wrong date is said, never a blank page."""
    asked = any(name in request.GET for name in PayForm.base_fields)
    form = PayForm(request.GET if asked else None)
    context: dict = {"form": form}
    status = 200
    if asked and form.is_valid():
        terms = form.terms()
        try:
            context |= _results(terms)
        except (PayTermsError, NoValueError) as error:
            form.add_error(None, str(error))
    if asked and form.errors:
        status = 422
    template = "apprentices/pay_simulate.html"
    if request.htmx:
        template = "apprentices/_pay_results.html"
    return render(request, template, context, status=status)


def _results(terms: PayTerms) -> dict:
    tables = pay_tables()
    schedule = pay_schedule(terms, tables)
    lines = payroll(
        minimum_lines(schedule.segments),
        terms.smc,
        tables,
        mayotte=terms.mayotte,
        weekly_minutes=terms.weekly_minutes,
    )
    return {
        "schedule": schedule,
        "rows": [(segment, explain(segment, schedule, terms)) for segment in schedule.segments],
        "payroll": lines,
        "smic": tables.smic_on(terms.starts_on, mayotte=terms.mayotte),
        "smic_is_known": tables.is_smic_known(terms.starts_on),
        "known_until": tables.smic_known_until,
        "has_unknown": any(not line.is_known for line in lines),
    }
