"""A file of candidates in, their decisions out: what `manage.py simulate_exam` does."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from accounts.errors import DomainError

from .rules import Reglement, Verdict, decide
from .rules.candidate import Refused
from .rules.reading import CONTROLE_PREFIX, read_row
from .rules.words import as_decimal, listed

REQUIRED = ("candidat", "session", "categorie")
OUT = ("candidat", "decision", "points", "coefficients", "moyenne", "unites_acquises", "etapes")
DELIMITERS = ";\t,"
MAX_BYTES = 20_000_000
MOST_LINES = 5  # of one record
_SEP = re.compile(r"sep=.", re.IGNORECASE)


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
    header = next((line for _, line in _lines(text)), "")
    return max(DELIMITERS, key=header.count)


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines that hold something, with their numbers; only line feeds and carriage returns end one.

    A first line « sep=; », that Excel writes, is no header.
    """
    lines = [
        (number, line)
        for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1)
        if line.strip()
    ]
    return lines[1:] if lines and _SEP.fullmatch(lines[0][1].strip()) else lines


def judge_file(
    text: str, reglement_of: Callable[[int], Reglement | None]
) -> tuple[list[Line], list[str]]:
    """Every line judged or refused with its number, and the columns that nobody knows.

    DomainError when the file itself cannot be used (empty, or a column missing).
    """
    delimiter = delimiter_of(text)
    numbered = _lines(text)
    if not numbered:
        raise DomainError(
            "Le fichier est vide : il faut une ligne d'en-têtes puis un candidat par ligne."
        )
    columns = [_column(name) for name in _cells(numbered[0][1], delimiter)]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        noun = "les colonnes" if len(missing) > 1 else "la colonne"
        raise DomainError(
            f"Il manque {noun} {listed(missing)} : la première ligne donne les noms des colonnes "
            "(docs/rules/examen.md)."
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise DomainError(f"La colonne {', '.join(twice)} paraît deux fois.")
    always = {*REQUIRED, "forme"}
    known = set(always)

    def noted(session: int) -> Reglement | None:
        """The règlement, whose columns are then known."""
        found = reglement_of(session)
        for unit in (*found.units, *found.options) if found else ():
            known.update((unit.code, unit.epreuve, f"{CONTROLE_PREFIX}{unit.code[1:]}"))
        return found

    lines = [
        found
        for number, record in _records(numbered[1:], delimiter, len(columns))
        if (found := _line(number, record, delimiter, columns, noted))
    ]
    unknown = [name for name in columns if name and name not in known]
    if known == always:  # no line told its session: nothing to compare the columns with
        unknown = []
    return lines, unknown


def _records(
    numbered: list[tuple[int, str]], delimiter: str, width: int
) -> Iterator[tuple[int, str]]:
    """Each record with the number of its first line; a quoted cell may go on over the next lines.

    A quote left open spoils its own line and no other.
    """
    rest = iter(range(len(numbered)))
    for at in rest:
        number, line = numbered[at]
        if line.count('"') % 2:
            for end in range(at + 1, min(at + MOST_LINES, len(numbered))):
                whole = "\n".join(text for _, text in numbered[at : end + 1])
                if whole.count('"') % 2 == 0:
                    if len(next(csv.reader([whole], delimiter=delimiter), [])) == width:
                        for _ in range(end - at):
                            next(rest)
                        line = whole
                    break
        yield number, line


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one record, read alone."""
    if line.count('"') % 2:
        raise DomainError("Un guillemet ouvert n'est pas refermé : corrigez cette ligne.")
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise DomainError(f"Cette ligne ne se lit pas comme du CSV ({error}).") from error


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
