"""What the CCF pages show, prepared for their templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.utils import timezone

from accounts.models import Event
from apprentices.models import Cohort
from programmes.enums import Categorie, Level
from programmes.selectors import rule_for

from .ccf.rules import INDICATIVE_SOURCE, indicative_mark
from .enums import EvaluationState, SituationCode
from .models import CcfEvaluation
from .rules import Missing, show_mark, what_is_missing
from .selectors import Board, Grids, choice_of, official_lines, sheet_of

# What the référentiel leaves unsaid of a situation (REF2018; forms V-5 and VII-3 of AN2025).
ABOUT: Mapping[tuple[str, str], str] = {
    ("E4", "A"): "Appréciée sur ce que le candidat a montré pendant la formation.",
    ("E4", "B"): "À partir d'une fiche-sujet faite pour le candidat.",
}


def about(evaluation: CcfEvaluation, code: str) -> str:
    """The title and length of a situation as the référentiel of the session gives them."""
    epreuve = evaluation.epreuve
    rule = rule_for(epreuve, Categorie.HABILITE)
    parts: list[dict] = rule.parts if rule else []
    part = next((one for one in parts if one["code"] == code), {})
    minutes = part.get("duration_minutes")
    said = [part.get("title", ""), f"{minutes} minutes" if minutes else ""]
    said.append(ABOUT.get((epreuve.code, code), "").rstrip("."))
    words = ". ".join(one for one in said if one)
    return f"{words}." if words else ""


VERBS: Mapping[str, str] = {
    "ccf.started": "a ouvert l'évaluation",
    "ccf.situation_saved": "a modifié",
    "ccf.level_saved": "a coché",
    "ccf.mark_proposed": "a proposé la note",
    "ccf.locked": "a verrouillé l'évaluation",
    "ccf.reopened": "a rouvert l'évaluation",
    "ccf.planned": "a planifié un passage",
    "ccf.convened": "a convoqué le candidat",
    "ccf.unplanned": "a retiré la date de passage",
    "ccf.cancelled": "a annulé le passage",
    "ccf.absence": "a noté l'absence du candidat",
    "ccf.absence_undone": "a retiré l'absence, notée par erreur",
    "ccf.signed": "a signé la fiche",
    "ccf.fiche_sujet_saved": "a modifié la fiche-sujet",
    "ccf.fiche_sujet_issued": "a édité la fiche-sujet",
    "ccf.pdf_requested": "a demandé la fiche en PDF",
}
PARTS: Mapping[str, str] = {
    "held_on": "la date",
    "choice": "le choix",
    "fiches": "les fiches",
    "evaluators": "la commission",
    "appreciation": "l'appréciation",
}


@dataclass(frozen=True)
class Field:
    """One field of the grading page: what is shown, what was saved, what is wrong."""

    name: str
    value: str
    seen: str
    error: str = ""


@dataclass(frozen=True)
class GridLine:
    field: Field
    title: str
    criteres: tuple[str, ...]


@dataclass(frozen=True)
class Situation:
    code: str
    about: str
    held_on: Field
    evaluators: Field
    appreciation: Field
    fiches: Field
    choice: Field | None = None
    choices: list[tuple[str, str]] = field(default_factory=list)
    choice_label: str = ""

    @property
    def held_label(self) -> str:
        """The day in French, where it is only read."""
        seen = self.held_on.value
        return f"{date.fromisoformat(seen):%d/%m/%Y}" if seen else ""


@dataclass
class Grading:
    """The whole grading page."""

    can_edit: bool
    situations: list[Situation]
    grid: list[tuple[str, list[GridLine]]]
    mark: Field
    ticked: int
    lines: int
    missing: list[Missing]
    choices: list[tuple[str, str]]
    indicative: str = ""
    indicative_source: str = INDICATIVE_SOURCE
    history: list[tuple[Event, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    levels: list[tuple[str, str]] = field(default_factory=lambda: list(Level.choices))


def pick_cohort(cohorts: list[Cohort], wanted: str, today: date) -> Cohort | None:
    """The cohort asked for, else the one that runs now, else the latest."""
    for cohort in cohorts:
        if str(cohort.uuid) == wanted:
            return cohort
    running = [cohort for cohort in cohorts if cohort.starts_on <= today <= cohort.ends_on]
    return next(iter(running or cohorts), None)


def rows(board: Board, *, only_todo: bool) -> list:
    if not only_todo:
        return board.rows
    return [row for row in board.rows if any(cell.kind not in ("done", "none") for cell in row[1])]


def field_names(evaluation: CcfEvaluation, *, every_line: bool = False) -> list[str]:
    """The names of the fields of the grading page.

    `every_line`: with the lines of each choice, for a form sent before the choice changed.
    """
    names = [
        f"situation-{code}-{part}"
        for code in SituationCode.values
        for part in ("held_on", "choice", "fiches", "evaluators", "appreciation")
    ]
    grids = Grids()
    picks = {choice_of(evaluation)}
    if every_line:
        picks |= {code for code, _ in grids.choices(evaluation.epreuve)}
    keys = {line.pk for pick in picks for line in official_lines(evaluation.epreuve, pick)}
    return [*names, *(f"level-{key}" for key in sorted(keys)), "mark"]


def value_of(evaluation: CcfEvaluation, name: str) -> str:
    """The saved value of a field, as the page sends it back in `seen`."""
    if name == "mark":
        return show_mark(evaluation.mark)
    kind, _, rest = name.partition("-")
    if kind == "level":
        return next((one.level for one in evaluation.levels.all() if str(one.line_id) == rest), "")
    code, _, part = rest.partition("-")
    for situation in evaluation.situations.all():
        if situation.code == code:
            value = getattr(situation, part)
            return value.isoformat() if isinstance(value, date) else str(value or "")
    return ""


def grading(
    evaluation: CcfEvaluation,
    *,
    can_edit: bool,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Grading:
    """The page as it stands, or as the person has typed it when something was refused."""
    errors = dict(errors or {})
    general = errors.pop("", "")

    def make(name: str) -> Field:
        return _field(evaluation, name, typed, errors)

    grids, sheet = Grids(), sheet_of(evaluation)
    choices = grids.choices(evaluation.epreuve)
    lines = grids.lines(evaluation.epreuve, sheet.choice)
    situations = [
        Situation(
            code=code,
            about=about(evaluation, code),
            fiches=make(f"situation-{code}-fiches"),
            held_on=make(f"situation-{code}-held_on"),
            evaluators=make(f"situation-{code}-evaluators"),
            appreciation=make(f"situation-{code}-appreciation"),
            choice=make(f"situation-{code}-choice")
            if (picks := choices if code == "B" else grids.networks(evaluation.epreuve))
            else None,
            choices=picks,
            choice_label="Activité simulée" if code == "B" else "Réseau présenté en A",
        )
        for code in SituationCode.values
    ]
    grid = [
        (
            competence.title,
            [
                GridLine(make(f"level-{line.pk}"), line.title, tuple(line.criteres))
                for line in group
            ],
        )
        for competence, group in groupby(lines, key=lambda line: line.competence)
    ]
    result = Grading(
        can_edit=can_edit,
        situations=situations,
        grid=grid,
        mark=make("mark"),
        ticked=sum(1 for line in sheet.lines if sheet.levels.get(line.key)),
        lines=len(sheet.lines),
        missing=what_is_missing(sheet, timezone.localdate()),
        choices=choices,
        history=history(evaluation, {f"level-{line.pk}": line.title for line in lines}),
    )
    result.indicative = show_mark(
        evaluation.indicative_mark
        if evaluation.state == EvaluationState.LOCKED
        else indicative_mark(sheet.ticked, len(sheet.lines))
    )
    result.errors = [("", general)] if general else []
    result.errors += [(one.name, one.error) for one in _fields(result) if one.error]
    return result


def _fields(screen: Grading) -> Iterable[Field]:
    for situation in screen.situations:
        yield situation.held_on
        if situation.choice:
            yield situation.choice
        yield situation.fiches
        yield situation.evaluators
        yield situation.appreciation
    for _, lines in screen.grid:
        yield from (line.field for line in lines)
    yield screen.mark


def _field(evaluation: CcfEvaluation, name: str, typed, errors: Mapping[str, str]) -> Field:
    saved = value_of(evaluation, name)
    if typed is None or name not in typed:
        return Field(name, saved, saved, errors.get(name, ""))
    mine, seen = typed[name], typed.get(f"seen-{name}", "")
    if mine == seen:
        # The person has not touched it: show what it is now.
        return Field(name, saved, saved, errors.get(name, ""))
    error = errors.get(name, "")
    if not error and saved not in (seen, mine):
        error = (
            f"Quelqu'un a modifié ce champ pendant votre saisie (« {saved[:80]} ») : "
            "vérifiez avant d'enregistrer."
        )
    return Field(name, mine, saved, error)


def history(evaluation: CcfEvaluation, titles: Mapping[str, str], limit: int = 20) -> list:
    """The last deeds, each with a French sentence."""
    events = Event.objects.about(evaluation)[:limit]
    return [(event, _sentence(event, titles)) for event in events]


def _sentence(event: Event, titles: Mapping[str, str]) -> str:
    verb = VERBS.get(event.verb, event.verb)
    name, new, old = (event.data.get(key, "") for key in ("field", "new", "old"))
    if event.verb == "ccf.level_saved":
        line = titles.get(name, "une ligne")
        return f"{verb} {new} pour « {line} »" if new else f"a décoché « {line} »"
    if event.verb == "ccf.mark_proposed":
        return f"{verb} {new}" if new else f"a effacé la note ({old})"
    if event.verb == "ccf.situation_saved":
        _, code, part = name.split("-", 2)
        return f"{verb} {PARTS.get(part, part)} de la situation {code}"
    if event.verb == "ccf.signed" and event.data.get("manner", "account") != "account":
        return f"a recueilli la signature de {event.data['name']}"
    return f"{verb} : {event.reason}" if event.reason else verb
