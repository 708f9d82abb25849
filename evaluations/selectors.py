"""Reading the CCF: the official grid, the sheet as entered, the evaluations of a cohort."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from accounts.enums import READING_ROLES
from accounts.models import Cfa, Event, User
from apprentices.models import Cohort, Enrolment
from programmes import selectors as programmes
from programmes.enums import Categorie
from programmes.models import Epreuve, SousCompetence

from .ccf.concerned import outside_ccf
from .enums import EvaluationState, SituationCode
from .models import CcfEvaluation
from .querysets import followed_by
from .rules import Line, Missing, Sheet, SituationFacts, what_is_missing


def official_choices(epreuve: Epreuve) -> list[tuple[str, str]]:
    """What the situation B may simulate, as (code, title); empty where there is no choice."""
    return [(choice.code, choice.title) for choice in programmes.choices(epreuve)]


def networks(epreuve: Epreuve) -> list[tuple[str, str]]:
    """The networks among which E6 A takes one and E6 B the others: the competences of its grid.

    Empty where the grid itself leaves a choice (E4), and where there is no grid.
    """
    if official_choices(epreuve):
        return []
    found = {line.competence.code: line.competence.title for line in official_lines(epreuve)}
    return list(found.items()) if len(found) > 1 else []


def situation_choices(epreuve: Epreuve, code: str) -> list[tuple[str, str]]:
    """What a situation may be about: the simulation of E4 B, the network of E6 A."""
    return official_choices(epreuve) if code == SituationCode.B else networks(epreuve)


def official_lines(epreuve: Epreuve, choice: str = "") -> list[SousCompetence]:
    """The lines of the grid to tick; before the choice is made, those that every choice keeps."""
    codes = {code for code, _ in official_choices(epreuve)}
    return programmes.grid_lines(epreuve, choice if choice in codes else "")


class Grids:
    """The grids already read, so that a list of evaluations asks for each once."""

    def __init__(self) -> None:
        self._lines: dict[tuple[int, str], list[SousCompetence]] = {}
        self._choices: dict[int, list[tuple[str, str]]] = {}
        self._networks: dict[int, list[tuple[str, str]]] = {}

    def networks(self, epreuve: Epreuve) -> list[tuple[str, str]]:
        if epreuve.pk not in self._networks:
            self._networks[epreuve.pk] = networks(epreuve)
        return self._networks[epreuve.pk]

    def choices(self, epreuve: Epreuve) -> list[tuple[str, str]]:
        if epreuve.pk not in self._choices:
            self._choices[epreuve.pk] = official_choices(epreuve)
        return self._choices[epreuve.pk]

    def lines(self, epreuve: Epreuve, choice: str) -> list[SousCompetence]:
        key = (epreuve.pk, choice)
        if key not in self._lines:
            self._lines[key] = official_lines(epreuve, choice)
        return self._lines[key]


def choice_of(evaluation: CcfEvaluation) -> str:
    """What situation B simulates, or nothing."""
    return _choice(evaluation, SituationCode.B)


def network_of(evaluation: CcfEvaluation) -> str:
    """The network of situation A, or nothing."""
    return _choice(evaluation, SituationCode.A)


def _choice(evaluation: CcfEvaluation, code: str) -> str:
    return next((s.choice for s in evaluation.situations.all() if s.code == code), "")


def sheet_of(evaluation: CcfEvaluation, grids: Grids | None = None) -> Sheet:
    """All that has been entered, for the rules."""
    grids = grids or Grids()
    choice = choice_of(evaluation)
    situations = {situation.code: situation for situation in evaluation.situations.all()}
    facts = []
    for code in SituationCode.values:
        found = situations.get(code)
        facts.append(
            SituationFacts(code, found.held_on, found.evaluators, found.appreciation)
            if found
            else SituationFacts(code)
        )
    return Sheet(
        lines=tuple(
            Line(line.pk, line.title, line.competence.title)
            for line in grids.lines(evaluation.epreuve, choice)
        ),
        situations=tuple(facts),
        levels={level.line_id: level.level for level in evaluation.levels.all()},
        offers_choice=bool(grids.choices(evaluation.epreuve)),
        choice=choice,
        offers_network=bool(grids.networks(evaluation.epreuve)),
        network=network_of(evaluation),
        mark=evaluation.mark,
    )


def ccf_epreuves(cohort: Cohort, day: date) -> list[Epreuve]:
    """The épreuves that the apprentices of this cohort pass in CCF, given the habilitation that day."""
    categorie = programmes.categorie_of_cfa(cohort.cfa, day)
    return programmes.ccf_epreuves(cohort.programme.referentiel, categorie)


def runs_ccf(cfa: Cfa, day: date) -> bool:
    """Whether the pages of this CFA have to speak of CCF: habilité that day, or some were begun."""
    if programmes.categorie_of_cfa(cfa, day) != Categorie.PONCTUEL:
        return True
    return CcfEvaluation.objects.filter(enrolment__cohort__cfa=cfa).exists()


def ponctuel_forms(cohort: Cohort) -> list[Epreuve]:
    """The épreuves that a CFA habilité takes in CCF, each with `rule`: how it is taken without."""
    referentiel = cohort.programme.referentiel
    ccf = {one.pk for one in programmes.ccf_epreuves(referentiel, Categorie.HABILITE)}
    return [
        one for one in programmes.epreuves_for(referentiel, Categorie.PONCTUEL) if one.pk in ccf
    ]


def graded_cohorts(user: User, membership) -> Any:
    """The cohorts whose CCF the person grades or reads, in the current CFA."""
    cohorts = Cohort.objects.filter(cfa=membership.cfa).select_related(
        "cfa", "programme__referentiel"
    )
    if membership.role in READING_ROLES:
        return cohorts
    followed = Enrolment.objects.filter(followed_by(user)).values("cohort")
    return (cohorts.filter(pk__in=followed) | cohorts.filter(trainers=user)).distinct()


def graded_enrolments(user: User, membership, cohort: Cohort) -> Any:
    """The apprentices of the cohort whom the person may grade or read."""
    enrolments = (
        Enrolment.objects.filter(cohort=cohort)
        .select_related("apprentice", "cohort", "tutor")
        .exclude(apprentice__user=user)
    )
    if membership.role in READING_ROLES:
        return enrolments
    return enrolments.filter(followed_by(user))


@dataclass(frozen=True)
class Cell:
    """One CCF of one apprentice in the list."""

    enrolment: Enrolment
    epreuve: Epreuve
    evaluation: CcfEvaluation | None = None
    ticked: int = 0
    lines: int = 0
    missing: tuple[Missing, ...] = ()
    outside: str = ""  # why the candidate takes it elsewhere than in CCF

    @property
    def kind(self) -> str:
        """The status component's kind."""
        if self.outside:
            return "none"
        if self.evaluation is None:
            return "todo"
        return "done" if self.evaluation.state == EvaluationState.LOCKED else "run"

    @property
    def word(self) -> str:
        if self.outside:
            return self.outside
        if self.evaluation is None:
            return "À commencer"
        if self.evaluation.state == EvaluationState.LOCKED:
            return "Verrouillée"
        return "En cours" if self.missing else "Prête à verrouiller"


@dataclass
class Board:
    """The CCF of a cohort: one row per apprentice, one cell per épreuve."""

    epreuves: list[Epreuve]
    rows: list[tuple[Enrolment, list[Cell]]] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)


def board(enrolments: Iterable[Enrolment], epreuves: list[Epreuve], today: date) -> Board:
    """The state of every CCF, in a number of queries that does not grow with the cohort."""
    enrolments = list(enrolments)
    found = CcfEvaluation.objects.filter(enrolment__in=enrolments)
    found = found.select_related("epreuve").prefetch_related("situations", "levels")
    by_key = {(e.enrolment_id, e.epreuve_id): e for e in found}
    # An evaluation begun while the CFA was habilité stays in the list afterwards.
    known = {epreuve.pk: epreuve for epreuve in epreuves}
    for evaluation in by_key.values():
        known.setdefault(evaluation.epreuve_id, evaluation.epreuve)
    columns = sorted(known.values(), key=lambda epreuve: (epreuve.position, epreuve.pk))
    grids, result, outside = Grids(), Board(columns), outside_ccf(enrolments)
    for enrolment in enrolments:
        cells = []
        for epreuve in columns:
            cell = _cell(enrolment, epreuve, by_key.get((enrolment.pk, epreuve.pk)), grids, today)
            if why := outside.why(enrolment.pk, epreuve.code):
                cell = replace(cell, outside=why)
            result.counts[cell.kind] += 1
            cells.append(cell)
        result.rows.append((enrolment, cells))
    return result


def _cell(enrolment, epreuve, evaluation, grids: Grids, today: date) -> Cell:
    if evaluation is None:
        return Cell(enrolment, epreuve)
    sheet = sheet_of(evaluation, grids)
    ticked = sum(1 for line in sheet.lines if sheet.levels.get(line.key))
    missing = tuple(what_is_missing(sheet, today))
    return Cell(enrolment, epreuve, evaluation, ticked, len(sheet.lines), missing)


def last_change(evaluation: CcfEvaluation, name: str) -> Event | None:
    """Who last wrote this field, and when."""
    return Event.objects.about(evaluation).filter(data__field=name).first()
