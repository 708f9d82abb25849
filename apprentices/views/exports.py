"""Any list of the app as a file for a spreadsheet: what is shown, all pages, no cell a formula."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse

from accounts.http import Request
from accounts.permissions import team_reader_required

from ..exports import CSV_TYPE, XLSX_TYPE, to_csv, to_xlsx
from ..models import MaitreApprentissage
from .admission import _filtered as applications_shown
from .cohorts import cohorts_here
from .companies import companies_shown
from .contracts import contracts_shown

Row = Sequence[Any]


@dataclass(frozen=True)
class ListExport:
    """A list that can be exported: its titles and, for a request, its rows."""

    title: str
    header: tuple[str, ...]
    rows: Callable[[Request], Iterable[Row]]


def _applications(request: Request) -> Iterable[Row]:
    for a in applications_shown(request).select_related("apprentice", "cohort", "positioning"):
        test = getattr(a, "positioning", None)
        yield (
            a.apprentice.last_name, a.apprentice.first_name, a.apprentice.born_on,
            a.apprentice.email, a.apprentice.phone, a.cohort.name, a.received_on, a.source,
            a.get_state_display(), a.interviewed_on, a.get_interview_opinion_display(),
            test.taken_on if test else None, test.score if test else None,
            test.maximum if test else None, test.hours_removed if test else None, a.decided_on,
        )  # fmt: skip


def _companies(request: Request) -> Iterable[Row]:
    for c in companies_shown(request):
        yield (
            c.name, c.siret, c.naf, c.idcc, c.opco, c.headcount, c.employer_type,
            c.employer_specific, c.address, c.postcode, c.city, c.insee, c.email, c.phone,
        )  # fmt: skip


def _maitres(request: Request) -> Iterable[Row]:
    found = MaitreApprentissage.objects.visible_to(request.user).filter(
        company__cfa=request.membership.cfa
    )
    for m in found.select_related("company"):
        yield (
            m.last_name, m.first_name, m.born_on, m.email, m.phone, m.job_title, m.diploma,
            m.experience_months, m.company.name, m.company.siret,
        )  # fmt: skip


def _cohorts(request: Request) -> Iterable[Row]:
    for c in cohorts_here(request).select_related("programme"):
        yield c.name, c.programme.title, c.starts_on, c.ends_on, c.capacity


def _contracts(request: Request) -> Iterable[Row]:
    for c in contracts_shown(request).qs:
        person = c.enrolment.apprentice
        yield (
            person.last_name, person.first_name, c.enrolment.cohort.name, c.company.name,
            c.company.siret, str(c.maitre), c.get_kind_display(), c.get_state_display(),
            c.concluded_on, c.starts_on, c.ends_on, c.training_hours, c.transmitted_on,
        )  # fmt: skip


LISTS = {
    "candidatures": ListExport(
        "Candidatures",
        ("Nom", "Prénom", "Naissance", "E-mail", "Téléphone", "Promotion", "Reçue le", "Venu par",
         "État", "Entretien", "Avis", "Test passé le", "Résultat", "Sur", "Heures retirées",
         "Décision"),
        _applications,
    ),
    "entreprises": ListExport(
        "Entreprises",
        ("Dénomination", "SIRET", "NAF", "IDCC", "OPCO", "Effectif", "Type d'employeur",
         "Employeur spécifique", "Adresse", "Code postal", "Commune", "Code INSEE", "E-mail",
         "Téléphone"),
        _companies,
    ),
    "maitres": ListExport(
        "Maîtres d'apprentissage",
        ("Nom", "Prénom", "Naissance", "E-mail", "Téléphone", "Emploi", "Diplôme",
         "Mois d'activité", "Entreprise", "SIRET"),
        _maitres,
    ),
    "promotions": ListExport(
        "Promotions", ("Nom", "Programme", "Début", "Fin", "Effectif maximal"), _cohorts
    ),
    "contrats": ListExport(
        "Contrats",
        ("Nom", "Prénom", "Promotion", "Entreprise", "SIRET", "Maître d'apprentissage", "Type",
         "État", "Conclu le", "Début", "Fin", "Heures", "Transmis le"),
        _contracts,
    ),
}  # fmt: skip


@team_reader_required
def list_export(request: Request, name: str, form: str) -> HttpResponse:
    if name not in LISTS or form not in ("csv", "xlsx"):
        raise Http404
    export = LISTS[name]
    rows = export.rows(request)
    if form == "csv":
        response = HttpResponse(to_csv(export.header, rows), content_type=CSV_TYPE)
    else:
        content = to_xlsx(export.title, export.header, rows)
        response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
