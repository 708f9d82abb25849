"""Random rows of simulate_exam, near the thresholds and full of odd cases, and their comparison."""

import random
from collections.abc import Iterator
from fractions import Fraction

from accounts.errors import DomainError
from evaluations.exam.rules import decide
from evaluations.exam.rules.reading import read_row
from evaluations.exam.rules.words import as_decimal

from .naive_exam import Wrong, judge, shown

UNITS = ("U1", "U2", "U3", "U4", "U5", "U6")


def rows(count: int, seed: int) -> Iterator[dict[str, str]]:
    rng = random.Random(seed)
    for number in range(count):
        yield _row(rng, number)


def _row(rng: random.Random, number: int) -> dict[str, str]:
    session = rng.choice((2021, 2022, 2024, 2025, 2026, 2027, 2027, 2027))
    row = {
        "candidat": f"N{number}",
        "session": str(session),
        "categorie": rng.choice(("habilite", "fpc_ccf_integral", "ponctuel")),
        "forme": rng.choice(("", "globale", "globale", "progressive")),
    }
    centre = rng.choice((8, 9, 9.5, 10, 10, 11))
    for unit in UNITS:
        row[unit] = _unit(rng, unit, session, centre)
    if rng.random() < 0.3:
        row["UF1"] = _mark(rng, 11) if rng.random() < 0.9 else rng.choice(("AB", "D", "C 14 2023"))
    if rng.random() < 0.2:
        row["EF2"] = _mark(rng, 11)
    if rng.random() < 0.4:
        for oral in rng.sample(("R1", "R2", "R3"), rng.choice((1, 2, 2, 2, 2, 3))):
            row[oral] = _mark(rng, 11)
    return row


def _mark(rng: random.Random, centre: float) -> str:
    half = min(40, max(0, round(rng.gauss(centre, 2) * 2)))
    text = str(half // 2) if half % 2 == 0 else f"{half // 2}{rng.choice(',.')}5"
    return (
        text if rng.random() < 0.995 else rng.choice(("20,5", "7.25", "12/20", "NaN", "-1", "1e1"))
    )


def _unit(rng: random.Random, unit: str, session: int, centre: float) -> str:
    dice = rng.random()
    if unit == "U5" and dice < 0.5:
        first, second = (
            rng.choice(("FM", "AB")) if rng.random() < 0.02 else _mark(rng, centre)
            for _ in range(2)
        )
        return f"{first}/{second}"
    if dice < 0.012:
        return rng.choice(("AB", "NV", ""))
    if dice < 0.03:
        return "FM"
    if dice < 0.06 or (dice < 0.16 and unit in ("U1", "U2", "U3")):
        return "D" if unit in ("U1", "U2", "U3") or rng.random() < 0.1 else _mark(rng, centre)
    if dice < 0.25:
        return f"C {_mark(rng, 12)} {session - rng.choice((0, 1, 1, 2, 2, 3, 4, 5, 5, 6))}"
    return _mark(rng, centre)


def differences(row: dict[str, str], reglement_of) -> list[str]:
    """What the two decisions say differently of one row; nothing when they agree."""
    try:
        expected = judge(row)
    except Wrong:
        expected = None
    try:
        candidate, reglement = read_row(row, reglement_of)
        verdict = decide(candidate, reglement)
    except DomainError as error:
        return [] if expected is None else [f"{row}: refused ({error.message}), not {expected}"]
    points = None if verdict.points is None else Fraction(as_decimal(verdict.points))
    got = (
        verdict.decision.value,
        points,
        verdict.coefficients,
        [one.unit for one in verdict.acquired],
    )
    if points is not None and verdict.average is not None:
        hundredths = shown(points, verdict.coefficients)
        if verdict.average * 100 != hundredths:
            return [f"{row}: {verdict.average} shown instead of {hundredths} hundredths"]
    return [] if got == expected else [f"{row}: {got} instead of {expected}"]
