"""Rules of the calendar: public holidays, rhythm, half-days, reachable hours, working days.

Explained with worked examples in docs/rules/calendrier.md. Pure: no clock, no database.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from .enums import Half, Zone

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
SUNDAY = 6
LONGEST_HALF = 6 * 60  # minutes worked without the break of CT L3121-16

# Subdivisions of the `holidays` library. Beyond the eleven days of CT L3133-1 the library also lists local
# customs (Mi-Carême, Victor Schoelcher, Vendredi saint in the Antilles): the law only gives the abolition
# day overseas (CT L3422-2), and Vendredi saint and 26 December in Alsace-Moselle (CT L3134-13).
SUBDIVISIONS = {
    Zone.ALSACE_MOSELLE: "6AE",
    Zone.GUADELOUPE: "971",
    Zone.MARTINIQUE: "972",
    Zone.GUYANE: "973",
    Zone.REUNION: "974",
    Zone.MAYOTTE: "976",
}
ABOLITION = "Abolition de l'esclavage"

Day = date
Period = tuple[date, date]


@lru_cache(maxsize=256)
def _holidays(year: int, zone: Zone) -> tuple[tuple[date, str], ...]:
    import holidays  # heavy and rarely needed: only when a calendar is asked for

    days = dict(holidays.country_holidays("FR", years=year, language="fr"))
    if zone in SUBDIVISIONS:
        local = holidays.country_holidays(
            "FR", subdiv=SUBDIVISIONS[zone], years=year, language="fr"
        )
        for day, name in local.items():
            if day not in days and (zone == Zone.ALSACE_MOSELLE or name == ABOLITION):
                days[day] = name
    return tuple(sorted(days.items()))


def holidays_of_year(year: int, zone: str = "") -> dict[date, str]:
    """The public holidays of one year, with their French names; without a zone, those of metropole.

    CT L3133-1 (eleven days), L3134-13 (Alsace-Moselle: Vendredi saint and 26 December, the first only where
    there is a Protestant or mixed church), L3422-2 (abolition of slavery, by territory). Reference table:
    apprenticeship-rules 7.1.
    """
    return dict(_holidays(year, Zone(zone or Zone.METROPOLE)))


def public_holidays(first: date, last: date, zone: str = "") -> dict[date, str]:
    """The public holidays from `first` to `last`, both included, in order."""
    return {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in holidays_of_year(year, zone).items()
        if first <= day <= last
    }


# --- rhythm and half-days ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """A half-day as the CFA keeps it: from when to when, and on which days if not on all of the rhythm."""

    half: Half
    starts: time
    ends: time
    weekdays: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if self.ends <= self.starts:
            raise ValueError("La fin d'une demi-journée doit suivre son début.")
        if self.minutes > LONGEST_HALF:
            raise ValueError(
                "Une demi-journée dure six heures au plus (pause obligatoire, code du travail, L3121-16)."
            )

    def is_on(self, day: date) -> bool:
        """The half-day exists on this day of the week."""
        return self.weekdays is None or day.weekday() in self.weekdays

    @property
    def minutes(self) -> int:
        return (self.ends.hour - self.starts.hour) * 60 + self.ends.minute - self.starts.minute


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which days, and when in the day, apprentices are at the CFA.

    `weekdays`: 0 is Monday. A rhythm may turn over several weeks ("one week out of three"):
    `cycle_weeks` weeks counted from the week of `anchor`, at the CFA in those of `cfa_weeks`. It may also be
    a list of `blocks` (first and last day of each): then the CFA days are the weekdays inside them.
    Slots follow CFA usage, e.g. 9:00-12:30 and 13:30-17:00 = 7 h a day (apprenticeship-rules 7.3).
    """

    weekdays: frozenset[int]
    slots: tuple[Slot, ...]
    zone: Zone = Zone.METROPOLE
    cycle_weeks: int = 1
    cfa_weeks: frozenset[int] = field(default_factory=lambda: frozenset({0}))
    anchor: date | None = None
    blocks: tuple[Period, ...] = ()

    def __post_init__(self) -> None:
        if any(last < first for first, last in self.blocks):
            raise ValueError("La fin d'une période au CFA doit suivre son début.")
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise ValueError("Le rythme doit nommer au moins un jour de la semaine (0 à 6).")
        if not self.slots:
            raise ValueError("Le rythme doit donner au moins une demi-journée.")
        if len({slot.half for slot in self.slots}) != len(self.slots):
            raise ValueError("Une même demi-journée ne peut pas revenir deux fois dans le rythme.")
        ordered = sorted(self.slots, key=lambda slot: slot.starts)
        if any(a.ends > b.starts for a, b in itertools.pairwise(ordered)):
            raise ValueError("Les demi-journées du rythme se chevauchent.")
        if self.cycle_weeks < 1 or not self.cfa_weeks <= set(range(self.cycle_weeks)):
            raise ValueError("Les semaines au CFA doivent tenir dans le cycle.")
        if self.cycle_weeks > 1 and (self.anchor is None or not self.cfa_weeks):
            raise ValueError("Une alternance par semaines a besoin d'une date de départ.")

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Rhythm":
        """The rhythm stored in `CfaProgramme.rhythm` or `Cohort.rhythm`; ValueError when malformed."""
        try:
            return cls(
                weekdays=frozenset(data["weekdays"]),
                slots=tuple(
                    Slot(
                        Half(row["half"]),
                        time.fromisoformat(row["starts"]),
                        time.fromisoformat(row["ends"]),
                        frozenset(row["weekdays"]) if row.get("weekdays") else None,
                    )
                    for row in data["halves"]
                ),
                zone=Zone(data.get("zone", Zone.METROPOLE)),
                cycle_weeks=data.get("cycle_weeks", 1),
                cfa_weeks=frozenset(data.get("cfa_weeks", [0])),
                anchor=date.fromisoformat(data["anchor"]) if data.get("anchor") else None,
                blocks=tuple(
                    (date.fromisoformat(first), date.fromisoformat(last))
                    for first, last in data.get("blocks", [])
                ),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("Le rythme est mal formé.") from error

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "weekdays": sorted(self.weekdays),
            "halves": [
                {
                    "half": slot.half.value,
                    "starts": f"{slot.starts:%H:%M}",
                    "ends": f"{slot.ends:%H:%M}",
                    **({"weekdays": sorted(slot.weekdays)} if slot.weekdays is not None else {}),
                }
                for slot in self.slots
            ],
            "zone": self.zone.value,
        }
        if self.cycle_weeks > 1 and self.anchor:
            data |= {
                "cycle_weeks": self.cycle_weeks,
                "cfa_weeks": sorted(self.cfa_weeks),
                "anchor": self.anchor.isoformat(),
            }
        if self.blocks:
            data["blocks"] = [[first.isoformat(), last.isoformat()] for first, last in self.blocks]
        return data

    @property
    def minutes_per_day(self) -> int:
        return sum(slot.minutes for slot in self.slots)

    @property
    def hours_per_day(self) -> Decimal:
        return Decimal(self.minutes_per_day) / 60

    def is_cfa_day(self, day: date) -> bool:
        """The mask alone, before holidays and closures."""
        if day.weekday() not in self.weekdays:
            return False
        if self.blocks:
            return any(first <= day <= last for first, last in self.blocks)
        if self.cycle_weeks == 1 or self.anchor is None:
            return True
        weeks = (_monday(day) - _monday(self.anchor)).days // 7
        return weeks % self.cycle_weeks in self.cfa_weeks


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A half-day at the CFA on one date."""

    date: Day
    half: Half
    starts: time
    ends: time

    @property
    def minutes(self) -> int:
        return (self.ends.hour - self.starts.hour) * 60 + self.ends.minute - self.starts.minute

    @property
    def hours(self) -> Decimal:
        return Decimal(self.minutes) / 60


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def half_days(
    first: date,
    last: date,
    rhythm: Rhythm,
    closures: Iterable[Period] = (),
    *,
    extra_days: Iterable[date] = (),
) -> list[HalfDay]:
    """The half-days at the CFA from `first` to `last`, both included, in order.

    A public holiday of the rhythm's zone is never a CFA day (signing on one has been held against a CFA:
    apprenticeship-rules 4.1), nor is a day of `closures` (first and last day of each). `extra_days`
    adds whole days outside the mask, unless they are holidays or closed.
    """
    off = set(public_holidays(first, last, rhythm.zone))
    for closed_from, closed_to in closures:
        off.update(_days(max(first, closed_from), min(last, closed_to)))
    added = set(extra_days)
    slots = sorted(rhythm.slots, key=lambda slot: slot.starts)
    return [
        HalfDay(day, slot.half, slot.starts, slot.ends)
        for day in _days(first, last)
        if day not in off and (day in added or rhythm.is_cfa_day(day))
        for slot in slots
        if day in added or slot.is_on(day)
    ]


def hours_of(days: Iterable[HalfDay]) -> Decimal:
    """Hours, exact to the minute, rounded to the hundredth of an hour."""
    minutes = sum(day.minutes for day in days)
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


def reachable_hours(
    first: date,
    last: date,
    rhythm: Rhythm,
    closures: Iterable[Period] = (),
    *,
    extra_days: Iterable[date] = (),
) -> Decimal:
    """How many hours the rhythm gives between two dates, holidays and closures taken out.

    To be compared with `minimum_hours`: announced hours that the calendar cannot hold are a promise that the
    attendance sheets will contradict.
    """
    return hours_of(half_days(first, last, rhythm, closures, extra_days=extra_days))


# --- durations -----------------------------------------------------------------------------------


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last day of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - DAY)


def months_between(first: date, last: date) -> int:
    """Length of the period from `first` to `last`, both included, rounded to the nearest whole month.

    Half a month or more counts as one (apprenticeship-rules 2.3, step 1).
    """
    if last < first:
        raise ValueError("La fin précède le début.")
    end = last + DAY
    months = (end.year - first.year) * 12 + end.month - first.month
    if add_months(first, months) > end:
        months -= 1
    floor, ceiling = add_months(first, months), add_months(first, months + 1)
    return months + (1 if (end - floor) * 2 >= ceiling - floor else 0)


def minimum_hours(months: int, *, hours_per_year: Decimal, cycle_months: int) -> Decimal:
    """Hours of training that an apprenticeship of `months` months must hold, at least (D2 and D3).

    CE D643-8 (décret 2020-624): for a BTS 1350 h over the 24 months of the cycle, 675 h for a contract reduced
    to one year, and between six months and two years prorata temporis of the yearly figure. A contract longer
    than the cycle still owes the hours of the cycle. The yearly figure and the cycle come from the
    référentiel (`Referentiel.hours_per_year`, `Referentiel.cycle_months`).
    """
    if months < 0:
        raise ValueError("Une durée ne peut pas être négative.")
    hours = hours_per_year * min(months, cycle_months) / 12
    return hours.quantize(Decimal("0.01"), ROUND_HALF_UP)


def minimum_hours_between(
    first: date, last: date, *, hours_per_year: Decimal, cycle_months: int
) -> Decimal:
    """`minimum_hours` of the contract or training that runs from `first` to `last`, both included."""
    return minimum_hours(
        months_between(first, last), hours_per_year=hours_per_year, cycle_months=cycle_months
    )


def quarter_of_contract_hours(
    first: date,
    last: date,
    *,
    share: Decimal = Decimal("0.25"),
    hours_per_year: Decimal = Decimal(1607),
) -> Decimal:
    """The floor of the labour code (D1, CT L6211-2): 25 % of the contract, on 1607 h a year by days / 365."""
    days = (last - first).days + 1
    return (share * hours_per_year * days / 365).quantize(Decimal("0.01"), ROUND_HALF_UP)


# --- working days --------------------------------------------------------------------------------


def is_working_day(day: date, zone: str = "") -> bool:
    """Jour ouvrable: Monday to Saturday, public holidays excepted (V20; CT L3133-1)."""
    return day.weekday() != SUNDAY and day not in holidays_of_year(day.year, zone)


def add_working_days(day: date, count: int, zone: str = "") -> date:
    """The `count`-th working day after `day` (that day itself is not counted).

    CT D6224-1 (V20): the contract is sent to the OPCO within five working days of the start of execution, so
    the last day is `add_working_days(start, 5)`.
    """
    if count < 0:
        raise ValueError("Le nombre de jours ouvrables ne peut pas être négatif.")
    while count:
        day += DAY
        count -= is_working_day(day, zone)
    return day


def working_days_between(first: date, last: date, zone: str = "") -> int:
    """Number of working days from `first` to `last`, both included; 0 when `last` comes before."""
    return sum(is_working_day(day, zone) for day in _days(first, last))
