"""Typed reading of a table that notes every problem instead of stopping at the first."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar

from .lines import Path
from .problems import Problem

KIND = TypeVar("KIND", bound=Enum)

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.]*\Z")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
# Characters that no database column or page should meet.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
MAX_DEPTH = 6


class Places:
    """Where each path of a (possibly merged) file was written."""

    def __init__(self, places: dict[Path, tuple[str, int]]):
        self.places = places

    @classmethod
    def of_file(cls, name: str, lines: dict[Path, int]) -> "Places":
        return cls({path: (name, line) for path, line in lines.items()})

    def find(self, path: Path) -> tuple[str, int]:
        """The place of the path, or of the nearest table around it."""
        for size in range(len(path), -1, -1):
            if place := self.places.get(path[:size]):
                return place
        return ("?", 1)


class Report:
    """Collects problems, with their places."""

    def __init__(self, places: Places, problems: list[Problem]):
        self.places = places
        self.problems = problems

    def add(self, path: Path, message: str) -> None:
        self.problems.append(Problem(*self.places.find(path), message))


class Table:
    """One table of a file. Each accessor reads one key; `finish` reports those that nobody read."""

    def __init__(self, data: dict[str, Any], path: Path, report: Report):
        self.data = data
        self.path = path
        self.report = report
        self.known: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def problem(self, key: str, message: str) -> None:
        self.report.add((*self.path, key) if key else self.path, message)

    def finish(self) -> None:
        for key in self.data:
            if key in self.known:
                continue
            near = get_close_matches(key, sorted(self.known), n=1)
            hint = f" : vouliez-vous dire « {near[0]} » ?" if near else "."
            self.problem(key, f"clé inconnue « {key} »{hint}")

    # --- scalars ---------------------------------------------------------------------------------

    def _get(self, key: str, required: bool) -> Any:
        self.known.add(key)
        value = self.data.get(key)
        if value is None and required:
            self.problem(key, f"la clé « {key} » manque.")
        return value

    def text(
        self,
        key: str,
        *,
        max_length: int,
        required: bool = True,
        pattern: re.Pattern[str] | None = None,
        form: str = "",
    ) -> str:
        value = self._get(key, required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problem(key, f"« {key} » doit être un texte entre guillemets.")
            return ""
        return self._check_text(key, value, max_length, required, pattern, form)

    def _check_text(
        self,
        key: str,
        value: str,
        max_length: int,
        required: bool = True,
        pattern: re.Pattern[str] | None = None,
        form: str = "",
    ) -> str:
        value = value.strip()
        if not value and required:
            self.problem(key, f"« {key} » est vide.")
        elif CONTROL.search(value):
            self.problem(key, f"« {key} » contient un caractère de contrôle invisible.")
        elif len(value) > max_length:
            self.problem(
                key, f"« {key} » a {len(value)} caractères, {max_length} au plus sont admis."
            )
        elif value and pattern and not pattern.match(value):
            self.problem(key, f"« {key} » vaut « {value[:60]} » : la forme attendue est {form}.")
        else:
            return value
        return ""

    def code(self, key: str, *, max_length: int, required: bool = True) -> str:
        return self.text(
            key,
            max_length=max_length,
            required=required,
            pattern=CODE,
            form="un code en lettres sans accent, chiffres et points",
        )

    def slug(self, key: str, *, max_length: int = 50) -> str:
        return self.text(
            key,
            max_length=max_length,
            pattern=SLUG,
            form="en minuscules sans accent, chiffres et tirets",
        )

    def integer(
        self, key: str, *, low: int, high: int, required: bool = True, default: int | None = None
    ) -> Any:
        value = self._get(key, required)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem(key, f"« {key} » doit être un nombre entier, sans guillemets.")
        elif not low <= value <= high:
            self.problem(key, f"« {key} » vaut {_short(value)} : de {low} à {high} sont admis.")
        else:
            return value
        return None

    def decimal(
        self, key: str, *, low: str, high: str, places: int, required: bool = True
    ) -> Decimal | None:
        value = self._get(key, required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.problem(key, f"« {key} » doit être un nombre (point décimal, sans guillemets).")
            return None
        if isinstance(value, Decimal) and not value.is_finite():
            self.problem(key, f"« {key} » doit être un nombre fini.")
            return None
        if not Decimal(low) <= value <= Decimal(high):
            self.problem(key, f"« {key} » vaut {_short(value)} : de {low} à {high} sont admis.")
            return None
        number = Decimal(value)
        rounded = number.quantize(Decimal(1).scaleb(-places))
        if rounded != number:
            self.problem(key, f"« {key} » a plus de {places} décimales.")
            return None
        return rounded

    def coefficient(self, key: str) -> Decimal | None:
        """A whole coefficient from 1 to 99 (a BTS knows no half coefficient), or None when not given."""
        value = self._get(key, required=False)
        if isinstance(value, Decimal) and value.is_finite() and value != value.to_integral_value():
            self.problem(key, f"« {key} » vaut {value} : un coefficient est entier.")
            return None
        number = self.decimal(key, low="1", high="99", places=0, required=False)
        return None if number is None else number.quantize(Decimal("0.1"))

    def boolean(self, key: str, *, default: bool) -> bool:
        value = self._get(key, required=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(key, f"« {key} » doit être true ou false.")
            return default
        return value

    def day(self, key: str, *, required: bool = True) -> date | None:
        value = self._get(key, required)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.problem(key, f"« {key} » doit être une date de la forme 2026-01-05.")
            return None
        if not 1990 <= value.year <= 2100:
            self.problem(
                key, f"« {key} » vaut {value:%d/%m/}{value.year} : année hors de 1990-2100."
            )
            return None
        return value

    def clock(self, key: str) -> time | None:
        value = self._get(key, required=True)
        if value is None:
            return None
        if isinstance(value, str):
            try:
                value = time.fromisoformat(value)
            except ValueError:
                value = None
        if not isinstance(value, time) or value.tzinfo or value.second or value.microsecond:
            self.problem(key, f'« {key} » doit être une heure de la forme "09:00".')
            return None
        return value

    def choice(self, key: str, kind: type[KIND]) -> KIND | None:
        value = self._get(key, required=True)
        if value is None:
            return None
        values = [member.value for member in kind]
        if not isinstance(value, str) or value not in values:
            self.problem(
                key, f"« {key} » vaut {_short(value)} : les valeurs admises sont {_list(values)}."
            )
            return None
        return kind(value)

    # --- lists and tables ------------------------------------------------------------------------

    def _items(self, key: str, required: bool) -> Iterator[tuple[int, Any]]:
        value = self._get(key, required)
        if value is None:
            return
        if not isinstance(value, list):
            self.problem(key, f"« {key} » doit être une liste entre crochets.")
            return
        if required and not value:
            self.problem(key, f"« {key} » est une liste vide.")
        yield from enumerate(value)

    def texts(
        self,
        key: str,
        *,
        max_length: int,
        required: bool = True,
        among: Iterable[str] | None = None,
        pattern: re.Pattern[str] | None = None,
        form: str = "",
    ) -> list[str]:
        found: list[str] = []
        allowed = list(among) if among is not None else None
        for index, value in self._items(key, required):
            path = (*self.path, key, index)
            if not isinstance(value, str) or not value.strip():
                self.report.add(path, f"« {key} » doit être une liste de textes non vides.")
            elif CONTROL.search(value) or len(value.strip()) > max_length:
                self.report.add(
                    path,
                    f"un texte de « {key} » est trop long ({max_length} au plus) ou illisible.",
                )
            elif allowed is not None and value not in allowed:
                self.report.add(
                    path, f"« {key} » contient « {value[:60]} » : admis {_list(allowed)}."
                )
            elif pattern and not pattern.match(value.strip()):
                self.report.add(path, f"« {value[:60]} » : la forme attendue est {form}.")
            elif value.strip() in found:
                self.report.add(path, f"« {value[:60]} » revient deux fois dans « {key} ».")
            else:
                found.append(value.strip())
        return found

    def integers(self, key: str, *, low: int, high: int) -> list[int]:
        found: list[int] = []
        for index, value in self._items(key, required=False):
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                self.report.add(
                    (*self.path, key, index), f"« {key} » liste des entiers de {low} à {high}."
                )
            else:
                found.append(value)
        return found

    def child(self, key: str, *, required: bool = True) -> "Table | None":
        value = self._get(key, required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.problem(key, f"« {key} » doit être une table [{key}].")
            return None
        return Table(value, (*self.path, key), self.report)

    def children(self, key: str, *, required: bool = True) -> dict[str, "Table"]:
        """The tables [key.NAME], by name, in the order of the file."""
        parent = self.child(key, required=required)
        if parent is None:
            return {}
        if required and not parent.data:
            self.problem(key, f"« {key} » est vide.")
        return {name: table for name in parent.data if (table := parent.child(name)) is not None}

    def rows(
        self, key: str, *, required: bool = True, text_key: str | None = None
    ) -> list["Table"]:
        """The tables [[key]], or the inline tables of a list.

        With `text_key`, a bare text in the list stands for a table that has that key only.
        """
        found = []
        for index, value in self._items(key, required):
            path = (*self.path, key, index)
            if text_key and isinstance(value, str):
                value = {text_key: value}
            if isinstance(value, dict):
                found.append(Table(value, path, self.report))
            else:
                self.report.add(path, f"« {key} » doit être une liste de tables.")
        return found

    def anything(self, key: str) -> Any:
        """Any value, in the form that JSON keeps; None when missing or impossible to keep."""
        value = self._get(key, required=True)
        if value is None:
            return None
        try:
            return _jsonable(value, MAX_DEPTH)
        except ValueError as error:
            self.problem(key, f"« {key} » {error}")
            return None


def _jsonable(value: Any, depth: int) -> Any:
    if depth == 0:
        raise ValueError("est imbriqué trop profondément.")
    if isinstance(value, dict):
        return {_jsonable(k, depth): _jsonable(v, depth - 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_jsonable(item, depth - 1) for item in value]
    if isinstance(value, str):
        if CONTROL.search(value):
            raise ValueError("contient un caractère de contrôle invisible.")
        return value.strip()
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value) > 10**9:
            raise ValueError("contient un nombre hors de limites.")
        return float(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int) and abs(value) > 10**9:
        raise ValueError("contient un nombre hors de limites.")
    return value


def _list(values: Iterable[str]) -> str:
    return ", ".join(f"« {value} »" for value in values) or "aucune valeur"


def _short(value: Any) -> str:
    if isinstance(value, int) and abs(value) > 10**30:
        return "un nombre démesuré"
    return str(value)[:60]
