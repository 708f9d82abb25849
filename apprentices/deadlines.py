"""The dates that a contract owes (V20 and sections 1.6, 1.7, 6.7 of the reference). Pure.

Working days come from the calendar rules; numbers of days from data/contract.toml, dated.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from programmes.calendar_rules import (
    Rhythm,
    add_months,
    add_working_days,
    holidays_of_year,
    working_days_between,
)

from .enums import ContractKind, ContractState, DeadlineCode
from .rules import BINDING
from .tables import RuleText, rule_table

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class ContractDates:
    """What the deadlines depend on."""

    state: ContractState
    starts_on: date
    ends_on: date
    kind: ContractKind = ContractKind.APPRENTISSAGE
    practice_starts_on: date | None = None
    transmitted_on: date | None = None
    broken_on: date | None = None
    rhythm: Rhythm | None = None
    # After a rupture: until when the CFA goes on, unless an outcome is noted.
    follow_until: date | None = None
    # The rupture of which the OPCO has not been told yet.
    untold_break_on: date | None = None
    excluded_on: date | None = None
    is_funded: bool = False
    is_settled: bool = False


@dataclass(frozen=True, order=True)
class Deadline:
    """One date to hold: what, by when, why, and from which day it is worth saying."""

    due_on: date
    code: DeadlineCode
    rule: str
    text: str
    remind_from: date
    # After that day nothing can be done about it any more.
    expires_on: date | None = None

    def is_open(self, today: date) -> bool:
        return self.remind_from <= today and (self.expires_on is None or today <= self.expires_on)

    def is_late(self, today: date) -> bool:
        return today > self.due_on

    def days_left(self, today: date) -> int:
        return (self.due_on - today).days


def working_days_until(first: date, last: date) -> int:
    """Working days of ]first, last]; negative when `last` is past."""
    if last < first:
        return -working_days_between(last + DAY, first)
    return working_days_between(first + DAY, last)


@dataclass(frozen=True)
class TransmissionDays:
    """V20: from which day it presses, and the last day to send a contract to the OPCO."""

    alert_on: date
    due_on: date
    # Counted in jours ouvrables (apprenticeship) or in calendar days (professionalisation).
    in_working_days: bool

    def left(self, today: date) -> int:
        """Days of its own count until the last one; negative when it is past."""
        if self.in_working_days:
            return working_days_until(today, self.due_on)
        return (self.due_on - today).days


def transmission_days(
    starts_on: date, kind: ContractKind = ContractKind.APPRENTISSAGE
) -> TransmissionDays:
    """V20: five working days after the start (CT D6224-1), five days for a professionalisation (D6325-1)."""
    values = _rule("V20", starts_on, kind).values
    if "working_days" in values:
        alert, last = values["alert_days"], values["working_days"]
        return TransmissionDays(
            add_working_days(starts_on, alert), add_working_days(starts_on, last), True
        )
    return TransmissionDays(
        starts_on + DAY * values["alert_days"], starts_on + DAY * values["days"], False
    )


def trial_ends_on(first: date, rhythm: Rhythm, last: date) -> date | None:
    """The 45th day of practical training in the company (CT L6222-18), absences left aside.

    Days at the CFA, weekends and public holidays are not counted; None when the contract ends before.
    """
    count = _values("L6222-18", first)["company_days"]
    return _company_day(first, rhythm.weekdays, rhythm, count, last)


@lru_cache(maxsize=512)
def _company_day(
    first: date, weekdays: frozenset[int], rhythm: Rhythm, count: int, last: date
) -> date | None:
    day = first
    while day <= last:
        if is_company_day(day, rhythm):
            count -= 1
            if count == 0:
                return day
        day += DAY
    return None


def is_company_day(day: date, rhythm: Rhythm) -> bool:
    """Monday to Friday, neither a public holiday nor a day at the CFA."""
    if day.weekday() >= SATURDAY or day in holidays_of_year(day.year, rhythm.zone):
        return False
    return not rhythm.is_cfa_day(day)


def company_days(first: date, last: date, rhythm: Rhythm) -> int:
    """Days in the company from `first` to `last`, both included."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(is_company_day(day, rhythm) for day in days)


def deadlines_of(dates: ContractDates) -> tuple[Deadline, ...]:
    """Every deadline of a contract, whatever today is, by date."""
    found = [*_transmission(dates), *_decision(dates), *_break_told(dates)]
    if dates.kind == ContractKind.APPRENTISSAGE:
        # The trial, the visit, the training after a rupture and the instalments are apprenticeship's.
        found += [*_trial(dates), *_medical(dates), *_after_break(dates), *_last_invoice(dates)]
    return tuple(sorted(found))


def _transmission(dates: ContractDates) -> list[Deadline]:
    if dates.state not in (ContractState.SIGNED, ContractState.REFUSED):
        return []
    days = transmission_days(dates.starts_on, dates.kind)
    unit = "cinq jours ouvrables" if days.in_working_days else "cinq jours"
    article = _rule("V20", dates.starts_on, dates.kind).article
    return [
        Deadline(
            days.due_on,
            DeadlineCode.TRANSMISSION,
            "V20",
            f"{unit} après le début ({article})",
            dates.starts_on,
        )
    ]


def _decision(dates: ContractDates) -> list[Deadline]:
    if dates.state != ContractState.TRANSMITTED or dates.transmitted_on is None:
        return []
    rule = _rule("D6224-2", dates.transmitted_on, dates.kind)
    days = rule.values["days"]
    due_on = dates.transmitted_on + timedelta(days=days)
    silence = "accord" if rule.values["silence_accepts"] else "refus"
    return [
        Deadline(
            due_on,
            DeadlineCode.DECISION,
            rule.id,
            f"{days} jours après la transmission, le silence vaut {silence} ({rule.article})",
            due_on - timedelta(days=5),
        )
    ]


def _trial(dates: ContractDates) -> list[Deadline]:
    if dates.state not in BINDING or dates.rhythm is None:
        return []
    first = dates.practice_starts_on or dates.starts_on
    due_on = trial_ends_on(first, dates.rhythm, dates.ends_on)
    if due_on is None:
        return []
    return [
        Deadline(
            due_on,
            DeadlineCode.TRIAL,
            "L6222-18",
            "45e jour en entreprise d'après le calendrier, absences non comptées (art. L6222-18)",
            due_on - timedelta(days=7),
            due_on,
        )
    ]


def _medical(dates: ContractDates) -> list[Deadline]:
    if dates.state not in BINDING:
        return []
    due_on = add_months(dates.starts_on, _values("R6222-36", dates.starts_on)["months"])
    return [
        Deadline(
            due_on,
            DeadlineCode.MEDICAL,
            "R6222-36",
            "deux mois au plus après l'embauche, à rappeler à l'employeur (art. R6222-36)",
            due_on - timedelta(days=14),
            due_on,
        )
    ]


def _break_told(dates: ContractDates) -> list[Deadline]:
    if dates.untold_break_on is None:
        return []
    return [
        Deadline(
            dates.untold_break_on,
            DeadlineCode.BREAK_TOLD,
            "L6353-10",
            "dès l'interruption, sans délai fixé par le texte (art. L6353-10)",
            dates.untold_break_on,
        )
    ]


def _after_break(dates: ContractDates) -> list[Deadline]:
    found = []
    if dates.follow_until:
        found.append(
            Deadline(
                dates.follow_until,
                DeadlineCode.AFTER_BREAK,
                "L6222-18-2",
                "six mois de formation dus après la rupture (art. L6222-18-2 et L6231-2 5°)",
                dates.follow_until - timedelta(days=60),
            )
        )
    if dates.excluded_on:
        months = _values("L6222-18-1", dates.excluded_on)["months"]
        due_on = add_months(dates.excluded_on, months)
        found.append(
            Deadline(
                due_on,
                DeadlineCode.EXCLUSION,
                "L6222-18-1",
                "deux mois pour trouver un autre CFA (art. L6222-18-1)",
                dates.excluded_on,
                due_on,
            )
        )
    return found


def _last_invoice(dates: ContractDates) -> list[Deadline]:
    if not dates.is_funded or dates.is_settled:
        return []
    if dates.state not in (ContractState.ENDED, ContractState.BROKEN):
        return []
    ended_on = dates.broken_on or dates.ends_on
    due_on = add_months(ended_on, _values("R6332-25", ended_on)["months"])
    return [
        Deadline(
            due_on,
            DeadlineCode.LAST_INVOICE,
            "R6332-25",
            "facture et certificat de réalisation, quatre mois après la fin, sinon perdus "
            "(art. R6332-25)",
            ended_on,
            due_on,
        )
    ]


def _rule(rule_id: str, day: date, kind: ContractKind = ContractKind.APPRENTISSAGE) -> RuleText:
    return rule_table().on(rule_id, day, kind)


def _values(rule_id: str, day: date) -> dict[str, int]:
    return _rule(rule_id, day).values
