"""Asking for the papers about attendance: one or a thousand, through the documents app."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError, NotAllowed
from accounts.history import record
from accounts.models import User
from apprentices.models import Cohort, Enrolment
from documents.actions import DocumentRequest, request_documents
from documents.enums import DocumentState
from documents.models import Document, Job
from programmes.calendar_rules import add_months

from ..enums import PaperKind
from ..models import AttendancePaper, AttendanceSheet
from ..papers import PERSONAL, Record, entry_context, file_name, period_context, records_of
from ..permissions import can_issue_papers
from .employers import maitres_over

LONGEST = 1200  # days: a course and its extension


@transaction.atomic
def request_papers(
    *,
    kind: str,
    cohort: Cohort,
    first: date,
    last: date,
    enrolments: Sequence[Enrolment] = (),
    by: User,
    today: date | None = None,
) -> Job:
    """Ask for one kind of paper over a period: a sheet per week or month, or one paper per apprentice.

    A paper asked for again replaces the one that was issued for the same person and period; asked for
    again while it is being made (a double click), it is the same job.
    """
    today = today or timezone.localdate()
    cohort = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("cfa", "programme__referentiel")
        .get(pk=cohort.pk)
    )
    if not can_issue_papers(by, cohort):
        raise NotAllowed("Seule l'équipe du CFA émet ces documents.")
    if kind not in PaperKind.values:
        raise DomainError("Choisissez un document.", field="kind")
    kind = PaperKind(kind)
    if last < first:
        raise DomainError("La fin de la période précède son début.", field="last")
    if (last - first).days > LONGEST:
        raise DomainError("La période est trop longue.", field="last")
    if first > today:
        raise DomainError("La période n'a pas commencé : rien n'y est encore fait.", field="first")
    if kind in PERSONAL:
        asked = _personal(kind, cohort, list(enrolments), first, last, today)
    else:
        asked = _sheets(kind, cohort, first, last, today)
    earlier = _earlier([paper for paper, _ in asked])
    queued = {k: d for k, d in earlier.items() if d.state == DocumentState.QUEUED}
    asked = [(paper, request) for paper, request in asked if _key(paper) not in queued]
    if not asked:
        return Job.objects.filter(items__document__in=queued.values()).latest("created_at")
    job = request_documents(
        cfa=cohort.cfa,
        label=f"{kind.label} ({len(asked)})",
        requests=[replace(request, replaces=earlier.get(_key(paper))) for paper, request in asked],
        by=by,
    )
    documents = job.items.order_by("position").values_list("document", flat=True)
    for (paper, _), pk in zip(asked, documents, strict=True):
        paper.document_id = pk
    AttendancePaper.objects.bulk_create(paper for paper, _ in asked)
    data = {"kind": kind.value, "from": str(first), "to": str(last), "count": len(asked)}
    record("request_papers", cohort, cfa=cohort.cfa, actor=by, data=data)
    return job


Asked = tuple[AttendancePaper, DocumentRequest]


def _personal(
    kind: PaperKind,
    cohort: Cohort,
    enrolments: list[Enrolment],
    first: date,
    last: date,
    today: date,
) -> list[Asked]:
    people = list(
        Enrolment.objects.filter(pk__in=[e.pk for e in enrolments], cohort=cohort)
        .select_related("apprentice__user", "cohort__cfa", "cohort__programme__referentiel")
        .order_by("apprentice__last_name", "apprentice__first_name", "pk")
    )
    if not people or len(people) != len({e.pk for e in enrolments}):
        raise DomainError("Choisissez au moins un apprenti de la promotion.", field="enrolments")
    if kind == PaperKind.CERTIFICATE:
        _must_be_countersigned(cohort, first, last, today)
    if kind == PaperKind.ENTRY:
        first, last = cohort.starts_on, today
    periods = _months(first, min(last, today)) if kind == PaperKind.STATEMENT else [(first, last)]
    asked: list[Asked] = []
    for begins, ends in periods:
        records = records_of(people, begins, ends)
        # The employer's side reads the month too: the time at the CFA is working time (L6222-24).
        maitres = (
            maitres_over([e.pk for e in people], begins, ends)
            if kind == PaperKind.STATEMENT
            else {}
        )
        for enrolment in people:
            found = records[enrolment.pk]
            if kind != PaperKind.ENTRY and not found.presences and len(people) > 1:
                continue  # entered later, or gone before
            context = PERSONAL[kind](enrolment, found, begins, ends)
            _must_be_signed_here(kind, enrolment, found)
            if (
                kind == PaperKind.ENTRY
                and not entry_context(enrolment, found, begins, ends)["entered_on"]
            ):
                raise DomainError(
                    f"{enrolment.apprentice} n'a encore aucune demi-journée signée et contresignée : "
                    "l'entrée n'est pas prouvée.",
                    field="enrolments",
                )
            if kind == PaperKind.CERTIFICATE and not found.proved:
                raise DomainError(
                    f"{enrolment.apprentice} n'a aucune heure réalisée sur la période.",
                    field="enrolments",
                )
            paper = AttendancePaper(
                kind=kind,
                cohort=cohort,
                enrolment=enrolment,
                starts_on=begins,
                # An entry has one day: asked for again later, it is the same paper.
                ends_on=begins if kind == PaperKind.ENTRY else ends,
                minutes=found.proved,
            )
            who = enrolment.apprentice
            readers = [*([who.user] if who.user else []), *maitres.get(enrolment.pk, ())]
            asked.append((paper, _request(paper, kind.label, str(who), context, readers)))
    if not asked:
        raise DomainError("Personne n'a de demi-journée sur cette période.", field="first")
    return asked


def _must_be_signed_here(kind: PaperKind, enrolment: Enrolment, found: Record) -> None:
    """A certificate or an entry says what was really done: not without the sheets kept elsewhere."""
    since = enrolment.cohort.signed_here_from
    if not found.elsewhere or since is None:
        return
    if kind == PaperKind.CERTIFICATE:
        raise DomainError(
            f"Avant le {since:%d/%m/%Y}, {enrolment.apprentice} émargeait sur les feuilles du CFA : commencez "
            "la période à cette date, ou transcrivez d'abord ces feuilles.",
            field="first",
        )
    first = found.elsewhere[0].date
    if kind == PaperKind.ENTRY and not (found.entry and found.entry.sheet.session.date <= first):
        raise DomainError(
            f"L'entrée de {enrolment.apprentice} est sur une feuille du CFA, avant le {since:%d/%m/%Y} : "
            f"transcrivez celle du {first:%d/%m/%Y}, ou attestez l'entrée d'après elle.",
            field="enrolments",
        )


def _must_be_countersigned(cohort: Cohort, first: date, last: date, today: date) -> None:
    """OPCOs look for the exact agreement of sheets and certificate: no sheet may be pending."""
    if last > today:
        raise DomainError("Un certificat porte sur une période passée.", field="last")
    pending = (
        AttendanceSheet.objects.pending()
        .filter(session__cohort=cohort, session__date__range=(first, last))
        .order_by("session__date")
    )
    if sheet := pending.select_related("session").first():
        raise DomainError(
            f"{pending.count()} feuille(s) de la période ne sont pas contresignées, la première du "
            f"{sheet.session.date:%d/%m/%Y} : faites-les contresigner d'abord.",
            field="last",
        )


def _sheets(kind: PaperKind, cohort: Cohort, first: date, last: date, today: date) -> list[Asked]:
    monthly, last = kind == PaperKind.MONTH, min(last, today)
    asked: list[Asked] = []
    for begins, ends in _months(first, last) if monthly else _weeks(first, last):
        context = period_context(cohort, begins, ends, monthly=monthly, today=today)
        if not context["weeks"]:
            continue
        paper = AttendancePaper(kind=kind, cohort=cohort, starts_on=begins, ends_on=ends)
        title = f"{kind.label} du {begins:%d/%m/%Y}"
        asked.append((paper, _request(paper, title, cohort.name, context, [])))
    if not asked:
        raise DomainError(
            "Aucune feuille contresignée sur cette période : il n'y a rien à imprimer.",
            field="first",
        )
    return asked


def _request(
    paper: AttendancePaper, title: str, who: str, context: dict, readers: list[User]
) -> DocumentRequest:
    return DocumentRequest(
        kind=paper.kind,
        title=title,
        subject_label=who,
        context=context,
        source={
            "about": str((paper.enrolment or paper.cohort).uuid),
            "days": [str(paper.starts_on), str(paper.ends_on)],
        },
        file_name=file_name(paper.kind, who, paper.starts_on, paper.ends_on),
        readers=readers,
    )


Key = tuple[int | None, date, date]


def _key(paper: AttendancePaper) -> Key:
    return paper.enrolment_id, paper.starts_on, paper.ends_on


def _earlier(papers: list[AttendancePaper]) -> dict[Key, Document]:
    """What is issued or being made for the same persons and periods, not replaced: one query."""
    found = (
        AttendancePaper.objects.filter(
            kind=papers[0].kind,
            cohort=papers[0].cohort,
            starts_on__in={paper.starts_on for paper in papers},
            document__state__in=(DocumentState.ISSUED, DocumentState.QUEUED),
        )
        .exclude(document__in=Document.objects.filter(replaces__isnull=False).values("replaces"))
        .select_related("document")
        .order_by("document")
    )
    return {_key(paper): paper.document for paper in found if paper.document}


def _months(first: date, last: date) -> list[tuple[date, date]]:
    """The whole months that the period touches."""
    start, found = first.replace(day=1), []
    while start <= last:
        following = add_months(start, 1)
        found.append((start, following - timedelta(days=1)))
        start = following
    return found


def _weeks(first: date, last: date) -> list[tuple[date, date]]:
    start, found = first - timedelta(days=first.weekday()), []
    while start <= last:
        found.append((start, start + timedelta(days=6)))
        start += timedelta(days=7)
    return found
