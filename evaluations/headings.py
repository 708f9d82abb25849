"""Where the numbers, the names and the marks are in a table: its line of titles, wherever it begins."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

NAME_TITLES = {
    *("nom", "nom d usage", "nom de famille", "nom de naissance", "nom patronymique"),
    *("prenom", "prenoms", "prenom s", "nom prenom", "nom et prenom", "nom prenoms", "prenom nom"),
    *("apprenti", "apprentie", "candidat", "candidate", "eleve", "etudiant", "stagiaire"),
}
NUMBER_TITLES = {
    *("numero", "numero de candidat", "numero candidat", "n candidat", "n de candidat"),
    *("num candidat", "numero d inscription", "n d inscription", "matricule"),
}
MARK_TITLES = {"note", "notes", "note sur 20", "note 20", "resultat", "resultats"}  # of one column
AROUND_CODE = {"note", "notes", "epreuve", "unite", "sur", "20"}  # « Note E4 », « U4 (sur 20) »
MOST_ABOVE = 20  # lines that an académie's file may hold above its titles
_CODE = re.compile(r"[a-z]{1,3}\d{1,2}", re.ASCII)


def plain(text: str) -> str:
    """Without accents, case nor double spaces: « Élise  FAURE » and "elise faure" are one name."""
    stripped = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in stripped if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+", " ", letters).split()).casefold()


@dataclass(frozen=True)
class Column:
    """A column of the grid: its key, and the titles that it may bear; people see the first."""

    key: str
    titles: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.titles[0]


@dataclass(frozen=True)
class Titles:
    """The line of titles (from 0) and the places of what it names."""

    line: int
    numbers: list[int]
    names: list[int]
    marks: dict[int, Column]

    @property
    def is_whole(self) -> bool:
        """It says whose the marks are."""
        return bool(self.marks) and bool(self.numbers or self.names)


def find_titles(
    rows: Sequence[list[str]], columns: Sequence[Column], only: Column | None
) -> Titles | None:
    """The titles: the first line that holds something, or one under it that names people and marks.

    A list may begin with what it is: the académie, the session, the day. `only` is the column that a
    plain « Note » means, where there is one.
    """
    first = next((n for n, row in enumerate(rows) if any(row)), 0)
    for number, row in enumerate(rows[first : first + MOST_ABOVE], start=first):
        found = _titles(number, row, columns, only)
        if found.is_whole:
            return found
        if number == first and (found.marks or found.names or found.numbers):
            names = found.names or ([] if found.numbers else [0])
            return Titles(number, found.numbers, names, found.marks)
    return None


def _titles(number: int, row: list[str], columns: Sequence[Column], only: Column | None) -> Titles:
    titles: dict[str, list[Column]] = {}
    for column in columns:
        for title in dict.fromkeys(plain(one) for one in column.titles):
            titles.setdefault(title, []).append(column)
    words = [plain(cell) for cell in row]
    marks = {n: titles[word][0] for n, word in enumerate(words) if len(titles.get(word, ())) == 1}
    marks |= _coded(words, [column for column in columns if column not in marks.values()])
    names = [n for n, word in enumerate(words) if word in NAME_TITLES]
    numbers = [n for n, word in enumerate(words) if word in NUMBER_TITLES]
    if not marks and only and (names or numbers):
        place = next((n for n, word in enumerate(words) if word in MARK_TITLES), None)
        marks = {} if place is None else {place: only}
    return Titles(number, numbers, names, dict(sorted(marks.items())))


def _coded(words: list[str], columns: Sequence[Column]) -> dict[int, Column]:
    """The titles that hold the code of one column with little else: « Note E4 », « U4 (sur 20) »."""
    found: dict[int, Column] = {}
    for column in columns:
        own = {plain(title) for title in column.titles}
        codes = set(filter(_CODE.fullmatch, own))
        said = AROUND_CODE.union(*(title.split() for title in own))
        places = [
            n for n, w in enumerate(words) if codes & set(w.split()) and set(w.split()) <= said
        ]
        if len(places) == 1:
            found[places[0]] = column
    return found
