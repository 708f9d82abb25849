"""The pay lines and findings that the contract's page shows while it is being filled."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from accounts.errors import DomainError

from .models import Enrolment
from .pay import PayLine, PayTerms, PayTermsError, Segment, minimum_segments, payroll
from .rules import Finding, check_contract
from .selectors import contract_facts
from .tables import NoValueError

NEEDED = ("maitre", "concluded_on", "starts_on", "ends_on", "training_hours")


@dataclass(frozen=True)
class PayRow:
    """One period of the panel: its minimum and what is offered."""

    segment: Segment
    name: str
    rate: Decimal
    monthly: Decimal


@dataclass(frozen=True)
class Preview:
    """What the panel says; `is_ready` when enough is known to check."""

    is_ready: bool
    rows: tuple[PayRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    problem: str = ""


def rate_name(segment: Segment) -> str:
    return f"rate_{segment.starts_on:%Y%m%d}"


def read_pay(enrolment: Enrolment, values: dict[str, Any], data: Any) -> tuple[PayLine, ...]:
    """The offered lines: the rate typed for each legal period, the minimum where none is typed."""
    lines = []
    for segment in _segments(enrolment, values):
        raw = (data.get(rate_name(segment)) or "").strip().replace(",", ".").rstrip("% ")
        try:
            rate = Decimal(raw).quantize(Decimal("0.01")) if raw else segment.rate
        except InvalidOperation:
            rate = Decimal(-1)
        if not (rate.is_finite() and 0 < rate <= 200):
            raise DomainError(
                f"Période du {segment.starts_on:%d/%m/%Y} : indiquez un taux entre 0 et 200 %, "
                "par exemple 51."
            )
        lines.append(PayLine(segment.starts_on, segment.ends_on, segment.year, rate, segment.base))
    return tuple(lines)


def preview(enrolment: Enrolment, values: dict[str, Any], data: Any) -> Preview:
    """Check what is already typed; wait quietly while something needed is missing."""
    if any(values.get(name) in (None, "") for name in NEEDED):
        return Preview(False)
    if values["ends_on"] <= values["starts_on"]:
        return Preview(False, problem="La fin du contrat doit suivre son début.")
    try:
        segments = _segments(enrolment, values)
        lines = read_pay(enrolment, values, data)
        facts = contract_facts(
            enrolment=enrolment,
            maitre=values["maitre"],
            concluded_on=values["concluded_on"],
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
            training_hours=values["training_hours"],
            practice_starts_on=values.get("practice_starts_on"),
            derogation=values.get("derogation") or "",
            smc=values.get("smc"),
            pay_lines=lines,
        )
        findings = check_contract(facts)
        rows = tuple(
            PayRow(
                segment,
                rate_name(segment),
                line.rate,
                payroll((line,), values.get("smc"))[-1].amount,
            )
            for segment, line in zip(segments, lines, strict=True)
        )
    except (DomainError, NoValueError, PayTermsError) as error:
        return Preview(False, problem=str(error))
    return Preview(True, rows, findings)


def _segments(enrolment: Enrolment, values: dict[str, Any]) -> tuple[Segment, ...]:
    if values["ends_on"] <= values["starts_on"]:
        return ()
    try:
        return minimum_segments(
            PayTerms(
                enrolment.apprentice.born_on,
                values["starts_on"],
                values["ends_on"],
                enrolment.cohort.programme.referentiel.cycle_months,
                values.get("smc"),
            )
        )
    except (NoValueError, PayTermsError) as error:
        raise DomainError(str(error), field="starts_on") from error
