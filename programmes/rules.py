"""Rules of programmes: category of a CFA, hours at a prorata (announced against official: conformity/).

Explained in docs/rules/programmes.md.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from .calendar_rules import minimum_hours_between
from .enums import Categorie


def categorie_of(habilite_on: date | None, habilite_until: date | None, day: date) -> Categorie:
    """The column of the règlement d'examen for the apprentices of a CFA, on one day.

    A CFA habilité to run the CCF on that day, both ends included, is in the first column; any other is
    in the ponctuel column (D643-19; REF2018, règlement d'examen; habilitation valid five years: arrêté du
    17 juin 2020). A habilitation without an end has not been limited yet.
    """
    if habilite_on is None or day < habilite_on:
        return Categorie.PONCTUEL
    if habilite_until is not None and day > habilite_until:
        return Categorie.PONCTUEL
    return Categorie.HABILITE


def minimum_hours(
    starts_on: date, ends_on: date, hours_per_year: Decimal, cycle_months: int
) -> Decimal:
    """Hours that an apprenticeship between two dates must hold, at least (D2 and D3, CE D643-8)."""
    return minimum_hours_between(
        starts_on, ends_on, hours_per_year=hours_per_year, cycle_months=cycle_months
    )


def prorata(hours: Sequence[int], total: int) -> list[int]:
    """Share `total` whole hours in the proportions of `hours`; the largest remainders take what is left.

    Used to propose hours by subject from the school timetable grid (REF2018) when a CFA gives none.
    """
    whole = sum(hours)
    if whole <= 0 or min(hours) < 0 or total < 0:
        raise ValueError("Les proportions doivent être positives.")
    shares = [total * value // whole for value in hours]
    by_remainder = sorted(range(len(hours)), key=lambda i: (-(total * hours[i] % whole), i))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares
