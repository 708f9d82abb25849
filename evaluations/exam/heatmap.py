"""The jury simulated for a class: one row per apprentice, one cell per unit, what would be decided."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from apprentices.models import Enrolment
from evaluations.ccf.concerned import outside_ccf

from .blank import blank_marks
from .candidates import CODES, asked_units, ccf_bars, ccf_marks, half
from .enums import Decision, Plan, Status
from .presenters import KINDS
from .rules import HALF, Candidate, Entry, Reglement, Verdict
from .rules.candidate import Refused
from .rules.simulation import simulate
from .rules.words import show_average, show_half

# (least half points, class of the cell): the same four tints as the grid of formative averages.
TINTS = ((14 * HALF, "heat-3"), (10 * HALF, "heat-2"), (8 * HALF, "heat-1"), (0, "heat-0"))


@dataclass(frozen=True)
class HeatCell:
    text: str
    tint: str
    source: str  # said to everybody in words: blank exam, CCF, kept, dispensed


@dataclass(frozen=True)
class HeatRow:
    enrolment: Enrolment
    cells: tuple[HeatCell, ...]
    average: str
    kind: str
    word: str
    need: str


@dataclass(frozen=True)
class HeatMap:
    reglement: Reglement
    rows: tuple[HeatRow, ...]
    counts: tuple[tuple[str, int], ...]


def heat_map(enrolments: Iterable[Enrolment], reglement: Reglement) -> HeatMap:
    """What the jury would decide with the CCF locked and the blank exams; a constant number of queries."""
    enrolments = list(enrolments)
    ponctuel = outside_ccf(enrolments).ponctuel
    in_ccf = [one for one in enrolments if one.pk not in ponctuel]
    blank, ccf, bars = blank_marks(enrolments), ccf_marks(in_ccf), ccf_bars(in_ccf)
    asked = asked_units(enrolments, reglement.session)
    rows, counts = [], Counter[str]()
    for enrolment in enrolments:
        entries, cells = {}, []
        for rule in reglement.units:
            entry, source = _supposed(enrolment, rule, asked.get(enrolment.pk), ccf, blank)
            bar = bars.get((enrolment.pk, rule.epreuve))
            if bar and source not in ("dispensé", "conservée"):
                entry, source = Entry(Status(bar)), "CCF"
            if entry is not None:
                entries[rule.code] = entry
            cells.append(_cell(entry, source))
        row = _row(enrolment, cells, entries, reglement)
        counts[row.word] += 1
        rows.append(row)
    return HeatMap(reglement, tuple(rows), tuple(counts.most_common()))


def _supposed(enrolment, rule, registration, ccf, blank) -> tuple[Entry | None, str]:
    """What the unit is supposed to bear, and where that comes from."""
    unit = registration.get(rule.code) if registration else None
    if unit is not None and unit.plan == Plan.DISPENSED:
        return Entry(Status.DISPENSED, by_vae=unit.by_vae), "dispensé"
    if unit is not None and unit.plan == Plan.KEPT:
        return Entry(Status.KEPT, half(unit.kept_mark), unit.kept_session), "conservée"
    mark = ccf.get((enrolment.pk, rule.epreuve))
    if mark is not None:
        return Entry(Status.MARK, half(mark)), "CCF"
    supposed = blank.get(enrolment.pk, {}).get(rule.epreuve)
    if supposed is not None:
        return Entry(Status.MARK, supposed), "blanc"
    return None, ""


def _cell(entry: Entry | None, source: str) -> HeatCell:
    if entry is None:
        return HeatCell("–", "", "")
    if entry.mark is None:
        return HeatCell(CODES.get(entry.status, "D"), "", source)
    mark = entry.mark
    tint = next(name for least, name in TINTS if mark >= least)
    return HeatCell(show_half(mark), tint, source)


def _row(enrolment, cells, entries, reglement: Reglement) -> HeatRow:
    candidate = Candidate(session=reglement.session, categorie="", units=entries)
    try:
        simulation = simulate(candidate, reglement)
    except Refused as refusal:
        return HeatRow(enrolment, tuple(cells), "", "stop", "À vérifier", refusal.message)
    verdict: Verdict | None = simulation.verdict
    if verdict is None:
        missing = ", ".join(simulation.missing)
        if not entries:
            need = ""
        elif simulation.common is None:
            need = f"hors d'atteinte, même avec 20 à {missing}"
        else:
            need = f"{show_half(simulation.common)} à {missing}"
        return HeatRow(enrolment, tuple(cells), "", "none", "Incomplet", need)
    need = ""
    if verdict.decision == Decision.CONTROLE:
        best = min((n.mark for n in simulation.orals if len(n.units) == 1 and n.mark), default=None)
        need = f"un oral à {show_half(best)}" if best is not None else "deux oraux"
    elif simulation.lacking:
        many = "s" if simulation.lacking >= 2 * HALF else ""
        need = f"{show_half(simulation.lacking)} point{many} de plus"
    return HeatRow(
        enrolment,
        tuple(cells),
        show_average(verdict.average),
        KINDS[verdict.decision],
        verdict.decision.label,
        need,
    )
