"""A block of marks, pasted from a spreadsheet or read from its file: each cell matched, or said why not.

One column or a whole grid, with or without a row of titles, with or without the names. Nothing is guessed:
a name that two people bear, a person met twice, a line too many are said and left aside.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from accounts.errors import DomainError

from .headings import Column, find_titles, plain

MOST_TEXT = 200_000  # characters
MOST_LINES = 1000
SHOWN_EXTRA = 3  # lines too many that the preview names
CHANGED = (
    "Des notes de ce tableau ont changé depuis l'aperçu : rien n'est écrit. Relisez ce qui serait remplacé, "
    "puis confirmez."
)
NOTHING = {"-", "–", "—", "."}
# What stands in the place of a mark: a figure, or one of the words of the two grids and of the académies.
_MARK = re.compile(
    r"[-+]?\d.*|(?:a|abs|absente?|ab|aj|d|di|disp|dispensee?|ea|va|n|nn|np|fm|nv)",
    re.ASCII | re.IGNORECASE,
)

_POINT = re.compile(r"(?<=\d)\.(?=\d)")


@dataclass(frozen=True)
class Person:
    """A line of the grid: its key, the names and the number under which it may be written."""

    key: str
    last_name: str
    first_name: str
    number: str = ""
    birth_name: str = ""

    @property
    def name(self) -> str:
        return f"{self.last_name} {self.first_name}"


@dataclass(frozen=True)
class Cell:
    """One mark of the block, as it is written there."""

    column: Column
    text: str
    kind: str = "matched"  # matched, empty, refused
    message: str = ""


@dataclass(frozen=True)
class Line:
    """What became of one line."""

    number: int
    text: str
    kind: str = "matched"  # matched, empty, unknown, ambiguous, twice, too_many, too_wide
    person: Person | None = None
    cells: tuple[Cell, ...] = ()
    message: str = ""

    @property
    def is_refused(self) -> bool:
        """A line of somebody known, with something that cannot be written."""
        return self.kind in ("twice", "too_wide") or any(c.kind == "refused" for c in self.cells)


@dataclass(frozen=True)
class Block:
    """The whole block: the columns it fills, the titles it leaves aside, its lines."""

    columns: tuple[Column, ...]
    left_out: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def marks(self) -> dict[tuple[str, str], str]:
        """(person, column) -> the mark, of the cells recognised."""
        return {
            (line.person.key, cell.column.key): cell.text
            for line in self.lines
            if line.kind == "matched" and line.person
            for cell in line.cells
            if cell.kind == "matched"
        }

    @property
    def unknown(self) -> int:
        return sum(line.kind in ("unknown", "ambiguous", "too_many") for line in self.lines)

    @property
    def refused(self) -> int:
        wrong = sum(cell.kind == "refused" for line in self.lines for cell in line.cells)
        return wrong + sum(line.kind in ("twice", "too_wide") for line in self.lines)

    @property
    def error(self) -> str:
        """Why nothing of it may be written, or nothing. A grid is all or nothing; of one column, the lines
        that are not recognised may be left aside: the preview has named them."""
        if not self.lines:
            return "Collez des notes : une ligne par personne, « nom ; note » ou la note seule."
        if not self.columns:
            return (
                "Aucune colonne n'est reconnue : la première ligne porte les titres, ceux de la grille (son "
                "export les donne)."
            )
        extra = sum(line.kind == "too_many" for line in self.lines)
        if extra:
            s = "s" if extra > 1 else ""
            return (
                f"Le tableau a {extra} ligne{s} de plus qu'il n'y a de personnes après la case choisie : "
                "rien n'est écrit. Ajoutez les noms, ou collez depuis la bonne case."
            )
        if any(line.kind == "too_wide" for line in self.lines):
            return (
                "Le tableau a plus de colonnes de notes qu'il n'y en a après la case choisie : rien n'est "
                "écrit. Ajoutez une ligne de titres, ou collez depuis la bonne case."
            )
        wrong = self.unknown + self.refused
        if wrong and len(self.columns) > 1:
            one = wrong == 1
            return (
                f"{wrong} {'erreur' if one else 'erreurs'} : rien n'est écrit tant que tout le tableau n'est "
                f"pas juste. Corrigez {'celle' if one else 'celles'} qui {'est nommée' if one else 'sont nommées'} "
                "dans l'aperçu."
            )
        return ""

    @property
    def shown(self) -> Iterator[Line]:
        """The lines of the preview: of those too many, the first only."""
        extra = 0
        for line in self.lines:
            extra += line.kind == "too_many"
            if line.kind != "too_many" or extra <= SHOWN_EXTRA:
                yield line


def rows_of(text: str) -> list[list[str]]:
    """The cells of a pasted text; the lines without anything keep their place, but not the last ones."""
    if len(text) > MOST_TEXT:
        raise DomainError("Ce tableau est trop long : collez-le en plusieurs fois.", field="text")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = [[cell.strip().strip('"').strip() for cell in re.split(r"[\t;]", one)] for one in lines]
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > MOST_LINES:
        raise DomainError(
            f"Ce tableau a plus de {MOST_LINES} lignes : gardez celles de la promotion.",
            field="text",
        )
    return rows


def read_block(
    text: str,
    people: Sequence[Person],
    columns: Sequence[Column],
    check: Callable[[str, str, str], str | None],
    *,
    start: str = "",
    first: str = "",
) -> Block:
    """Match each cell of `text` with a person and a column.

    `check(person, column, mark)` raises DomainError for a mark that may not be there, and returns a sentence
    for one that says what is known already: nothing is written of it. Without titles the columns are those from `first` on; without names the people are those from `start` on.
    """
    return _Reader(people, columns, check, start, first).block(rows_of(text))


class _Reader:
    def __init__(self, people, columns, check, start: str, first: str):
        self.people, self.check = list(people), check
        self.columns = list(columns)
        place = next((n for n, one in enumerate(self.columns) if one.key == first), 0)
        # Without titles nor a cell where to begin, only a grid of one column can be meant.
        is_placed = bool(first) or len(self.columns) == 1
        self.following = self.columns[place:] if is_placed else []
        self.place = next((n for n, one in enumerate(self.people) if one.key == start), 0)
        self.index: dict[str, dict[str, Person]] = {}
        for one in self.people:
            last, given = plain(one.last_name), plain(one.first_name)
            names = [f"{last} {given}", f"{given} {last}", last, _number(plain(one.number))]
            if one.birth_name:
                names.append(f"{plain(one.birth_name)} {given}")
            for name in filter(None, names):
                self.index.setdefault(name, {})[one.key] = one
        self.seen: set[str] = set()

    def block(self, rows: list[list[str]]) -> Block:
        found = find_titles(rows, self.columns, self.following[0] if self.following else None)
        if found is None:
            return self._untitled(rows)
        top, numbers, names, marks = found.line, found.numbers, found.names, found.marks
        lines = []
        for number, row in enumerate(rows[top + 1 :], start=top + 2):
            if not any(row):
                continue
            row = row + [""] * (max((*numbers, *names, *marks)) + 1 - len(row))
            # The number is surer than a name, where the person has one.
            name = next((row[n] for n in numbers if self._of(row[n])), "")
            name = name or self._name([row[place] for place in names if row[place]])
            texts = [(column, row[place]) for place, column in marks.items()]
            lines.append(self._named(number, row, name, texts))
        known = {*numbers, *names, *marks}
        left = tuple(t for place, t in enumerate(rows[top]) if t and place not in known)
        return Block(tuple(marks.values()), left, tuple(lines))

    def _name(self, cells: list[str]) -> str:
        """The cells of a name: all of them, or the two that name somebody (birth and usage names)."""
        whole = " ".join(cells)
        if not self._of(whole):
            pairs = (" ".join(pair) for pair in combinations(cells, 2))
            return next((pair for pair in pairs if self._of(pair)), whole)
        return whole

    def _of(self, name: str) -> dict[str, Person]:
        """Who bears this name or number; other first names may follow (« BENALI Aïcha, Fatima »)."""
        words = _number(plain(name))
        if found := self.index.get(words):
            return found
        if re.search(r"\d", words):
            return {}
        whole = [one for one in self.index if " " in one and words.startswith(f"{one} ")]
        return {key: person for one in whole for key, person in self.index[one].items()}

    def _untitled(self, rows: list[list[str]]) -> Block:
        lines: list[Line] = []
        wide = 0
        by_place = all(self._is_placed(row) for row in rows if any(row))
        for number, row in enumerate(rows, start=1):
            if not any(row) and not by_place:
                continue
            if by_place:
                line = self._placed(number, row)
            else:
                name, marks = self._cut(row)
                line = self._of_columns(number, row, name, marks)
            lines.append(line)
            wide = max(wide, len(line.cells))
        return Block(tuple(self.following[: max(wide, 1)]), (), tuple(lines))

    def _is_placed(self, row: list[str]) -> bool:
        """A line of marks alone: its first cells name nobody."""
        return not self._cut(row)[0]

    def _cut(self, row: list[str]) -> tuple[str, list[str]]:
        """The name at the start of a line, in one cell, two or three, and the marks after it."""
        for length in (3, 2, 1):
            name = " ".join(row[:length]).strip()
            if len(row) > length and name and _number(plain(name)) in self.index:
                return name, row[length:]
        length = 0
        while length < len(row) - 1 and row[length] and not _MARK.fullmatch(row[length]):
            length += 1
        # Figures before the only mark are the number of somebody who is not there.
        if not length and len(self.following) == 1 and len(row) > 1 and row[0]:
            length = len(row) - 1
        return " ".join(row[:length]), row[length:]

    def _placed(self, number: int, row: list[str]) -> Line:
        rank = self.place
        self.place += 1
        if rank >= len(self.people):
            kind = "too_many" if any(row) else "empty"
            message = "Il n'y a plus personne pour cette ligne."
            return Line(number, _said(row), kind, message=message)
        return self._of_columns(number, row, "", row, self.people[rank])

    def _of_columns(self, number, row, name: str, marks: list[str], person=None) -> Line:
        while len(marks) > 1 and not marks[-1]:
            marks = marks[:-1]
        if len(marks) > len(self.following):
            message = f"{len(marks)} notes pour {len(self.following)} colonnes."
            return Line(number, _said(row), "too_wide", message=message)
        texts = list(zip(self.following, marks, strict=False))
        if person is not None:
            return self._checked(number, row, person, texts)
        return self._named(number, row, name, texts)

    def _named(self, number, row, name: str, texts: list[tuple[Column, str]]) -> Line:
        people = self._of(name)
        if len(people) == 1:
            return self._checked(number, row, next(iter(people.values())), texts)
        cells = tuple(Cell(column, text, "empty") for column, text in texts)
        line = Line(number, name or _said(row), cells=cells)
        if not any(text for _, text in texts):
            return replace(line, kind="empty", message="Rien à écrire.")
        if people:
            message = (
                f"Plusieurs personnes s'appellent « {name[:60]} » : ajoutez le prénom ou le numéro."
            )
            return replace(line, kind="ambiguous", message=message)
        message = f"« {name[:60]} » n'est pas dans cette grille." if name else "Il manque le nom."
        return replace(line, kind="unknown", message=message)

    def _checked(self, number, row, person: Person, texts: list[tuple[Column, str]]) -> Line:
        cells = tuple(self._cell(person, column, text) for column, text in texts)
        line = Line(number, _said(row), "matched", person, cells)
        if all(cell.kind == "empty" for cell in cells):
            return replace(line, kind="empty", message="La note d'avant reste.")
        if person.key in self.seen:
            cells = tuple(replace(cell, kind="empty") for cell in cells)
            message = "Cette personne a déjà une ligne plus haut : elle seule est gardée."
            return replace(line, kind="twice", cells=cells, message=message)
        self.seen.add(person.key)
        return line

    def _cell(self, person: Person, column: Column, text: str) -> Cell:
        if not text or text in NOTHING:
            return Cell(column, "", "empty")
        # As the grid shows it: 9.75 read from a file is the 9,75 that is there, not another mark.
        text = _POINT.sub(",", text)
        try:
            known = self.check(person.key, column.key, text)
        except DomainError as error:
            return Cell(column, text, "refused", error.message)
        return Cell(column, "", "empty", known) if known else Cell(column, text)


def _number(text: str) -> str:
    """A number without the zeros that a spreadsheet takes from its front."""
    return text.lstrip("0") if text.isdigit() else text


def _said(row: Iterable[str]) -> str:
    return " ".join(cell for cell in row if cell)


def seen_values(block: Block, held: Mapping[tuple[str, str], str]) -> str:
    """A digest of what the recognised cells would replace, sent back with the confirmation."""
    pairs = "|".join(f"{person}:{column}={held.get((person, column), '')}" for person, column in block.marks)  # fmt: skip
    return hashlib.sha256(pairs.encode()).hexdigest()
