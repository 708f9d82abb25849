"""Read the files: find them, parse them, put a version over its base, hand each to its reader."""

import itertools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from .lines import Path, key_lines
from .problems import Problem
from .programme import ProgrammeData, read_programme
from .reader import Places, Report
from .referentiel import ReferentielData, read_referentiel

DATA = FilePath(__file__).resolve().parent.parent / "data"
DEMO = "demo"
MAX_BYTES = 1_000_000
NATURES = ("base", "version", "programme")
UNREADABLE = "ce fichier ne peut pas être lu."
DEEP = "le fichier imbrique trop de tables ou de listes."


@dataclass(slots=True)
class Bundle:
    """What a set of files says, with every problem met; load it only when there is none."""

    referentiels: list[ReferentielData] = field(default_factory=list)
    programmes: list[ProgrammeData] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Source:
    path: FilePath
    name: str
    data: dict[str, Any]
    places: dict[Path, tuple[str, int]]


def read_bundle(paths: Iterable[FilePath] = ()) -> Bundle:
    """Read these files and folders (by default all the data of the application, without the demo)."""
    bundle = Bundle()
    reader = _Files(bundle)
    for path in list(paths) or [DATA]:
        reader.add(path)
    reader.finish()
    bundle.problems = sorted(set(bundle.problems))
    return bundle


def read_text(name: str, raw: bytes) -> Bundle:
    """One file received as bytes (an upload): it stands alone, without a base on the disk."""
    bundle = Bundle()
    reader = _Files(bundle)
    if len(raw) > MAX_BYTES:
        reader.problem(name, 1, f"le fichier dépasse {MAX_BYTES // 1000} ko.")
        return bundle
    source = reader.parse(FilePath(name), name, raw)
    if source is None:
        return bundle
    report = Report(Places(source.places), bundle.problems)
    if source.data.get("nature") != "version" or "base" in source.data:
        report.add(("nature",), "déposez le fichier d'une version entière, sans « base ».")
    elif found := read_referentiel(source.data, report):
        bundle.referentiels.append(found)
    bundle.problems = sorted(set(bundle.problems))
    return bundle


class _Files:
    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.sources: dict[FilePath, _Source | None] = {}
        self.wanted: list[FilePath] = []

    def problem(self, name: str, line: int, message: str) -> None:
        self.bundle.problems.append(Problem(name, line, message))

    def add(self, path: FilePath) -> None:
        try:
            path = path.resolve()
            is_folder = path.is_dir()
        except (OSError, ValueError, RuntimeError):
            self.problem(str(path)[:200], 1, UNREADABLE)
            return
        if is_folder:
            found = sorted(
                file
                for file in path.rglob("*.toml")
                if DEMO not in file.relative_to(path).parts[:-1]
            )
            if not found:
                self.problem(_name(path), 1, "ce dossier ne contient aucun fichier .toml.")
            self.wanted.extend(found)
        else:
            self.wanted.append(path)

    def finish(self) -> None:
        for path in dict.fromkeys(self.wanted):
            source = self.read(path)
            if source is None:
                continue
            nature = source.data.get("nature")
            report = Report(Places(source.places), self.bundle.problems)
            if nature == "base":
                continue  # read with the versions that stand on it
            if nature == "version":
                if (merged := self.over_base(source, report)) is not None:
                    report = Report(Places(merged.places), self.bundle.problems)
                    if found := read_referentiel(merged.data, report):
                        self.bundle.referentiels.append(found)
            elif nature == "programme":
                if found_programme := read_programme(source.data, report):
                    self.bundle.programmes.append(found_programme)
            else:
                expected = ", ".join(f'"{value}"' for value in NATURES)
                report.add(("nature",), f"« nature » doit dire ce qu'est ce fichier : {expected}.")
        self.check_sessions()
        self.check_slugs()

    def read(self, path: FilePath) -> _Source | None:
        if path not in self.sources:
            self.sources[path] = self._read(path)
        return self.sources[path]

    def _read(self, path: FilePath) -> _Source | None:
        name = _name(path)
        try:
            if path.stat().st_size > MAX_BYTES:
                self.problem(name, 1, f"le fichier dépasse {MAX_BYTES // 1000} ko.")
                return None
            raw = path.read_bytes()
        except FileNotFoundError:
            self.problem(name, 1, "ce fichier ou ce dossier n'existe pas.")
            return None
        except (OSError, ValueError):
            self.problem(name, 1, UNREADABLE)
            return None
        return self.parse(path, name, raw)

    def parse(self, path: FilePath, name: str, raw: bytes) -> _Source | None:
        try:
            text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self.problem(name, line, "le fichier n'est pas enregistré en UTF-8.")
            return None
        try:
            data = tomllib.loads(text, parse_float=Decimal)
            lines = key_lines(text)
        except RecursionError:
            self.problem(name, 1, DEEP)
            return None
        except (ValueError, ArithmeticError) as error:
            self.problem(name, *_syntax(error, text))
            return None
        return _Source(path, name, data, {key: (name, line) for key, line in lines.items()})

    def over_base(self, version: _Source, report: Report) -> _Source | None:
        """The version with the values of its base that it does not give itself."""
        wanted = version.data.get("base")
        if wanted is None:
            return version
        if not isinstance(wanted, str) or not re.match(r"[\w.-]{1,80}\.toml\Z", wanted):
            report.add(("base",), "« base » doit être le nom d'un fichier .toml du même dossier.")
            return None
        path = version.path.parent / wanted
        if not path.is_file():
            report.add(("base",), f"le fichier de base « {wanted} » n'existe pas.")
            return None
        base = self.read(path)
        if base is None:
            return None  # its own problems are already told
        if base.data.get("nature") != "base":
            report.add(("base",), f"« {wanted} » n'est pas un fichier de base.")
            return None
        data, places = merge(base.data, base.places, version.data, version.places)
        return _Source(version.path, version.name, data, places)

    def check_sessions(self) -> None:
        """No exam session may have two versions of the same certification."""
        rows = sorted(self.bundle.referentiels, key=lambda r: (r.rncp, r.session_from))
        for before, after in itertools.pairwise(rows):
            if before.rncp != after.rncp:
                continue
            if before.session_to is None or before.session_to >= after.session_from:
                self.problem(
                    *after.place,
                    f"la session {after.session_from} de {after.rncp} est déjà réglée par "
                    f"{before.place[0]}.",
                )

    def check_slugs(self) -> None:
        seen: dict[str, ProgrammeData] = {}
        for programme in self.bundle.programmes:
            other = seen.setdefault(programme.slug, programme)
            if other is not programme:
                self.problem(
                    *programme.place,
                    f"le nom court « {programme.slug} » sert déjà dans {other.place[0]}.",
                )


def merge(
    base: dict[str, Any],
    base_places: dict[Path, tuple[str, int]],
    over: dict[str, Any],
    over_places: dict[Path, tuple[str, int]],
) -> tuple[dict[str, Any], dict[Path, tuple[str, int]]]:
    """Tables join key by key, anything else is replaced whole; each path keeps the place that gave it."""
    replaced: set[Path] = set()

    def join(under: dict[str, Any], upper: dict[str, Any], path: Path) -> dict[str, Any]:
        result = dict(under)
        for key, value in upper.items():
            here = (*path, key)
            if isinstance(value, dict) and isinstance(under.get(key), dict):
                result[key] = join(under[key], value, here)
            else:
                replaced.add(here)
                result[key] = value
        return result

    data = join(base, over, ())
    places = {
        path: place
        for path, place in base_places.items()
        if not any(path[:size] in replaced for size in range(1, len(path) + 1))
    }
    return data, places | over_places


def _name(path: FilePath) -> str:
    """A file as its author knows it: from the working folder when it is inside."""
    here = FilePath.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


SYNTAX = {
    "Invalid statement": "cette ligne n'est ni une clé, ni une table, ni un commentaire",
    "Expected '=' after a key": "il manque un « = » après la clé",
    "Invalid value": "la valeur n'est pas lisible (un texte s'écrit entre guillemets)",
    "Cannot overwrite a value": "cette clé est déjà donnée",
    "Cannot declare": "cette table est déjà donnée",
    "Cannot mutate": "cette table est déjà donnée",
    "Cannot redefine": "cette table est déjà donnée",
    "Unterminated string": "un guillemet n'est pas refermé",
    "Illegal character": "un caractère n'est pas permis ici (guillemet non refermé ?)",
    "Unclosed array": "un crochet n'est pas refermé",
    "Unclosed inline table": "une accolade n'est pas refermée",
    "Expected newline or end of document": "il reste du texte après la valeur",
    "Unescaped": "un caractère doit être précédé d'une barre oblique inverse",
    "Invalid initial character": "une clé commence par un caractère qui n'est pas permis",
    'Expected "\'"': "un guillemet n'est pas refermé",
    "Expected ']": "un crochet n'est pas refermé",
    "Duplicate": "cette clé est donnée deux fois",
    "Invalid date": "cette date n'existe pas",
}


def _syntax(error: Exception, text: str) -> tuple[int, str]:
    """Line and French wording of what tomllib refuses."""
    message = str(error)
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    line = int(found[1]) if found else (text.count("\n") + 1 if "end of document" in message else 1)
    french = next((told for start, told in SYNTAX.items() if message.startswith(start)), "")
    return line, f"fichier illisible : {french or 'écriture TOML incorrecte'}."
