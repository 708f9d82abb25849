"""What if: the mark that is still needed, the kept marks worth keeping, what a second chance asks.

Everything goes through `decide`: a simulation says nothing that the decision would not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from ..enums import PASSED, Decision, Status
from .candidate import Candidate, Entry
from .decision import Verdict, decide
from .reglement import HALF, Number, Reglement


@dataclass(frozen=True)
class OralNeed:
    """What the orals of these units ask: the same mark at each, in half points; None: out of reach."""

    units: tuple[str, ...]
    mark: int | None


@dataclass(frozen=True)
class KeptAdvice:
    """One earlier mark: what keeping it and sitting the unit again would give."""

    unit: str
    kept: Entry
    hoped: int | None  # the new mark supposed, half points
    is_worth: bool
    # Sitting it again pays from this mark on (half points): strictly above the kept one.
    pays_from: int | None


@dataclass(frozen=True)
class Simulation:
    """The answer of the simulator; `verdict` is None while marks are missing."""

    candidate: Candidate
    verdict: Verdict | None
    missing: tuple[str, ...]
    # The same mark at every missing unit that is enough to pass (half points), or None: out of reach.
    common: int | None
    # By unit with a mark: the least mark that is enough, the others unchanged.
    minimums: Mapping[str, int | None]
    orals: tuple[OralNeed, ...]
    lacking: Number  # half points under the threshold, 0 when passed


def with_marks(candidate: Candidate, marks: Mapping[str, int]) -> Candidate:
    """The same candidate with these marks, in half points."""
    entries = {code: Entry(Status.MARK, mark) for code, mark in marks.items()}
    return replace(candidate, units={**candidate.units, **entries})


def least(reglement: Reglement, passes) -> int | None:
    """The least mark for which `passes` holds, by bisection: passing never gets harder with a better mark."""
    low, high = 0, reglement.highest
    if not passes(high):
        return None
    while low < high:
        middle = (low + high) // 2
        if passes(middle):
            high = middle
        else:
            low = middle + 1
    return low


def least_mark(candidate: Candidate, reglement: Reglement, codes: Iterable[str]) -> int | None:
    """The least mark, the same at each of these units, with which the candidate is admitted."""
    wanted = tuple(codes)
    plain = replace(candidate, orals={})

    def passes(mark: int) -> bool:
        tried = with_marks(plain, dict.fromkeys(wanted, mark))
        return decide(tried, reglement).decision == Decision.ADMIS

    return least(reglement, passes)


def oral_needs(candidate: Candidate, reglement: Reglement) -> tuple[OralNeed, ...]:
    """For a candidate allowed to the second chance: each unit alone, then each pair."""
    controle = reglement.controle
    assert controle is not None  # allowed to it
    available = [
        code
        for code in controle.units
        if code in candidate.units and candidate.units[code].status != Status.DISPENSED
    ]
    needs = []
    for size in range(1, min(controle.orals, len(available)) + 1):
        for units in combinations(available, size):
            needs.append(OralNeed(units, _least_oral(candidate, reglement, units)))
    return tuple(needs)


def _least_oral(candidate: Candidate, reglement: Reglement, units: tuple[str, ...]) -> int | None:
    def passes(mark: int) -> bool:
        tried = replace(candidate, orals=dict.fromkeys(units, mark))
        return decide(tried, reglement).decision in PASSED

    return least(reglement, passes)


def simulate(candidate: Candidate, reglement: Reglement) -> Simulation:
    """All that can be said of these hypotheses.

    Raises `Refused`, as `decide` does, for anything but a missing mark.
    """
    missing = tuple(unit.code for unit in reglement.units if unit.code not in candidate.units)
    # A first pass with the highest mark everywhere tells what else is wrong.
    full = with_marks(candidate, dict.fromkeys(missing, reglement.highest))
    best = decide(full, reglement)
    barred = best.decision == Decision.NON_DELIVRABLE
    if missing:
        common = None if barred else least_mark(candidate, reglement, missing)
        return Simulation(candidate, best if barred else None, missing, common, {}, (), 0)
    minimums = {}
    if not barred:
        minimums = {
            code: least_mark(candidate, reglement, [code])
            for code, entry in candidate.units.items()
            if entry.status == Status.MARK
        }
    first = best if not candidate.orals else decide(replace(candidate, orals={}), reglement)
    orals = oral_needs(candidate, reglement) if first.decision == Decision.CONTROLE else ()
    passing = HALF * reglement.pass_average * best.coefficients
    lacking = max(0, passing - best.points) if best.points is not None else 0
    return Simulation(candidate, best, (), None, minimums, orals, lacking)


def kept_advice(
    candidate: Candidate, reglement: Reglement, earlier: Mapping[str, Entry]
) -> tuple[KeptAdvice, ...]:
    """For each earlier mark that may be kept, whether keeping it beats the mark hoped for.

    A kept mark is sure and the new one replaces it, better or worse (D643-23): equal marks are kept.
    """
    advice = []
    for unit in reglement.units:
        kept = earlier.get(unit.code)
        if kept is None or kept.mark is None:
            continue
        entry = candidate.units.get(unit.code)
        hoped = entry.mark if entry is not None and entry.status == Status.MARK else None
        pays_from = kept.mark + 1 if kept.mark < reglement.highest else None
        advice.append(
            KeptAdvice(unit.code, kept, hoped, hoped is None or kept.mark >= hoped, pays_from)
        )
    return tuple(advice)


def keeping(candidate: Candidate, earlier: Mapping[str, Entry], codes: Iterable[str]) -> Candidate:
    """The same candidate who asks to keep these earlier marks."""
    return replace(candidate, units={**candidate.units, **{code: earlier[code] for code in codes}})
