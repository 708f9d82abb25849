"""What a cell says: a mark, a kept mark, a status, the two parts of E5; a whole row of simulate_exam."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from accounts.errors import DomainError
from programmes.enums import Categorie

from ..enums import Forme, Status
from .candidate import Candidate, Entry, Refused, mark_of_parts, problems_of
from .reglement import HALF, Reglement, UnitRule
from .words import show_half

WORDS = {
    **dict.fromkeys(("D", "DI", "DISP", "DISPENSE", "DISPENSEE"), Status.DISPENSED),
    **dict.fromkeys(("AB", "ABS", "ABSENT", "ABSENTE"), Status.ABSENT),
    "FM": Status.FORCE_MAJEURE,
    "NV": Status.NV,
}
_WORD = re.compile(r"[A-Za-z]{2,3}", re.ASCII)
_MARK = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,3}))?", re.ASCII)
_KEPT = re.compile(r"C\s*([^\s]+)\s+([0-9]{4})", re.ASCII | re.IGNORECASE)
EXAMPLE = "par exemple 12,5"


def read_half(text: str, reglement: Reglement) -> int:
    """A mark in half points: 12,5 -> 25. Nothing is rounded nor clamped."""
    raw = text.strip()
    if "/" in raw:
        raise DomainError(f"écrivez la note seule, sans « /20 » : {EXAMPLE}.")
    found = _MARK.fullmatch(raw)
    if not found and _WORD.fullmatch(raw):
        raise DomainError(
            f"« {raw} » n'est pas une note, ni un sigle d'ici (AB absent, FM force majeure, NV dossier non "
            "valide) : écrivez ce qu'il veut dire, ou laissez la case vide. Une unité acquise, conservée "
            "ou dispensée se déclare à l'inscription."
        )
    if not found:
        raise DomainError(
            f"« {raw[:20]} » n'est pas une note : un nombre de 0 à {reglement.highest // HALF}, {EXAMPLE}."
        )
    whole, decimals = int(found[1]), (found[2] or "").rstrip("0")
    if decimals not in ("", "5"):
        raise DomainError(
            f"{raw} n'est ni un point entier ni un demi-point ({reglement.source('mark_scale')}) : "
            f"écrivez {_nearest(raw)}."
        )
    half = HALF * whole + (decimals == "5")
    if half > reglement.highest:
        raise DomainError(
            f"la note va de 0 à {reglement.highest // HALF}, pas {raw} "
            f"({reglement.source('mark_scale')})."
        )
    return half


def _nearest(raw: str) -> str:
    low = int(float(raw.replace(",", ".")) * HALF)
    return f"{show_half(low)} ou {show_half(low + 1)}"


def read_entry(text: str, unit: UnitRule, reglement: Reglement) -> Entry | None:
    """What a cell says of a unit; None when it is empty. DomainError says how to write it."""
    raw = " ".join(text.split())
    if not raw:
        return None
    if (word := raw.upper()) in WORDS:
        return Entry(WORDS[word])
    if word[0] == "C":
        found = _KEPT.fullmatch(raw)
        if not found:
            raise DomainError(
                f"« {raw[:30]} » : une note conservée s'écrit « C 13 2024 », la note puis la session."
            )
        return Entry(Status.KEPT, read_half(found[1], reglement), int(found[2]))
    if "/" in raw and unit.parts:
        return _read_parts(raw, unit, reglement)
    if word.startswith("-"):
        raise DomainError(f"la note va de 0 à {reglement.highest // HALF}, pas {raw[:20]}.")
    return Entry(Status.MARK, read_half(raw, reglement))


def _read_parts(raw: str, unit: UnitRule, reglement: Reglement) -> Entry:
    """The marks of the parts: « 9/12 ». Absent at one part: absent at the unit (AB), or 0 (FM)."""
    cells = [cell.strip() for cell in raw.split("/")]
    names = " / ".join(part.code for part in unit.parts)
    if len(cells) == 3 and len(cells[2]) == 4:
        raise DomainError(
            f"« {raw[:20]} » : le tableur a pris les deux notes pour une date ; mettez la colonne au format "
            "texte et récrivez-les, par exemple 9/12."
        )
    if len(cells) != len(unit.parts) or not all(cells):
        raise DomainError(
            f"« {raw[:20]} » : écrivez la note de l'unité, ou celles de {names}, par exemple 9/12."
        )
    words = [WORDS.get(cell.upper()) for cell in cells]
    for barring in (Status.ABSENT, Status.NV):
        if barring in words:
            return Entry(barring)
    if Status.DISPENSED in words:
        raise DomainError(f"une dispense porte sur l'unité entière, pas sur une partie ({names}).")
    zero = int(HALF * reglement.force_majeure_mark)
    parts = tuple(
        zero if word else read_half(cell, reglement)
        for cell, word in zip(cells, words, strict=True)
    )
    absent = tuple(rank for rank, word in enumerate(words) if word)
    if len(absent) == len(parts):
        return Entry(Status.FORCE_MAJEURE)
    mark = mark_of_parts(unit, parts, reglement.rounding)
    return Entry(Status.MARK, mark, parts=parts, absent_parts=absent)


# --- a whole row ---------------------------------------------------------------------------------

# The engagement étudiant is épreuve EF2 of unit UF2; people write either.
OPTION_COLUMNS = {"UF1": ("UF1", "EF1"), "UF2": ("EF2", "UF2")}
CONTROLE_PREFIX = "R"


def read_row(
    row: Mapping[str, str], reglement_of: Callable[[int], Reglement | None]
) -> tuple[Candidate, Reglement]:
    """A candidate from the columns of simulate_exam, or `Refused` with each problem by column."""
    problems: list[tuple[str, str]] = []
    session = _session(row.get("session", ""), problems)
    reglement = reglement_of(session) if session else None
    if session and reglement is None:
        problems.append(("session", f"Aucun référentiel ne règle la session {session}."))
    categorie = _choice(row, "categorie", Categorie.values, "", problems)
    forme = _choice(row, "forme", Forme.values, Forme.GLOBALE, problems)
    if reglement is None:
        raise Refused(problems)
    units, options, orals = {}, {}, {}
    for unit in reglement.units:
        if entry := _cell(row, unit.code, unit, reglement, problems):
            units[unit.code] = entry
    for unit in reglement.options:
        for column in OPTION_COLUMNS.get(unit.code, (unit.code, unit.epreuve)):
            entry = _cell(row, column, unit, reglement, problems)
            if entry and unit.code in options:
                problems.append((column, f"{column} : {unit.code} est donnée deux fois."))
            elif entry:
                options[unit.code] = entry
    for unit in reglement.units:
        column = CONTROLE_PREFIX + unit.code[1:]
        raw = row.get(column, "").strip()
        if not raw or raw.upper() in ("AB", "FM"):
            continue  # absent at an oral: the first mark stays
        try:
            orals[unit.code] = read_half(raw, reglement)
        except DomainError as error:
            problems.append((column, f"{column} : {error.message}"))
    name = row.get("candidat", "").strip()
    candidate = Candidate(session, categorie, forme, units, options, orals, name)
    if problems:
        raise Refused([*problems, *_further(candidate, reglement, problems)])
    return candidate, reglement


def _further(
    candidate: Candidate, reglement: Reglement, problems: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """What the règlement refuses besides, told at once; not that the cells in fault are missing."""
    unread = {code for code, _ in problems}
    full = {unit.code: Entry(Status.MARK, 0) for unit in reglement.units if unit.code in unread}
    whole = replace(candidate, units={**full, **candidate.units})
    return [(code, text) for code, text in problems_of(whole, reglement) if code not in unread]


def _cell(row, column, unit, reglement, problems) -> Entry | None:
    try:
        return read_entry(row.get(column, ""), unit, reglement)
    except DomainError as error:
        problems.append((column, f"{column} : {error.message}"))
        return None


def _session(raw: str, problems: list[tuple[str, str]]) -> int:
    raw = raw.strip()
    if re.fullmatch(r"20[0-9]{2}", raw, re.ASCII):
        return int(raw)
    problems.append(("session", f"« {raw[:20]} » n'est pas une session : écrivez l'année, 2026."))
    return 0


def _choice(row, column: str, values: list[str], default: str, problems) -> str:
    raw = row.get(column, "").strip().lower() or default
    if raw not in values:
        said = f"« {raw[:30]} »" if raw else "la colonne est vide"
        problems.append((column, f"{column} : {said} ; admis : {', '.join(values)}."))
    return raw
