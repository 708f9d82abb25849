"""The minimum of each period of a contract (CT D6222-26 to D6222-32, D6325-14 to D6325-18).

Own algorithm of docs/rules/remuneration.md: cut at each year of execution (P1) and on the first of
the month after each birthday that changes the class (P2, P3), then read the grid.
"""

from datetime import date
from decimal import Decimal

from programmes.calendar_rules import add_months, months_between

from ..enums import ContractKind, PayBase
from ..tables import Grid, PayTables, pay_tables
from .amounts import amount, base_amount
from .terms import DAY, PayTerms, PayTermsError, Schedule, Segment, age_on, birthday

FULL = Decimal(100)
YEARS = 7  # more than any contract lasts, years deemed done included


def pay_schedule(terms: PayTerms, tables: PayTables | None = None) -> Schedule:
    """The legal minimum of each period of the contract, in order and without a gap.

    Raises PayTermsError when the dates contradict each other, NoValueError when a table does not
    reach back to the contract.
    """
    if problem := terms.problem():
        raise PayTermsError(problem)
    tables = tables or pay_tables()
    if terms.kind == ContractKind.PROFESSIONNALISATION:
        return _professionalisation(terms, tables)
    return _apprenticeship(terms, tables)


def minimum_segments(terms: PayTerms, tables: PayTables | None = None) -> tuple[Segment, ...]:
    """The segments alone."""
    return pay_schedule(terms, tables).segments


def offset_months(terms: PayTerms) -> int:
    """P5: months of the cycle deemed already done when the contract is shorter (D6222-28-1).

    An extension after a failed exam (P4) does not undo them: the contract counts up to its first term.
    """
    if terms.kind == ContractKind.PROFESSIONNALISATION:
        return 0
    return max(0, terms.cycle_months - months_between(terms.starts_on, _first_term(terms)))


def _first_term(terms: PayTerms) -> date:
    """The last day of the contract, before its extension if it had one."""
    if terms.prolonged_on and terms.starts_on < terms.prolonged_on <= terms.ends_on:
        return terms.prolonged_on - DAY
    return terms.ends_on


def _apprenticeship(terms: PayTerms, tables: PayTables) -> Schedule:
    start, end = terms.starts_on, terms.ends_on
    grid = tables.grid_on(start)
    offset = offset_months(terms)
    years = _year_starts(start, end, offset)
    if offset:
        # P5: what is deemed done and the contract make the cycle, no more; the offset is in whole months.
        last_year = -(-terms.cycle_months // 12)
        years = [*years[: last_year - 1], *(day for day in years if day > _first_term(terms))]
    ages = _age_changes(terms, grid)
    cuts = {day for day in (*years, *ages) if start < day <= end}
    smic = tables.smic_on(start, mayotte=terms.mayotte).monthly
    is_known = tables.is_smic_known(start)
    first_age = age_on(terms.born_on, start)
    plus_15, remarks = _short_contract(terms, grid)
    branch = tables.branch_on(terms.idcc, start) if terms.idcc else None
    segments = []
    starts = sorted((start, *cuts))
    for index, first in enumerate(starts):
        last = starts[index + 1] - DAY if index + 1 < len(starts) else end
        rules = ["P1", "P5"] if offset else ["P1"]
        year = 1 + sum(1 for day in years if day <= first)
        paid_as = _paid_as(years, first, year, terms, grid, rules)
        age = max([first_age, *(age for day, age in ages.items() if day <= first)])
        if first in ages:
            rules.append("P2")
        age_class = grid.class_of(age)
        rate = grid.rate(paid_as, age_class)
        if branch and branch.rate(paid_as, age_class) > rate:
            rate = branch.rate(paid_as, age_class)
            rules.append("P11")
        if plus_15:
            rate += grid.short_contract_points
            rules.append("P7")
        if terms.rqth and year > grid.last_year:
            rate += grid.handicap_points
            rules.append("P8")
        if terms.floor_rate is not None and terms.floor_rate > rate:
            rate = terms.floor_rate
            rules.append("P6")
        rate = min(rate, FULL)
        # P12: the SMC counts from 21 years only, and only when it is above the SMIC.
        base = PayBase.SMIC
        if age_class.smc and terms.smc is not None and terms.smc > smic:
            base = PayBase.SMC
            rules.append("P12")
        monthly = _monthly(rate, base, terms, smic) if is_known else None
        segments.append(
            Segment(first, last, year, age_class.label, rate, base, monthly, tuple(rules))
        )
    return Schedule(tuple(segments), offset, (*remarks, *_unknown_smic(terms, tables)))


def _year_starts(start: date, end: date, offset: int) -> list[date]:
    """P1: the first day of each year of execution, the months deemed done taken into account."""
    months = ((end.year - start.year) * 12 + end.month - start.month + offset) // 12 + 1
    return [add_months(start, 12 * n - offset) for n in range(1, min(months, YEARS) + 1)]


def _paid_as(
    years: list[date], first: date, year: int, terms: PayTerms, grid: Grid, rules: list[str]
) -> int:
    """The line of the grid that is due in that year of execution."""
    if terms.prolonged_on and first >= terms.prolonged_on > terms.starts_on:
        # P4: the year of the day before the extension.
        rules.append("P4")
        return 1 + sum(1 for day in years if day < terms.prolonged_on)
    if terms.licence_professionnelle and year < grid.licence_professionnelle_year:
        rules.append("P9")
        return grid.licence_professionnelle_year
    return year


def _age_changes(terms: PayTerms, grid: Grid) -> dict[date, int]:
    """P2 and P3: the first day of the month after each birthday that changes the class."""
    changes = {}
    for age in grid.thresholds:
        day = birthday(terms.born_on, age)
        # Already reached on the first day: due from that day, no later cut.
        if day > terms.starts_on:
            changes[add_months(day.replace(day=1), 1)] = age
    return changes


def _short_contract(terms: PayTerms, grid: Grid) -> tuple[bool, tuple[str, ...]]:
    """P7: the fifteen points, for a contract of a year at most."""
    if not terms.plus_15:
        return False, ()
    if months_between(terms.starts_on, terms.ends_on) <= grid.short_contract_months:
        return True, ()
    return False, (
        f"P7 : la majoration de {grid.short_contract_points} points n'est pas appliquée, le contrat "
        f"dure plus de {grid.short_contract_months} mois (art. D6222-30).",
    )


def _unknown_smic(terms: PayTerms, tables: PayTables) -> tuple[str, ...]:
    """P16: say that a SMIC to come is not known, never guess it."""
    if tables.is_smic_known(terms.starts_on):
        return ()
    last = tables.smic_on(terms.starts_on, mayotte=terms.mayotte)
    amount_known = f"{last.monthly}".replace(".", ",")
    base = (
        "" if terms.smc is None else " ; la base (SMIC ou SMC) est choisie d'après ce dernier SMIC"
    )
    return (
        f"Le SMIC au {terms.starts_on:%d/%m/%Y} n'est pas encore connu (dernier : {amount_known} € "
        f"depuis le {last.valid_from:%d/%m/%Y}) : les taux sont sûrs, les euros se calculeront à "
        f"sa parution{base}.",
    )


def _monthly(rate: Decimal, base: PayBase, terms: PayTerms, smic: Decimal) -> Decimal:
    return amount(rate, base_amount(base, terms.smc, smic), weekly_minutes=terms.weekly_minutes)


def _professionalisation(terms: PayTerms, tables: PayTables) -> Schedule:
    """The rate of the age on the first day, over every year of the contract."""
    start, end = terms.starts_on, terms.ends_on
    grid = tables.pro_grid_on(start)
    age = age_on(terms.born_on, start)
    smic = tables.smic_on(start, mayotte=terms.mayotte).monthly
    rate, base, label, rules = FULL, PayBase.SMIC, grid.adult_label, ["P1", "PRO"]
    if age < grid.adult_from_age:
        line = grid.class_of(age)
        rate = line.rate_bac_professionnel if terms.bac_professionnel else line.rate
        label = line.label
    elif terms.smc is not None and terms.smc * grid.adult_smc_rate / FULL > smic:
        rate, base = grid.adult_smc_rate, PayBase.SMC
        rules.append("P12")
    if terms.floor_rate is not None and base == PayBase.SMIC and terms.floor_rate > rate:
        rate = terms.floor_rate
        rules.append("P6")
    starts = [start, *(day for day in _year_starts(start, end, 0) if day <= end)]
    ends = [*(day - DAY for day in starts[1:]), end]
    monthly = _monthly(rate, base, terms, smic) if tables.is_smic_known(start) else None
    segments = tuple(
        Segment(first, last, year, label, rate, base, monthly, tuple(rules))
        for year, (first, last) in enumerate(zip(starts, ends, strict=True), start=1)
    )
    return Schedule(segments, 0, _unknown_smic(terms, tables))
