"""A pasted column of marks: each line matched with a candidate, or said why not."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from accounts.errors import DomainError
from evaluations.marks.rules import plain


@dataclass(frozen=True)
class Person:
    key: str
    last_name: str
    first_name: str
    number: str = ""

    @property
    def name(self) -> str:
        return f"{self.last_name} {self.first_name}"


@dataclass(frozen=True)
class Pasted:
    """What became of one pasted line."""

    number: int
    text: str
    mark: str
    kind: str  # matched, empty, unknown, ambiguous, twice, refused, too_many
    key: str = ""
    name: str = ""
    message: str = ""


def read_column(
    text: str, people: Sequence[Person], check: Callable[[str, str], None], start: int = 0
) -> list[Pasted]:
    """Match each line by candidate number or by name where there is one, else by its place from `start`.

    `check(key, mark)` raises DomainError for a mark that this candidate may not have. Nothing is
    guessed: what two people bear, or a person met twice, is said and left aside.
    """
    index: dict[str, dict[str, Person]] = {}
    for person in people:
        last, first = plain(person.last_name), plain(person.first_name)
        for name in (f"{last} {first}", f"{first} {last}", last, plain(person.number)):
            if name:
                index.setdefault(name, {})[person.key] = person
    seen: set[str] = set()
    found, place = [], start
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in re.split(r"[\t;]", line)]
        name, mark = " ".join(cells[:-1]).strip(), cells[-1]
        row = Pasted(number, line, mark, "matched")
        if name:
            row = _by_name(row, name, index.get(plain(name), {}))
        elif place < len(people):
            row = replace(row, key=people[place].key, name=people[place].name)
        else:
            row = replace(
                row, kind="too_many", message="Il n'y a plus de candidat pour cette ligne."
            )
        place += not name
        found.append(_checked(row, check, seen) if row.kind == "matched" else row)
    return found


def _by_name(row: Pasted, name: str, people: dict[str, Person]) -> Pasted:
    if not people:
        message = f"« {name[:60]} » n'est pas candidat à cette session."
        return replace(row, kind="unknown", message=message)
    if len(people) > 1:
        message = (
            f"Plusieurs candidats s'appellent « {name[:60]} » : ajoutez le prénom ou le numéro."
        )
        return replace(row, kind="ambiguous", message=message)
    person = next(iter(people.values()))
    return replace(row, key=person.key, name=person.name)


def _checked(row: Pasted, check: Callable[[str, str], None], seen: set[str]) -> Pasted:
    if not row.mark:
        return replace(row, kind="empty", message="Ligne sans note : la note d'avant reste.")
    try:
        check(row.key, row.mark)
    except DomainError as error:
        return replace(row, kind="refused", message=error.message)
    if row.key in seen:
        message = "Ce candidat a déjà une ligne plus haut : elle seule est gardée."
        return replace(row, kind="twice", message=message)
    seen.add(row.key)
    return row
