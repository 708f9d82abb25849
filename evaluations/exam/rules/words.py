"""Figures in French words: marks in half points, points, averages."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from .reglement import Number

CENT = Decimal("0.01")


@lru_cache(maxsize=4096)
def show(value: Number) -> str:
    """A coefficient or a number of points: 3 -> "3", 10.5 -> "10,5"."""
    if isinstance(value, int):
        return str(value)
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):.4f}"
    return text.rstrip("0").rstrip(".").replace(".", ",")


@lru_cache(maxsize=4096)
def show_half(half: Number) -> str:
    """Half points as a mark or points: 25 -> "12,5", 457 -> "228,5"."""
    if isinstance(half, int):
        return f"{half // 2},5" if half % 2 else str(half // 2)
    return show(half / 2)


def as_decimal(half: Number) -> Decimal:
    """Half points as a Decimal: 457 -> 228.5."""
    if isinstance(half, int):
        return Decimal(half) / 2
    return Decimal(half.numerator) / Decimal(half.denominator * 2)


def average_of(points: Number, weight: Number, threshold: Number) -> Decimal:
    """The average of `points` (half points) on `weight`, with two decimals.

    A value under the threshold is never shown as reaching it: the decision is made on the points, and
    the display may not contradict it.
    """
    exact = Fraction(points) / (2 * Fraction(weight))
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    shown = value.quantize(CENT, ROUND_HALF_UP)
    if exact < threshold <= shown:
        return value.quantize(CENT, ROUND_DOWN)
    return shown


def show_average(average: Decimal | None) -> str:
    """An average, every decimal kept; "" when there is none."""
    return "" if average is None else str(average).replace(".", ",")


def listed(items: list[str]) -> str:
    """ "U1", "U1 et U2", "U1, U2 et U3"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} et {items[-1]}"
