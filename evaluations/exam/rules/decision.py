"""The decision: one pure function, exact arithmetic in half points, each step a sentence with its text.

Code de l'éducation D643-13 to D643-24 (D643-22: average, optional points; D643-23: kept marks; D643-24:
absence), D643-15 (blocs), décret 2022-850 (second-chance orals). The values and their sources are those
of the référentiel for the session; docs/rules/examen.md explains with worked examples.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from ..enums import Decision, Status
from .candidate import Candidate, Entry, Refused, problems_of, value_of
from .reglement import HALF, Number, Reglement, UnitRule
from .words import average_of, listed, show, show_average, show_half


class Step(NamedTuple):
    """One step of the reasoning."""

    sentence: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.sentence.rstrip('.')} ({self.source})." if self.source else self.sentence


class Acquired(NamedTuple):
    """A unit, hence its bloc, marked at least 10: kept for five years."""

    unit: str
    title: str
    bloc: str
    bloc_title: str
    mark: int  # half points
    session: int  # of the mark
    until: int  # last session at which it may be kept


@dataclass(frozen=True)
class Verdict:
    """The decision and how it was reached. `points` are half points; both None when nothing is counted."""

    decision: Decision
    points: Number | None
    coefficients: Number
    average: Decimal | None
    acquired: tuple[Acquired, ...]
    steps: tuple[Step, ...]
    # Of the second chance: the best marks counted, by unit (half points).
    counted: Mapping[str, Number] = field(default_factory=dict)


def decide(candidate: Candidate, reglement: Reglement) -> Verdict:
    """What the règlement draws from the marks of one candidate at one session.

    Raises `Refused` with every reason when the candidate cannot be judged as described (a mark missing,
    a kept mark too old, an option too many): nothing is guessed.
    """
    if problems := problems_of(candidate, reglement):
        raise Refused(problems)
    return _Judging(candidate, reglement).verdict()


@lru_cache(maxsize=4096)
def _product(mark: int, coefficient: Number) -> str:
    """ "9,5 × 3 = 28,5 points": the same few hundred for all the candidates of a file."""
    return f"{show_half(mark)} × {show(coefficient)} = {show_half(mark * coefficient)} points"


@lru_cache(maxsize=4096)
def _parts_said(unit: UnitRule, parts: tuple[int, ...], absent: tuple[int, ...]) -> tuple[str, str]:
    """The parts in words, and the mark that they give before it is rounded."""
    said = " et ".join(
        f"{part.title.split(' :')[0].lower()} {show_half(mark)} × {show(part.coefficient)}"
        + (" (absence pour force majeure)" if rank in absent else "")
        for rank, (part, mark) in enumerate(zip(unit.parts, parts, strict=True))
    )
    weighted = sum(
        (mark * part.coefficient for mark, part in zip(parts, unit.parts, strict=True)), 0
    )
    return said, show_half(Fraction(weighted) / unit.parts_weight)


class _Judging:
    """One candidate being judged: the steps gather as the reasoning goes."""

    def __init__(self, candidate: Candidate, reglement: Reglement):
        self.candidate = candidate
        self.reglement = reglement
        self.steps: list[Step] = []
        # Compulsory units that count, with the half points of each.
        self.marks: dict[str, Number] = {}
        self.counting: list[UnitRule] = []

    def say(self, sentence: str, fact: str = "", source: str = "") -> None:
        self.steps.append(Step(sentence, source or self.reglement.source(fact)))

    def verdict(self) -> Verdict:
        candidate, reglement = self.candidate, self.reglement
        barring: list[str] = []
        missing: list[str] = []
        for unit in reglement.units:
            entry = candidate.units.get(unit.code)
            if entry is None:
                missing.append(unit.code)
                continue
            self._say_unit(unit, entry)
            if entry.status == Status.DISPENSED:
                continue
            self.counting.append(unit)
            if entry.status in (Status.ABSENT, Status.NV):
                barring.append(unit.code)
            else:
                self.marks[unit.code] = value_of(entry, reglement)
        if barring:
            return self._barred(barring)
        bonus = self._options()
        if missing:
            return self._unfinished(missing, bonus)
        return self._judge(bonus)

    # --- units -----------------------------------------------------------------------------------

    def _say_unit(self, unit: UnitRule, entry: Entry) -> None:
        code, coefficient = unit.code, show(unit.coefficient)
        if entry.status == Status.DISPENSED:
            if entry.by_vae:
                self.say(
                    f"{code} : acquise par la VAE, elle ne compte ni en points ni en coefficients.",
                    "never_dispensed",
                )
            else:
                self.say(
                    f"{code} : dispensée, elle ne compte ni en points ni en coefficients.",
                    "dispenses",
                )
        elif entry.status == Status.ABSENT:
            self.say(f"{code} : absence non justifiée (AB).", "absence")
        elif entry.status == Status.NV:
            self.say(f"{code} : dossier non valide (NV), qui a l'effet d'une absence.", "nv_causes")
        elif entry.status == Status.FORCE_MAJEURE:
            mark = value_of(entry, self.reglement)
            self.say(
                f"{code} : absence pour force majeure dûment constatée, la note est "
                f"{show_half(mark)} ({show_half(mark)} × {coefficient} = "
                f"{show_half(mark * unit.coefficient)} points).",
                "absence_force_majeure_mark",
            )
        else:
            self._say_mark(unit, entry)

    def _say_mark(self, unit: UnitRule, entry: Entry) -> None:
        assert entry.mark is not None
        points = _product(entry.mark, unit.coefficient)
        if entry.status == Status.KEPT:
            assert entry.session is not None
            last = entry.session + self.reglement.benefit_years
            kind = "conservée" if entry.mark >= HALF * self.reglement.benefit_min else "reportée"
            self.say(
                f"{unit.code} : note {kind} de la session {entry.session}, valable jusqu'à la "
                f"session {last} ; {points}.",
                "benefit",
            )
        elif entry.parts:
            said, exact = _parts_said(unit, entry.parts, entry.absent_parts)
            self.say(
                f"{unit.code} : {said}, soit {exact} sur 20"
                + (f", arrondi à {show_half(entry.mark)}" if exact != show_half(entry.mark) else "")
                + f" ; {points}.",
                "parts_rounding",
            )
        else:
            self.say(f"{unit.code} : {points}.", "mark_scale")

    def _options(self) -> Number:
        """The points above the threshold of each option, without a coefficient (D643-22)."""
        reglement = self.reglement
        total: Number = 0
        threshold = HALF * reglement.optional_threshold
        for unit in reglement.options:
            entry = self.candidate.options.get(unit.code)
            if entry is None:
                continue
            if entry.status in (Status.ABSENT, Status.FORCE_MAJEURE):
                self.say(
                    f"{unit.epreuve} : absent à l'épreuve facultative, aucun point ; seule l'absence à "
                    "une épreuve obligatoire empêche la délivrance.",
                    "absence",
                )
                continue
            mark = value_of(entry, reglement)
            gain = max(0, mark - threshold)
            total += gain
            limit = show(reglement.optional_threshold)
            if gain:
                self.say(
                    f"{unit.epreuve} facultative : {show_half(mark)} − {limit} = {show_half(gain)} "
                    f"point{'s' if gain >= 2 * HALF else ''} en plus, sans coefficient.",
                    "optional_threshold",
                )
            else:
                self.say(
                    f"{unit.epreuve} facultative : {show_half(mark)} ne dépasse pas {limit}, aucun point.",
                    "optional_threshold",
                )
        return total

    # --- ends ------------------------------------------------------------------------------------

    @property
    def weight(self) -> Number:
        return sum((unit.coefficient for unit in self.counting), 0)

    def points(self, marks: Mapping[str, Number]) -> Number:
        return sum((marks[unit.code] * unit.coefficient for unit in self.counting), 0)

    def _end(self, decision: Decision, points: Number | None, average: Decimal | None) -> Verdict:
        acquired = tuple(self._acquired())
        # Nothing is to be kept before the orals have told.
        if not (decision.is_passed or decision == Decision.CONTROLE) and acquired:
            self.say(
                f"Unités acquises (note d'au moins {show(self.reglement.bloc_min)}) : "
                f"{listed([one.unit for one in acquired])} ; elles valent attestation de bloc et "
                f"leurs notes peuvent être conservées {self.reglement.benefit_years} ans.",
                "bloc_attestation",
            )
        return Verdict(
            decision,
            points,
            self.weight,
            average,
            acquired,
            tuple(self.steps),
            dict(self.marks),
        )

    def _acquired(self) -> Iterator[Acquired]:
        for unit in self.counting:
            mark = self.marks.get(unit.code)
            if mark is None or mark < HALF * self.reglement.bloc_min:
                continue
            entry = self.candidate.units[unit.code]
            kept = entry.status == Status.KEPT and mark == entry.mark
            session = entry.session if kept and entry.session else self.candidate.session
            yield Acquired(
                unit.code,
                unit.title,
                unit.bloc,
                unit.bloc_title,
                int(mark),
                session,
                session + self.reglement.benefit_years,
            )

    def _barred(self, units: list[str]) -> Verdict:
        self._ignored_orals()
        verb = "empêche" if len(units) == 1 else "empêchent"
        self.say(
            f"Diplôme non délivrable : {listed(units)} {verb} la délivrance, quelle que soit la "
            "moyenne.",
            "absence",
        )
        return self._end(Decision.NON_DELIVRABLE, None, None)

    def _unfinished(self, missing: list[str], bonus: Number) -> Verdict:
        self._ignored_orals()
        one = len(missing) == 1
        said = "l'unité n'est pas présentée" if one else "des unités ne sont pas présentées"
        self.say(
            f"Forme progressive : {said} à cette session ({listed(missing)}) ; la moyenne se calcule "
            "quand toutes le sont. Ajourné.",
            "benefit",
        )
        points = self.points(self.marks) + bonus
        return self._end(Decision.AJOURNE, points, None)

    def _judge(self, bonus: Number) -> Verdict:
        reglement, weight = self.reglement, self.weight
        points = self.points(self.marks) + bonus
        passing = HALF * reglement.pass_average * weight
        average = average_of(points, weight, reglement.pass_average)
        self.say(
            f"Total : {show_half(points)} points pour un total de coefficients de {show(weight)}, "
            f"soit {show_average(average)} de moyenne ; il en faut {show_half(passing)}.",
            "pass_average",
        )
        if points >= passing:
            self.say(f"Moyenne d'au moins {show(reglement.pass_average)} : admis.", "pass_average")
            self._ignored_orals()
            return self._end(Decision.ADMIS, points, average)
        if not self._has_second_chance(points):
            self._ignored_orals()
            self.say("Ajourné.", "pass_average")
            return self._end(Decision.AJOURNE, points, average)
        if not self.candidate.orals:
            return self._end(Decision.CONTROLE, points, average)
        return self._after_orals(bonus)

    def _ignored_orals(self) -> None:
        if self.candidate.orals:
            units = [f"R{code[1:]}" for code in self.candidate.orals]
            self.say(
                f"Les notes d'épreuves de contrôle ({listed(units)}) ne comptent pas : le candidat "
                "n'y est pas autorisé.",
                "controle",
            )

    def _has_second_chance(self, points: Number) -> bool:
        """8 <= average < 10, and the average of the professional units at least 10 (décret 2022-850)."""
        controle = self.reglement.controle
        if controle is None:
            self.say(f"La session {self.reglement.session} n'a pas d'épreuves de contrôle.")
            return False
        professional = [unit for unit in self.counting if unit.is_professional]
        weight = sum((unit.coefficient for unit in professional), 0)
        sum_pro = sum((self.marks[unit.code] * unit.coefficient for unit in professional), 0)
        low = show(controle.min_average)
        if points < HALF * controle.min_average * self.weight:
            self.say(f"Moyenne inférieure à {low} : pas d'épreuves de contrôle.", "controle")
            return False
        if points >= HALF * controle.max_average * self.weight:
            return False
        limit = show(controle.professional_min)
        shown = (
            show_average(average_of(sum_pro, weight, controle.professional_min)) if weight else ""
        )
        if sum_pro < HALF * controle.professional_min * weight:
            self.say(
                f"Moyenne des unités professionnelles de {shown}, inférieure à {limit} : pas "
                "d'épreuves de contrôle.",
                "controle",
            )
            return False
        available = [unit.code for unit in self.counting if unit.code in controle.units]
        if not available:
            self.say(
                "Aucune unité générale à repasser : pas d'épreuves de contrôle (cas non prévu par "
                "les textes lus).",
                "controle",
            )
            return False
        self.say(
            f"Moyenne d'au moins {low} et moyenne des unités professionnelles de {shown} : autorisé "
            f"à passer {min(controle.orals, len(available))} oraux de contrôle, au choix parmi "
            f"{listed(available)}.",
            "controle",
        )
        return True

    def _after_orals(self, bonus: Number) -> Verdict:
        """For each unit chosen the better mark counts, then the average again."""
        controle, reglement = self.reglement.controle, self.reglement
        assert controle is not None  # _has_second_chance
        for code, oral in self.candidate.orals.items():
            first = self.marks[code]
            kept = "la note de contrôle" if oral > first else "la première note"
            self.say(
                f"{code} à l'oral de contrôle : {show_half(oral)} pour {show_half(first)} à la "
                f"première note, {kept} compte.",
                "controle",
            )
            self.marks[code] = max(first, oral)
        available = [unit.code for unit in self.counting if unit.code in controle.units]
        if len(self.candidate.orals) < min(controle.orals, len(available)):
            self.say(
                "Un seul oral de contrôle est noté : pour l'autre, le candidat garde sa première note.",
                "controle",
            )
        points, weight = self.points(self.marks) + bonus, self.weight
        passing = HALF * reglement.pass_average * weight
        average = average_of(points, weight, reglement.pass_average)
        is_through = points >= passing
        self.say(
            f"Après contrôle : {show_half(points)} points, soit {show_average(average)} ; il en faut "
            f"{show_half(passing)} : {'admis' if is_through else 'refusé'}.",
            "controle",
        )
        decision = Decision.ADMIS_APRES_CONTROLE if is_through else Decision.REFUSE
        return self._end(decision, points, average)
