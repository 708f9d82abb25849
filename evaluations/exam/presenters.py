"""What the simulator's page shows, prepared for its template."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .enums import Decision, Status
from .rules import HALF, Reglement, Verdict
from .rules.hypotheses import STATUSES, Answer
from .rules.reglement import UnitRule
from .rules.simulation import OralNeed
from .rules.words import listed, show, show_average, show_half

# The status component's kind for each decision.
KINDS: Mapping[str, str] = {
    Decision.ADMIS: "done",
    Decision.ADMIS_APRES_CONTROLE: "done",
    Decision.CONTROLE: "todo",
    Decision.REFUSE: "stop",
    Decision.AJOURNE: "stop",
    Decision.NON_DELIVRABLE: "stop",
}
BAR_WIDTH = 1000  # whole units of the drawing


@dataclass(frozen=True)
class Input:
    """One field of the form."""

    name: str
    value: str
    error: str = ""


@dataclass(frozen=True)
class UnitRow:
    """One unit of the form, with what the simulation says of it."""

    rule: UnitRule
    coefficient: str
    mark: Input
    status: str
    statuses: tuple[tuple[str, str], ...]
    earlier: Input
    session: Input
    keep: bool
    hint: str = ""


@dataclass(frozen=True)
class Bar:
    """Where the average stands between 0 and 20, in units of the drawing."""

    width: int
    value: int
    low: int | None
    passing: int


@dataclass
class SimulatorPage:
    rows: list[UnitRow]
    options: list[tuple[UnitRule, Input]]
    orals: list[tuple[UnitRule, Input]]
    errors: list[tuple[str, str, str]]  # field id, label, message
    answer: Answer
    sentences: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    oral_needs: list[tuple[str, str]] = field(default_factory=list)
    bar: Bar | None = None

    @property
    def verdict(self) -> Verdict | None:
        return self.answer.simulation.verdict if self.answer.simulation else None

    @property
    def kind(self) -> str:
        return KINDS[self.verdict.decision] if self.verdict else "none"

    @property
    def average(self) -> str:
        return show_average(self.verdict.average) if self.verdict else ""

    @property
    def points(self) -> str:
        points = self.verdict.points if self.verdict else None
        return "" if points is None else show_half(points)


def simulator_page(data: Mapping[str, str], reglement: Reglement, answer: Answer) -> SimulatorPage:
    """The form as typed, and the answer in sentences."""
    errors = dict(answer.errors)

    def make(name: str) -> Input:
        return Input(name, str(data.get(name, ""))[:40], errors.get(name, ""))

    page = SimulatorPage(
        rows=[_row(unit, data, make, answer) for unit in reglement.units],
        options=[(unit, make(unit.code)) for unit in reglement.options],
        orals=[],
        errors=[(f"champ-{name}", _label(name), text) for name, text in errors.items()],
        answer=answer,
    )
    simulation = answer.simulation
    controle = reglement.controle
    if controle and simulation and simulation.orals:
        rules = [unit for unit in reglement.units if unit.code in controle.units]
        page.orals = [(unit, make(f"R{unit.code[1:]}")) for unit in rules]
    if simulation:
        page.sentences = _sentences(reglement, answer)
        page.advice = _advice(answer)
        page.oral_needs = said_needs(simulation.orals)
        page.bar = _bar(reglement, simulation.verdict)
    return page


def said_needs(needs: Iterable[OralNeed]) -> list[tuple[str, str]]:
    """For each oral of the second chance, and each pair: the least mark with which one is admitted."""
    return [
        (listed(list(need.units)), _reach(need.mark, both=len(need.units) > 1)) for need in needs
    ]


def _label(name: str) -> str:
    code, _, part = name.partition("-")
    words = {"avant": "note d'avant", "session": "session d'avant", "statut": "situation"}
    return f"{code}, {words[part]}" if part in words else code


def _row(unit: UnitRule, data: Mapping[str, str], make, answer: Answer) -> UnitRow:
    status = str(data.get(f"{unit.code}-statut", ""))
    hint = ""
    if answer.simulation and unit.code in answer.simulation.minimums:
        least = answer.simulation.minimums[unit.code]
        hint = "20 ne suffit pas" if least is None else f"il suffit de {show_half(least)}"
    return UnitRow(
        rule=unit,
        coefficient=show(unit.coefficient),
        mark=make(unit.code),
        status=status if status in STATUSES else Status.MARK.value,
        statuses=tuple((one.value, one.label) for one in STATUSES),
        earlier=make(f"{unit.code}-avant"),
        session=make(f"{unit.code}-session"),
        keep=data.get(f"{unit.code}-garder") == "1",
        hint=hint,
    )


def _reach(mark: int | None, *, both: bool = False) -> str:
    if mark is None:
        return "hors d'atteinte, même avec 20"
    return f"{show_half(mark)} à chacun" if both else show_half(mark)


def _sentences(reglement: Reglement, answer: Answer) -> list[str]:
    simulation = answer.simulation
    assert simulation is not None
    if simulation.missing:
        units = listed(list(simulation.missing))
        if simulation.verdict:  # barred whatever the other marks
            return ["Aucune note ne change cette décision : voyez les étapes."]
        if simulation.common is None:
            return [
                f"Même avec 20 à {units}, la moyenne n'atteint pas {show(reglement.pass_average)}."
            ]
        if len(simulation.missing) == 1:
            return [f"Pour être admis, il faut au moins {show_half(simulation.common)} à {units}."]
        return [
            f"Il reste {units} : pour être admis, il faut par exemple "
            f"{show_half(simulation.common)} à chacune."
        ]
    if simulation.lacking:
        points = show_half(simulation.lacking)
        many = "s" if simulation.lacking >= 2 * HALF else ""
        return [f"Il manque {points} point{many} (coefficients compris) pour être admis."]
    return []


def _advice(answer: Answer) -> list[str]:
    said = []
    for one in answer.advice:
        kept = show_half(one.kept.mark or 0)
        if one.hoped is None:
            text = f"{one.unit} : garder {kept} dispense de la repasser."
        elif one.is_worth:
            text = f"{one.unit} : gardez {kept}, vous n'espérez que {show_half(one.hoped)} en la repassant."
        else:
            text = (
                f"{one.unit} : la repasser rapporterait {show_half(one.hoped - (one.kept.mark or 0))} "
                f"de plus que {kept}, mais c'est la nouvelle note qui compterait, même plus basse."
            )
        if one.pays_from is not None and one.is_worth:
            text += f" La repasser n'a d'intérêt qu'à partir de {show_half(one.pays_from)}."
        said.append(text)
    if answer.best is not None:
        average = show_average(answer.best.average)
        said.append(
            f"En gardant les notes qui en valent la peine : {answer.best.decision.label.lower()}"
            + (f", {average} de moyenne." if average else ".")
        )
    return said


def _bar(reglement: Reglement, verdict: Verdict | None) -> Bar | None:
    if verdict is None or verdict.points is None or not verdict.coefficients:
        return None
    highest = reglement.highest * verdict.coefficients

    def place(half: Any) -> int:
        return min(BAR_WIDTH, int(BAR_WIDTH * half / highest))

    controle = reglement.controle
    low = HALF * controle.min_average * verdict.coefficients if controle else None
    return Bar(
        width=BAR_WIDTH,
        value=place(verdict.points),
        low=None if low is None else place(low),
        passing=place(HALF * reglement.pass_average * verdict.coefficients),
    )


def example(session: int) -> dict[str, Any]:
    """A filled form that shows what the page does."""
    return {
        "session": session,
        "U1": "8",
        "U2": "9,5",
        "U3": "8,5",
        "U4": "11",
        "U5": "9/11",
        "U6": "11",
        "U3-avant": "10,5",
        "U3-session": session - 1,
    }


# --- the rules of a session, for who fills a form ------------------------------------------------


def rules_of(reglement: Reglement) -> list[tuple[str, str]]:
    """The rules of the session in sentences, each with the text that the référentiel names."""
    made_of_parts = [unit for unit in reglement.units if unit.parts]
    rounding = {"up": "supérieur", "down": "inférieur"}.get(reglement.rounding, "le plus proche")
    least = show(reglement.benefit_min)
    found = [
        (
            f"Admis à partir de {show(reglement.pass_average)} de moyenne, sur un total de coefficients de "
            f"{show(reglement.total)}.",
            "pass_average",
        ),
        ("Une note se donne en points entiers ou en demi-points.", "mark_scale"),
        *(
            (
                f"{unit.code} se calcule sur ses {len(unit.parts)} parties, au demi-point {rounding}.",
                "parts_rounding",
            )
            for unit in made_of_parts
        ),
        (
            f"Une épreuve facultative ajoute ses points au-dessus de {show(reglement.optional_threshold)}, "
            "sans coefficient.",
            "optional_threshold",
        ),
        (f"{reglement.optional_max} épreuves facultatives au plus.", "optional_max"),
        (
            f"Une note d'au moins {least} se conserve, à la demande du candidat, "
            f"{reglement.benefit_years} ans ; en forme progressive une note plus basse se reporte aussi.",
            "benefit",
        ),
        *(
            (
                f"Dispense de {listed(list(one['units']))}, sur demande et sur preuve : {one['who']}.",
                "dispenses",
            )
            for one in reglement.dispenses
        ),
        (
            f"{listed(list(reglement.never_dispensed))} : aucun diplôme n'en dispense, seule la VAE les donne.",
            "never_dispensed",
        ),
        (
            "Une absence non justifiée (AB), ou un dossier non valide (NV), à une épreuve obligatoire empêche la "
            "délivrance du diplôme.",
            "absence",
        ),
        (
            "Une absence pour force majeure dûment constatée (FM) vaut "
            f"{show(reglement.force_majeure_mark)}.",
            "absence_force_majeure_mark",
        ),
    ]
    if controle := reglement.controle:
        found.append(
            (
                f"De {show(controle.min_average)} à moins de {show(controle.max_average)} de moyenne, avec "
                f"{show(controle.professional_min)} aux unités professionnelles : {controle.orals} oraux de "
                f"contrôle au choix parmi {listed(list(controle.units))}, la meilleure note compte.",
                "controle",
            )
        )
    return [(sentence, reglement.source(fact)) for sentence, fact in found]
