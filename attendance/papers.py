"""The frozen contexts of the papers about attendance: period sheets, statements, certificates."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from accounts.french import date_format, long_date
from apprentices.certificates import employers
from apprentices.enums import ContractKind
from apprentices.models import Cohort, Contract, Enrolment

from .enums import AbsenceCategory, AbsenceState, PaperKind, PresenceState, SessionState, SheetState
from .models import ClassSession, Presence
from .pdf import _mark
from .rules.absences import effect_of
from .rules.hours import to_hours
from .rules.windows import hour
from .rules.workflow import SIGNED

WORDS = {
    PresenceState.PRESENT: "Présent",
    PresenceState.LATE: "Présent, en retard ou parti tôt",
    PresenceState.EXPECTED: "Non signé",
    PresenceState.ABSENT: "Absence à justifier",
    PresenceState.EXCUSED: "Absence justifiée",
}


def french(value: Decimal) -> str:
    return f"{value:.2f}".replace(".", ",")


@dataclass
class Record:
    """What one apprentice did between two dates, half-day by half-day, in minutes."""

    presences: list[Presence] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    # Half-days of the period signed on the centre's own sheets, before the application.
    elsewhere: list[ClassSession] = field(default_factory=list)

    @property
    def contract(self) -> Contract | None:
        """Of several, the last."""
        return self.contracts[-1] if self.contracts else None

    @property
    def proved(self) -> int:
        """Signed by the apprentice and countersigned by the trainer: what a certificate may say."""
        return sum(_proved(p) for p in self.presences)

    @property
    def entry(self) -> Presence | None:
        """The first half-day that is proved."""
        return next((p for p in self.presences if _proved(p)), None)

    @property
    def held(self) -> int:
        return sum(
            p.sheet.session.minutes for p in self.presences if p.sheet.state == SheetState.CLOSED
        )


def _proved(presence: Presence) -> int:
    if presence.state not in SIGNED or presence.sheet.state != SheetState.CLOSED:
        return 0
    return max(0, presence.sheet.session.minutes - presence.minutes_missed)


def records_of(enrolments: Iterable[Enrolment], first: date, last: date) -> dict[int, Record]:
    """The records of any number of apprentices, in three queries."""
    enrolments = list(enrolments)
    ids = [enrolment.pk for enrolment in enrolments]
    found = {pk: Record() for pk in ids}
    for session in (
        ClassSession.objects.signed_elsewhere()
        .filter(cohort__in={enrolment.cohort_id for enrolment in enrolments})
        .between(first, last)
        .order_by("date", "starts_at")
    ):
        for enrolment in enrolments:
            last_day = enrolment.ends_on or last
            if (
                enrolment.cohort_id == session.cohort_id
                and enrolment.starts_on <= session.date <= last_day
            ):
                found[enrolment.pk].elsewhere.append(session)
    for presence in (
        Presence.objects.owed()
        .filter(
            enrolment__in=ids,
            sheet__session__date__range=(first, last),
            sheet__session__state=SessionState.PLANNED,
        )
        .select_related("sheet__session__subject", "absence")
        .order_by("sheet__session__date", "sheet__session__starts_at", "pk")
    ):
        found[presence.enrolment_id].presences.append(presence)
    for contract in (
        Contract.objects.in_force(first, last)
        .filter(enrolment__in=ids)
        .select_related("company")
        .order_by("starts_on", "pk")
    ):
        found[contract.enrolment_id].contracts.append(contract)
    return found


def _training(cohort: Cohort) -> dict[str, str]:
    ref = cohort.programme.referentiel
    return {
        "title": f"{ref.diploma} {ref.acronym}",
        "full_title": ref.title,
        "rncp": ref.rncp,
        "code": ref.code_diplome,
    }


def _common(enrolment: Enrolment, record: Record, first: date, last: date) -> dict[str, Any]:
    person = enrolment.apprentice
    return {
        "training": _training(enrolment.cohort),
        "cohort": enrolment.cohort.name,
        "person": {
            "name": str(person),
            "first_name": person.first_name,
            "last_name": person.last_name.upper(),
            "born_on": long_date(person.born_on),
            "sex": person.sex,
        },
        "employers": employers(record.contracts),
        "starts_on": long_date(first),
        "ends_on": long_date(last),
        "hours": french(to_hours(record.proved)),
        "held": french(to_hours(record.held)),
        "elsewhere": elsewhere_words(record.elsewhere),
    }


def elsewhere_words(sessions: Sequence[ClassSession]) -> str:
    """What a paper says of the half-days it cannot prove; empty when there are none."""
    if not sessions:
        return ""
    hours = french(to_hours(sum(session.minutes for session in sessions)))
    return (
        f"Jusqu'au {long_date(sessions[-1].date)}, {hours} heures prévues ont été émargées sur les feuilles "
        "du CFA, avant l'usage de l'application : elles ne sont comptées dans aucun chiffre de ce document."
    )


def certificate_context(
    enrolment: Enrolment, record: Record, first: date, last: date
) -> dict[str, Any]:
    """Mentions of the ministry's model (arrêté du 21/12/2018; apprenticeship-rules 4.5)."""
    begins = max(first, enrolment.starts_on)
    training_ends = enrolment.ends_on or enrolment.cohort.ends_on
    ends = min(last, training_ends)
    contract = record.contract
    in_apprenticeship = not contract or contract.kind == ContractKind.APPRENTISSAGE
    return _common(enrolment, record, begins, ends) | {
        "is_final": last >= training_ends,
        "natures": [
            {"label": label, "ticked": ticked}
            for label, ticked in (
                ("action de formation", not in_apprenticeship),
                ("bilan de compétences", False),
                ("action de VAE", False),
                ("action de formation par apprentissage", in_apprenticeship),
            )
        ],
    }


def diligence_context(
    enrolment: Enrolment, record: Record, first: date, last: date
) -> dict[str, Any]:
    totals = _totals(record)
    return _common(enrolment, record, first, last) | {
        "totals": totals,
        "rate": _rate(record.proved, record.held),
    }


def entry_context(enrolment: Enrolment, record: Record, first: date, last: date) -> dict[str, Any]:
    """First half-day really attended: an entry is proved by a signature."""
    came = record.entry
    planned_end = enrolment.ends_on or enrolment.cohort.ends_on
    return _common(enrolment, record, enrolment.starts_on, planned_end) | {
        "entered_on": long_date(came.sheet.session.date) if came else "",
    }


def statement_context(
    enrolment: Enrolment, record: Record, first: date, last: date
) -> dict[str, Any]:
    """Relevé mensuel: each half-day, totals by category with their effect, rate."""
    rows = []
    for presence in record.presences:
        session = presence.sheet.session
        rows.append(
            {
                "date": date_format(session.date, "D j F"),
                "half": session.get_half_display(),
                "hours": french(to_hours(session.minutes)),
                "subject": session.subject.short_title,
                "state": _word(presence),
                "done": french(to_hours(_proved(presence))),
            }
        )
    return _common(enrolment, record, first, last) | {
        "month": date_format(first, "F Y"),
        "rows": rows,
        "totals": _totals(record),
        "rate": _rate(record.proved, record.held),
        "rate_neutral": _rate(record.proved, record.held - _justified(record)),
    }


def _fate(presence: Presence) -> tuple[str, str]:
    """(state, category) of a missed half-day."""
    absence = getattr(presence, "absence", None)
    if absence:
        return absence.state, absence.category
    excused = presence.state == PresenceState.EXCUSED
    return (AbsenceState.JUSTIFIED if excused else AbsenceState.TO_JUSTIFY), ""


def _word(presence: Presence) -> str:
    if presence.state not in (PresenceState.ABSENT, PresenceState.EXCUSED):
        missed = f" ({presence.minutes_missed} min)" if presence.minutes_missed else ""
        pending = "" if presence.sheet.state == SheetState.CLOSED else ", à contresigner"
        return f"{WORDS[PresenceState(presence.state)]}{missed}{pending}"
    state, _category = _fate(presence)
    return {
        AbsenceState.JUSTIFIED: "Absence justifiée",
        AbsenceState.UNJUSTIFIED: "Absence injustifiée",
        AbsenceState.TO_JUSTIFY: "Absence à justifier",
    }[AbsenceState(state)]


def _justified(record: Record) -> int:
    return sum(
        p.sheet.session.minutes
        for p in record.presences
        if p.state in (PresenceState.ABSENT, PresenceState.EXCUSED)
        and p.sheet.state == SheetState.CLOSED
        and _fate(p)[0] == AbsenceState.JUSTIFIED
    )


def _totals(record: Record) -> list[dict[str, str]]:
    """Hours by what became of them, with what it means for the pay."""
    minutes: dict[tuple[str, str], int] = defaultdict(int)
    minutes["Présence", "heures réalisées"] = record.proved
    for presence in record.presences:
        length = presence.sheet.session.minutes
        if presence.state in SIGNED:
            if presence.minutes_missed:
                late = "Retards et départs anticipés", "retenue possible si non justifiés"
                minutes[late] += min(presence.minutes_missed, length)
        elif presence.state in (PresenceState.ABSENT, PresenceState.EXCUSED):
            state, category = _fate(presence)
            label = "Gardé par l'employeur" if category == AbsenceCategory.KEPT else _word(presence)
            effect = effect_of(category if state == AbsenceState.JUSTIFIED else "")
            # What the law says of an illness or an accident would tell that there was one.
            hidden = category and effect.may_deduct
            deduction = "selon le droit du travail" if hidden else effect.deduction
            minutes[label, f"retenue : {deduction}"] += length
    return [
        {"label": label, "hours": french(to_hours(value)), "effect": effect}
        for (label, effect), value in minutes.items()
    ]


def _rate(part: int, whole: int) -> str:
    if whole <= 0:
        return ""
    return f"{Decimal(part) * 100 / whole:.1f}".replace(".", ",")


# --- sheets of a week and of a month ---------------------------------------------------------------


def period_context(
    cohort: Cohort, first: date, last: date, *, monthly: bool, today: date
) -> dict[str, Any]:
    """The signed sheets of a period side by side, a table a week: who signed each half-day, and the trainer."""
    sessions = list(
        ClassSession.objects.planned()
        .filter(cohort=cohort, sheet__state=SheetState.CLOSED)
        .between(first, last)
        .select_related("subject", "trainer", "room", "sheet__trainer_signature")
        .order_by("date", "starts_at", "pk")
    )
    presences = Presence.objects.filter(sheet__session__in=sessions).select_related(
        "enrolment__apprentice", "signature", "sheet"
    )
    by_place = {(p.enrolment_id, p.sheet.session_id): p for p in presences}
    people = {p.enrolment_id: p.enrolment.apprentice for p in presences}
    order = sorted(people, key=lambda pk: (people[pk].last_name, people[pk].first_name, pk))
    weeks: dict[tuple[int, int], list[ClassSession]] = defaultdict(list)
    for session in sessions:
        weeks[session.date.isocalendar()[:2]].append(session)
    unsigned = (
        ClassSession.objects.planned()
        .filter(cohort=cohort)
        .between(first, min(last, today))
        .exclude(sheet__state=SheetState.CLOSED)
    )
    before = list(unsigned.signed_elsewhere().order_by("date"))
    return {
        "training": _training(cohort),
        "cohort": cohort.name,
        "title": f"Feuille d'émargement {'du mois' if monthly else 'de la semaine'}",
        "starts_on": long_date(first),
        "ends_on": long_date(last),
        "pending": unsigned.count() - len(before),
        "elsewhere": elsewhere_words(before),
        "weeks": [
            {
                "title": f"Semaine du {long_date(group[0].date - timedelta(days=group[0].date.weekday()))}",
                "columns": [_column(session) for session in group],
                "rows": [
                    {
                        "name": f"{people[pk].last_name.upper()} {people[pk].first_name}",
                        "cells": [_cell(by_place.get((pk, session.pk))) for session in group],
                    }
                    for pk in order
                    if any((pk, session.pk) in by_place for session in group)
                ],
            }
            for group in weeks.values()
        ],
    }


def _column(session: ClassSession) -> dict[str, Any]:
    return {
        "date": date_format(session.date, "D j/m"),
        "half": session.get_half_display(),
        "times": f"{hour(session.starts_at)} – {hour(session.ends_at)}",
        "subject": session.subject.short_title,
        "trainer": str(session.trainer),
        "mark": _mark(session.sheet.trainer_signature),
    }


def _cell(presence: Presence | None) -> dict[str, Any]:
    if presence is None:
        return {"word": "", "mark": None}
    mark = _mark(presence.signature)
    word = "" if mark else "Absent" if presence.state != PresenceState.EXPECTED else "–"
    if presence.minutes_missed:
        word = f"−{presence.minutes_missed} min"
    return {"word": word, "mark": mark}


# Context of each paper of one apprentice.
PERSONAL = {
    PaperKind.STATEMENT: statement_context,
    PaperKind.CERTIFICATE: certificate_context,
    PaperKind.DILIGENCE: diligence_context,
    PaperKind.ENTRY: entry_context,
}
TEMPLATES = {
    PaperKind.WEEK: "period",
    PaperKind.MONTH: "period",
    PaperKind.STATEMENT: "statement",
    PaperKind.CERTIFICATE: "certificate",
    PaperKind.DILIGENCE: "diligence",
    PaperKind.ENTRY: "entry",
}


def file_name(kind: str, who: str, first: date, last: date) -> str:
    return f"{kind}_{slugify(who) or 'cfa'}_{first:%Y-%m-%d}_{last:%Y-%m-%d}.pdf"
