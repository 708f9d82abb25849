"""V14: the lines of pay of a contract against the legal minimum."""

from decimal import Decimal

from ..pay import (
    CENT,
    DAY,
    PayLine,
    Segment,
    amount,
    base_amount,
    minimum_amount,
    minimum_segments,
)
from ..tables import PayTables, RuleText
from .facts import ContractFacts, Finding, block, percent

YEARS, LINES_A_YEAR = 4, 2  # the boxes of the CERFA


def check_pay(facts: ContractFacts, text: RuleText, tables: PayTables) -> list[Finding]:
    """Lines contiguous, covering the contract, in the CERFA's boxes, each at least the minimum."""
    lines = sorted(facts.pay_lines, key=lambda line: line.starts_on)
    if not lines:
        return [block(text, "Indiquez la rémunération de chaque période.", "pay")]
    out = _coverage(facts, lines, text) + _boxes(lines, text)
    if facts.pay_terms.problem():
        return out
    smic = tables.smic_on(facts.starts_on, mayotte=facts.mayotte).monthly
    for segment in minimum_segments(facts.pay_terms, tables):
        for line in lines:
            if line.ends_on < segment.starts_on or line.starts_on > segment.ends_on:
                continue
            if finding := _under_minimum(facts, line, segment, smic, text):
                out.append(finding)
    return out


def _boxes(lines: list[PayLine], text: RuleText) -> list[Finding]:
    """Four years of two periods at most; one line more in a year cannot be written."""
    years = [line.year for line in lines]
    if len(set(years)) > YEARS or any(years.count(year) > LINES_A_YEAR for year in years):
        message = (
            f"Le CERFA a {YEARS} années de {LINES_A_YEAR} périodes : réunissez des périodes au taux "
            "le plus favorable."
        )
        return [block(text, message, "pay")]
    return []


def _coverage(facts: ContractFacts, lines: list[PayLine], text: RuleText) -> list[Finding]:
    expected, out = facts.starts_on, []
    for line in lines:
        if line.starts_on != expected:
            message = (
                f"Les périodes de rémunération doivent se suivre : l'une commence le "
                f"{line.starts_on:%d/%m/%Y} au lieu du {expected:%d/%m/%Y}."
            )
            out.append(block(text, message, "pay"))
        expected = line.ends_on + DAY
    if expected != facts.ends_on + DAY:
        message = (
            "Les périodes de rémunération doivent couvrir tout le contrat, jusqu'au "
            f"{facts.ends_on:%d/%m/%Y}."
        )
        out.append(block(text, message, "pay"))
    return out


def _under_minimum(
    facts: ContractFacts, line: PayLine, segment: Segment, smic: Decimal, text: RuleText
) -> Finding | None:
    if line.base == segment.base and line.rate >= segment.rate:
        return None
    offered = amount(line.rate, base_amount(line.base, facts.smc, smic))
    due = minimum_amount(segment, facts.smc, smic)
    # One cent of tolerance: public tools round up, payslips to the nearest (P14).
    if line.base != segment.base and offered >= due - CENT:
        return None
    first = max(line.starts_on, segment.starts_on)
    message = (
        f"Du {first:%d/%m/%Y} : {percent(line.rate)} sous le minimum de "
        f"{percent(segment.rate)} du {segment.base.upper()} ({segment.age_class}, "
        f"année {segment.year})."
    )
    return block(text, message, "pay")
