"""Reading a session: the list to check before the inscription, the grid of marks, the results."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.errors import DomainError
from accounts.models import Cfa
from accounts.typography import french
from apprentices.enums import ContractState
from apprentices.models import Contract
from evaluations.models import ExamRegistration, ExamSession, ExamUnit
from evaluations.providers import providers
from evaluations.rules import show_mark
from programmes.indicators import Rate

from .actions.publishing import judged
from .candidates import CODES, Dossier, cell_text, dossiers, half
from .enums import PASSED, Decision, Plan, Stage, Status
from .reglements import reglement_of
from .rules import Reglement, UnitRule
from .rules.reading import read_entry

RUNNING = (
    ContractState.SIGNED,
    ContractState.TRANSMITTED,
    ContractState.RUNNING,
    ContractState.ENDED,
)


@dataclass(frozen=True)
class CheckRow:
    """One candidate of the list to check: what is asked, and the conditions to sit."""

    registration: ExamRegistration
    options: tuple[str, ...]
    kept: tuple[str, ...]
    dispensed: tuple[str, ...]
    hours: Any
    contract: Contract | None
    warnings: tuple[str, ...]


def check_rows(session: ExamSession, today: date) -> list[CheckRow]:
    """The registrations with their conditions, in a constant number of queries."""
    registrations = list(
        session.registrations.select_related(
            "enrolment__apprentice", "enrolment__cohort", "session"
        ).order_by("enrolment__apprentice__last_name", "enrolment__apprentice__first_name", "pk")
    )
    enrolments = [one.enrolment for one in registrations]
    units: dict[int, list[ExamUnit]] = {one.pk: [] for one in registrations}
    for unit in ExamUnit.objects.filter(registration__in=registrations).select_related(
        "unite", "proof"
    ):
        units[unit.registration_id].append(unit)
    contracts: dict[int, Contract] = {}
    found = Contract.objects.filter(enrolment__in=enrolments, state__in=RUNNING)
    for contract in found.select_related("company").order_by("starts_on", "pk"):
        contracts[contract.enrolment_id] = contract
    hours = providers.hours_of(enrolments, today)
    return [
        _check_row(one, units[one.pk], hours.get(one.enrolment_id), contracts.get(one.enrolment_id))
        for one in registrations
    ]


def _check_row(registration, units: list[ExamUnit], hours, contract: Contract | None) -> CheckRow:
    warnings = []
    if contract is None:
        warnings.append("Aucun contrat signé : la voie de l'apprentissage en demande un (D643-16).")
    if hours is not None and hours.planned < hours.minimum:
        warnings.append(
            f"{_hours(hours.planned)} h prévues pour {_hours(hours.minimum)} h au moins (D643-8)."
        )
    return CheckRow(
        registration=registration,
        options=tuple(u.unite.code for u in units if u.unite.is_optional),
        kept=tuple(
            f"{u.unite.code} {show_mark(u.kept_mark)} ({u.kept_session})"
            for u in units
            if u.plan == Plan.KEPT
        ),
        dispensed=tuple(f"{u.unite.code} ({u.proof})" for u in units if u.plan == Plan.DISPENSED),
        hours=hours,
        contract=contract,
        warnings=tuple(warnings),
    )


def _hours(value: Any) -> str:
    return show_mark(Decimal(value))


CHECK_HEADER = (
    "Nom", "Prénom", "Né(e) le", "INE", "Numéro de candidat", "Promotion", "Catégorie", "Forme",
    "Options", "Notes conservées", "Dispenses", "Heures prévues", "Heures faites", "Minimum",
    "Entreprise", "Contrat du", "au", "État", "Confirmée le", "À vérifier",
)  # fmt: skip


def check_table(rows: Iterable[CheckRow]) -> list[list[Any]]:
    """The list to check as a table, for the export."""
    table = []
    for row in rows:
        one, person, contract = (
            row.registration,
            row.registration.enrolment.apprentice,
            row.contract,
        )
        table.append(
            [
                person.last_name,
                person.first_name,
                person.born_on,
                person.ine,
                one.candidate_number,
                one.enrolment.cohort.name,
                one.categorie_words,
                one.get_forme_display().split(" :")[0],
                " ".join(row.options),
                " ; ".join(row.kept),
                " ; ".join(row.dispensed),
                getattr(row.hours, "planned", None),
                getattr(row.hours, "present", None),
                getattr(row.hours, "minimum", None),
                contract.company.name if contract else None,
                contract.starts_on if contract else None,
                contract.ends_on if contract else None,
                one.get_state_display(),
                one.confirmed_on,
                " ".join(row.warnings),
            ]
        )
    return table


# --- the grid of marks ---------------------------------------------------------------------------


@dataclass(frozen=True)
class GridCell:
    name: str
    text: str
    label: str
    is_open: bool
    note: str = ""  # in place of a mark: kept, dispensed, not registered
    other: str = ""  # what the stage before says
    typed: str | None = None  # refused, or to confirm: what the person wrote is not lost
    kept_seen: str | None = None  # and over what: a change since then has still to be told

    @property
    def seen(self) -> str:
        return self.text if self.kept_seen is None else self.kept_seen

    @property
    def value(self) -> str:
        return self.text if self.typed is None else self.typed


@dataclass(frozen=True)
class GridRow:
    dossier: Dossier
    cells: tuple[GridCell, ...]
    result: str

    @property
    def registration(self) -> ExamRegistration:
        return self.dossier.registration


@dataclass(frozen=True)
class Grid:
    columns: tuple[UnitRule, ...]
    rows: tuple[GridRow, ...]

    @property
    def cells(self) -> dict[tuple[str, str], GridCell]:
        """By registration and unit, as the preview of a pasted block names them."""
        return {
            (str(row.registration.pk), rule.code): cell
            for row in self.rows
            for rule, cell in zip(self.columns, row.cells, strict=True)
        }


def stage_units(reglement: Reglement, stage: str) -> list[UnitRule]:
    """The units that have a column at this stage: the general ones only for the orals."""
    if stage == Stage.ORAL:
        codes = reglement.controle.units if reglement.controle else ()
        return [unit for unit in reglement.units if unit.code in codes]
    return [*reglement.units, *reglement.options]


def marks_grid(session: ExamSession, stage: str) -> Grid:
    """Candidates by units at one stage, in a constant number of queries."""
    registrations = session.registrations.active().select_related("enrolment__apprentice")
    if stage == Stage.ORAL and session.is_published:
        registrations = registrations.filter(
            decision__in=(Decision.CONTROLE, Decision.ADMIS_APRES_CONTROLE, Decision.REFUSE)
        )
    reglement = reglement_of(session.referentiel, session.year)
    columns = stage_units(reglement, stage)
    rows = []
    for one in dossiers(session, registrations, reglement):
        cells = tuple(_cell(one, rule, stage) for rule in columns)
        verdict = one.verdict()
        if verdict and session.is_final:
            verdict = judged(one, is_final=True)
        result = verdict.decision.label if verdict else "Incomplet"
        rows.append(GridRow(one, cells, result))
    return Grid(tuple(columns), tuple(rows))


def as_typed(grid: Grid, typed: Mapping[str, tuple[str, str | None]]) -> Grid:
    """The grid with what was typed and not written, and over what, by name of the cell."""

    def again(cell: GridCell) -> GridCell:
        text, seen = typed.get(cell.name, (None, None))
        return replace(cell, typed=text, kept_seen=seen)

    rows = tuple(replace(row, cells=tuple(map(again, row.cells))) for row in grid.rows)
    return replace(grid, rows=rows)


def known_already(unit: ExamUnit, text: str, rule: UnitRule, reglement: Reglement) -> str:
    """What to say of a unit dispensed or kept when a file only repeats it, as an académie's does; else nothing."""
    try:
        entry = read_entry(text, rule, reglement)
    except DomainError:
        entry = None
    if unit.plan == Plan.DISPENSED:
        is_same = entry.status == Status.DISPENSED if entry else text.isalpha()
    else:
        is_same = entry is not None and unit.kept_mark is not None and entry.mark == half(unit.kept_mark)  # fmt: skip
    return "Déjà dit à l'inscription." if is_same else ""


def as_number(text: str) -> Decimal | str:
    """A mark as the number that a spreadsheet counts with; AB or « 9/12 » as it is."""
    return Decimal(text.replace(",", ".")) if text.replace(",", "").isdigit() else text


def grid_table(grid: Grid) -> tuple[list[str], list[list]]:
    """The grid for a spreadsheet: marks as numbers, AB, FM, NV and « 9/12 » as text."""
    header = ["Nom", "Prénom", "Numéro de candidat"]
    header += [f"{rule.epreuve} · {rule.code}" for rule in grid.columns]
    rows: list[list] = []
    for row in grid.rows:
        person = row.registration.enrolment.apprentice
        texts = (cell.text for cell in row.cells)
        rows.append(
            [
                person.usage_name or person.last_name,
                person.first_name,
                row.registration.candidate_number,
            ]
            + [as_number(text) for text in texts]
        )
    return header, rows


def _cell(one: Dossier, rule, stage: str) -> GridCell:
    unit, person = one.units.get(rule.code), one.registration.enrolment.apprentice
    name = f"{one.registration.pk}-{rule.code}"
    label = french(f"{rule.code} de {person}")
    if unit is None:
        return GridCell(name, "", label, False, "non inscrit")
    if unit.plan == Plan.DISPENSED:
        return GridCell(name, "", label, False, "dispensé")
    if unit.plan == Plan.KEPT and stage != Stage.ORAL:
        return GridCell(name, "", label, False, f"{show_mark(unit.kept_mark)} gardé")
    text = cell_text(unit, stage, rule)
    return GridCell(name, text, label, True, other="" if text else _before(one, unit, rule, stage))


def _before(one: Dossier, unit: ExamUnit, rule, stage: str) -> str:
    """What the jury would take if this cell stays empty: the mark of the stage before."""
    if stage == Stage.ORAL:
        return ""
    if bar := one.bar(rule.code):
        return CODES[bar]
    if stage == Stage.DECIDED and unit.harmonised is not None:
        return show_mark(unit.harmonised)
    if stage in (Stage.DECIDED, Stage.HARMONISED) and unit.proposed is not None:
        return show_mark(unit.proposed)
    return show_mark(one.ccf.get(rule.epreuve))


# --- the results ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitStatistics:
    code: str
    title: str
    count: int
    average: str
    lowest: str
    highest: str
    passed: int  # marks of at least 10


@dataclass(frozen=True)
class Results:
    registrations: list[ExamRegistration]
    counts: list[tuple[str, int]]
    presented: int
    admitted: int
    rate: Decimal | None
    units: list[UnitStatistics]


def results(session: ExamSession) -> Results:
    """The results published, with statistics by épreuve; the rate counts the candidates presented."""
    registrations = list(
        session.registrations.active()
        .exclude(decision="")
        .select_related("enrolment__apprentice", "enrolment__cohort", "document")
    )
    counted = Counter(one.decision for one in registrations)
    admitted = sum(counted[decision] for decision in PASSED)
    rate = Decimal(100 * admitted) / len(registrations) if registrations else None
    return Results(
        registrations=registrations,
        counts=[(d.label, counted[d]) for d in Decision if counted[d]],
        presented=len(registrations),
        admitted=admitted,
        rate=None if rate is None else rate.quantize(Decimal("0.1")),
        units=_unit_statistics(session, registrations),
    )


def _unit_statistics(session: ExamSession, registrations) -> list[UnitStatistics]:
    """Marks of this session only: kept marks, dispenses and absences are not results of the year."""
    marks: dict[str, list[Decimal]] = {}
    titles: dict[str, str] = {}
    units = ExamUnit.objects.filter(
        registration__in=registrations, plan=Plan.SIT, outcome="", decided__isnull=False
    ).select_related("unite")
    for unit in units.order_by("unite__position", "pk"):
        titles[unit.unite.code] = unit.unite.title
        if unit.decided is not None:
            marks.setdefault(unit.unite.code, []).append(unit.decided)
    return [
        UnitStatistics(
            code=code,
            title=titles[code],
            count=len(values),
            average=show_mark((sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01"))),
            lowest=show_mark(min(values)),
            highest=show_mark(max(values)),
            passed=sum(value >= 10 for value in values),
        )
        for code, values in marks.items()
    ]


def success_rates(cfa: Cfa, rncp: str) -> list[Rate]:
    """Admitted among the candidates presented, session by session once the results are published."""
    counted: dict[int, Counter] = {}
    decisions = (
        ExamRegistration.objects.active()
        .filter(
            session__cfa=cfa,
            session__referentiel__rncp=rncp,
            session__published_at__isnull=False,
        )
        .exclude(decision="")
        .values_list("session__year", "decision")
    )
    for year, decision in decisions:
        counted.setdefault(year, Counter())[decision in PASSED] += 1
    return [
        Rate("Réussite à l'examen", year, counts.total(), counts[True])
        for year, counts in counted.items()
    ]
