"""Pure rules of the CCF: the mark, the complete grid, the life of an evaluation, who has a CCF."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.errors import DomainError
from accounts.french import with_comma
from programmes.enums import Categorie

from .enums import Deed, EvaluationState

TRANSITIONS: dict[tuple[EvaluationState, Deed], EvaluationState] = {
    (EvaluationState.DRAFT, Deed.EDIT): EvaluationState.DRAFT,
    (EvaluationState.DRAFT, Deed.LOCK): EvaluationState.LOCKED,
    (EvaluationState.LOCKED, Deed.REOPEN): EvaluationState.DRAFT,
    (EvaluationState.LOCKED, Deed.ISSUE): EvaluationState.LOCKED,
}

# What to do when a deed meets a state that refuses it.
REFUSALS: dict[tuple[EvaluationState, Deed], str] = {
    (EvaluationState.LOCKED, Deed.EDIT): (
        "Cette évaluation est verrouillée : elle ne se modifie plus. "
        "Demandez à l'équipe du CFA de la rouvrir, avec un motif."
    ),
    (EvaluationState.LOCKED, Deed.LOCK): "Cette évaluation est déjà verrouillée.",
    (EvaluationState.DRAFT, Deed.REOPEN): (
        "Cette évaluation n'est pas verrouillée : elle se modifie sans être rouverte."
    ),
    (EvaluationState.DRAFT, Deed.ISSUE): (
        "La fiche d'évaluation s'édite une fois l'évaluation verrouillée : verrouillez-la d'abord."
    ),
}


class Conflict(DomainError):
    """Somebody else has changed the field since the person saw it; nothing is written."""

    def __init__(self, message: str, *, field: str, current: str, who: str = ""):
        super().__init__(message, field=field)
        self.current = current
        self.who = who


class Incomplete(DomainError):
    """The evaluation cannot be locked yet; `missing` says what to do, one sentence each."""

    def __init__(self, missing: "Sequence[Missing]"):
        sentences = " ".join(item.sentence for item in missing)
        super().__init__(f"L'évaluation ne peut pas encore être verrouillée. {sentences}")
        self.missing = tuple(missing)


def next_state(state: str, deed: Deed) -> EvaluationState:
    """The state after the deed, or a DomainError that says what to do."""
    key = (EvaluationState(state), deed)
    if key not in TRANSITIONS:
        raise DomainError(REFUSALS[key])
    return TRANSITIONS[key]


@dataclass(frozen=True)
class Change:
    """A field that a person wants to write: its cleaned value, and the one seen before."""

    name: str
    kind: str  # "situation", "level" or "mark"
    key: str  # code of the situation, or of the line
    part: str  # field of the situation
    value: Any
    seen: Any


# --- the mark ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MarkScale:
    """The marks that a unit may have."""

    lowest: Decimal
    highest: Decimal
    step: Decimal
    valid_from: date
    source: str


NOTA97 = MarkScale(
    lowest=Decimal(0),
    highest=Decimal(20),
    step=Decimal("0.5"),
    valid_from=date(1997, 7, 24),
    source="arrêté du 24 juillet 1997, art. 1",
)

_NUMBER = re.compile(r"(-?)([0-9]{1,6})(?:[.,]([0-9]{1,6}))?", re.ASCII)
_OUT_OF = re.compile(r"[0-9]+(?:[.,][0-9]*)?\s*/\s*[0-9]+", re.ASCII)


def parse_mark(text: str | Decimal | int | None, scale: MarkScale = NOTA97) -> Decimal | None:
    """A mark in whole or half points (NOTA97 art. 1), or None when there is none yet.

    Comma and dot are both accepted. Nothing is rounded nor clamped: what does not fit is refused
    with a sentence that says how to write it.
    """
    raw = "" if text is None else str(text).strip()
    if not raw:
        return None
    if _OUT_OF.fullmatch(raw):
        raise DomainError("Écrivez la note seule, sans « /20 » : par exemple 12,5.", field="mark")
    found = _NUMBER.fullmatch(raw)
    if not found:
        raise DomainError(
            f"« {raw[:20]} » n'est pas une note : écrivez un nombre de 0 à 20, par exemple 12,5.",
            field="mark",
        )
    sign, whole, decimals = found.groups()
    mark = Decimal(f"{sign}{whole}.{decimals or 0}")
    if not scale.lowest <= mark <= scale.highest:
        raise DomainError(
            f"La note va de {scale.lowest} à {scale.highest} ({scale.source}).", field="mark"
        )
    if mark % scale.step:
        raise DomainError(
            f"La note s'exprime en points entiers ou demi-points ({scale.source}) : "
            f"écrivez {_around(mark, scale)}.",
            field="mark",
        )
    return abs(mark).quantize(Decimal("0.1"))  # abs: "-0" is 0


def _around(mark: Decimal, scale: MarkScale) -> str:
    below = mark // scale.step * scale.step
    return f"{show_mark(below)} ou {show_mark(below + scale.step)}"


def show_mark(mark: Decimal | None) -> str:
    """12.5 -> "12,5"; 12.0 -> "12"; None -> "" (nothing)."""
    return with_comma(mark)


# --- who has a CCF -------------------------------------------------------------------------------

REGLEMENT = "règlement d'examen, arrêté du 19 février 2018 (REF2018), annexe II"


def why_no_ccf(cfa: str, categorie: Categorie, epreuve: str, form: str, source: str, day: date):
    """The sentence for a CCF that the règlement d'examen refuses."""
    if categorie == Categorie.PONCTUEL:
        return (
            f"{cfa} n'est pas habilité au CCF au {day:%d/%m/%Y} : toutes les épreuves y sont "
            f"ponctuelles ({REGLEMENT}). Si l'habilitation a été obtenue, l'administration "
            "inscrit sa date dans la fiche du CFA."
        )
    said = f" ({form.lower()})" if form else ""
    return (
        f"{epreuve} ne se passe pas en CCF pour un apprenti d'un CFA habilité{said} : "
        f"{source or REGLEMENT}."
    )


# --- the complete evaluation ---------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of the official grid."""

    key: int
    title: str
    competence: str = ""


@dataclass(frozen=True)
class SituationFacts:
    """What is known of one situation."""

    code: str
    held_on: date | None = None
    evaluators: str = ""
    appreciation: str = ""


@dataclass(frozen=True)
class Sheet:
    """All that the commission has entered, in one place."""

    lines: tuple[Line, ...]
    situations: tuple[SituationFacts, ...]
    levels: Mapping[int, str] = field(default_factory=dict)
    offers_choice: bool = False
    choice: str = ""
    offers_network: bool = False
    network: str = ""
    mark: Decimal | None = None

    @property
    def ticked(self) -> list[str]:
        """The levels of the lines that are in the grid."""
        return [self.levels[line.key] for line in self.lines if self.levels.get(line.key)]


@dataclass(frozen=True)
class Missing:
    """One thing to do before locking: the field where it is done, and a sentence."""

    field: str
    sentence: str


def what_is_missing(sheet: Sheet, today: date) -> list[Missing]:
    """What the commission must still enter before the evaluation can be locked.

    The forms of annexes V-5 and VII-3 (AN2025, AN2026) ask, for each situation, its date, the
    commission and an appreciation; those of the grids (V-4, VII-2) one box per line and one mark.
    """
    missing: list[Missing] = []
    for situation in sheet.situations:
        missing += _missing_in(situation, today)
    if sheet.offers_choice and not sheet.choice:
        missing.append(
            Missing(
                "situation-B-choice",
                "Indiquez ce que simule la situation B : la négociation ou l'évènement.",
            )
        )
    if sheet.offers_network and not sheet.network:
        missing.append(
            Missing(
                "situation-A-choice",
                "Cochez le réseau présenté en situation A ; B porte sur les autres.",
            )
        )
    unticked = missing_lines(sheet.lines, sheet.levels)
    if unticked:
        titles = ", ".join(f"« {line.title} »" for line in unticked)
        count = len(unticked)
        noun = "la ligne" if count == 1 else f"les {count} lignes"
        missing.append(Missing(f"level-{unticked[0].key}", f"Cochez {noun} {titles}."))
    if sheet.mark is None:
        missing.append(Missing("mark", "Proposez une note sur 20."))
    return missing


def _missing_in(situation: SituationFacts, today: date) -> Iterable[Missing]:
    prefix = f"situation-{situation.code}"
    name = f"la situation {situation.code}"
    if situation.held_on is None:
        yield Missing(f"{prefix}-held_on", f"Datez {name}.")
    elif situation.held_on > today:
        yield Missing(
            f"{prefix}-held_on",
            f"Corrigez la date de {name} : le {situation.held_on:%d/%m/%Y} n'est pas encore passé.",
        )
    if not situation.evaluators.strip():
        yield Missing(f"{prefix}-evaluators", f"Nommez les membres de la commission de {name}.")
    if not situation.appreciation.strip():
        yield Missing(f"{prefix}-appreciation", f"Rédigez l'appréciation de {name}.")


def missing_lines(lines: Iterable[Line], levels: Mapping[int, str]) -> list[Line]:
    """The lines of the official grid that bear no box yet."""
    return [line for line in lines if not levels.get(line.key)]


# How many signature lines the form shows for each situation (annexes V-5 and VII-3, AN2025).
SIGNATURE_LINES: Mapping[str, int] = {"E4": 2, "E6": 1}


def signature_lines(epreuve_code: str) -> int:
    """Lines to sign under each situation of the official form of an épreuve."""
    return SIGNATURE_LINES.get(epreuve_code, 1)
