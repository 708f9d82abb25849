"""A file of candidates in, their decisions out: what `manage.py simulate_exam` does."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.errors import DomainError

from .rules import Reglement, Verdict, decide
from .rules.candidate import Refused
from .rules.reading import read_row
from .rules.words import as_decimal

REQUIRED = ("candidat", "session", "categorie")
OUT = ("candidat", "decision", "points", "coefficients", "moyenne", "unites_acquises", "etapes")
DELIMITERS = ";\t,"
MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class Line:
    """One candidate of the file: its line number (the header is line 1) and what came of it."""

    number: int
    name: str
    verdict: Verdict | None = None
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; a refused line has its `erreur` and no decision."""
        verdict = self.verdict
        if verdict is None:
            empty = dict.fromkeys(OUT, None) | {"unites_acquises": [], "etapes": []}
            return {**empty, "candidat": self.name, "ligne": self.number, "erreur": self.error}
        return {
            "candidat": self.name,
            "decision": verdict.decision.value,
            "points": None if verdict.points is None else _number(as_decimal(verdict.points)),
            "coefficients": _number(as_decimal(verdict.coefficients * 2)),
            "moyenne": None if verdict.average is None else float(verdict.average),
            "unites_acquises": [one.unit for one in verdict.acquired],
            "etapes": [str(step) for step in verdict.steps],
            "ligne": self.number,
        }


def _number(value) -> int | float:
    return int(value) if value == int(value) else float(value)


def decode(raw: bytes) -> str:
    """The text of a file as spreadsheets write it: UTF-8 with or without its mark, else Windows-1252."""
    if len(raw) > MAX_BYTES:
        raise DomainError(f"Le fichier dépasse {MAX_BYTES // 1_000_000} Mo.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise DomainError(
            "Ce fichier n'est pas un texte CSV : enregistrez la feuille en CSV (UTF-8)."
        )
    return text


def delimiter_of(text: str) -> str:
    """The separator that the header uses most."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=header.count)


def judge_file(
    text: str, reglement_of: Callable[[int], Reglement | None]
) -> tuple[list[Line], list[str]]:
    """Every line judged or refused with its number, and the columns that nobody knows.

    DomainError when the file itself cannot be used (empty, or a column missing).
    """
    delimiter = delimiter_of(text)
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not numbered:
        raise DomainError(
            "Le fichier est vide : il faut une ligne d'en-têtes puis un candidat par ligne."
        )
    columns = [_column(name) for name in _cells(numbered[0][1], delimiter)]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise DomainError(
            f"Il manque la colonne {', '.join(missing)} : la première ligne donne les noms des "
            "colonnes (docs/rules/examen.md)."
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise DomainError(f"La colonne {', '.join(twice)} paraît deux fois.")
    lines = [
        found
        for number, line in numbered[1:]
        if (found := _line(number, line, delimiter, columns, reglement_of))
    ]
    return lines, [name for name in columns if name and name not in _known()]


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line, read alone: a quote left open spoils that line and no other."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise DomainError(f"Cette ligne ne se lit pas comme du CSV ({error}).") from error


def _known() -> set[str]:
    units = {f"U{n}" for n in range(1, 10)} | {f"R{n}" for n in range(1, 10)}
    return {*REQUIRED, "forme", *units, "UF1", "UF2", "EF1", "EF2"}


def _column(name: str) -> str:
    name = name.strip()
    folded = name.lower().replace("é", "e")
    return folded if folded in (*REQUIRED, "forme") else name.upper()


def _line(number: int, text: str, delimiter: str, columns: list[str], reglement_of) -> Line | None:
    """One candidate judged or refused; None for a line of empty cells."""
    name = ""
    try:
        cells = _cells(text, delimiter)
        if not any(cell.strip() for cell in cells):
            return None
        row = dict(zip(columns, cells, strict=False))
        name = row.get("candidat", "").strip()
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise DomainError(
                "Il y a plus de valeurs que de colonnes : une note avec une virgule s'écrit entre "
                "guillemets, ou le fichier se sépare par des points-virgules."
            )
        candidate, reglement = read_row(row, reglement_of)
        return Line(number, name, decide(candidate, reglement))
    except Refused as refusal:
        return Line(number, name, error=" ".join(text for _, text in refusal.problems))
    except DomainError as error:
        return Line(number, name, error=error.message)
