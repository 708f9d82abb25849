"""The archive of what is held about a person: one JSON file per area, the files, and a page to read.

It walks what the apps declared (accounts/personal.py), so that an area is told the same way in JSON and on
the page. The documents met on the way form an area of their own; the history is that of the objects told, and
of nothing else: a mark that may not be read has no line here either.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.french import date_format, with_comma
from accounts.history import verb_label
from accounts.models import Event
from accounts.personal import Person, Section, areas
from accounts.typography import french_html

from .enums import SEALED_STATES
from .kinds import kind_label
from .models import Document
from .rules import slug

READ_ME = "LISEZMOI.html"
# Beyond so many columns, a few objects read better as one block each than as a table.
MOST_COLUMNS, MANY_ROWS = 6, 12
MANY_LINES = 24  # folded: whoever wants them opens them
FILE_NAMES = ("file_name", "original_name", "name")  # what a received file was called
GONE = "absent du stockage"
# The context of a document is what its PDF says; its readers are accounts of other people.
DOCUMENT_LEFT = ("context", "readers", "error", "template_version")


@dataclass
class Told:
    """One section as it is handed over: labels by field, then the objects."""

    title: str
    labels: dict[str, str]
    rows: list[dict[str, Any]]

    @property
    def as_json(self) -> dict[str, Any]:
        return {"titre": self.title, "libelles": self.labels, "lignes": self.rows}


@dataclass
class _Archive:
    """The ZIP being written, and what was met on the way."""

    person: Person
    bundle: zipfile.ZipFile
    members: dict[str, str] = field(default_factory=dict)  # stored name -> name in the archive
    documents: set[int] = field(default_factory=set)
    history: dict[str, set[str]] = field(default_factory=dict)  # model -> uuids

    def tell(self, area: str, section: Section) -> Told:
        fields = [
            one
            for one in (
                *section.objects.model._meta.fields,
                *section.objects.model._meta.many_to_many,
            )
            if not one.primary_key and section.tells(one.name)
        ]
        names = {one.name: str(one.verbose_name) for one in fields}
        told = Told(section.title, {}, [])
        for one in section.objects.iterator(chunk_size=500):
            more = section.more(one)
            row = {name: said for name, said in more.items() if name not in names}
            for each in fields:
                better = each.name in more
                row[each.name] = more[each.name] if better else self._value(area, one, each)
            if not told.rows:
                told.labels |= {name: names.get(name, name) for name in row}
            told.rows.append(row)
            if (
                section.with_history
                and section.only is None
                and (uuid := getattr(one, "uuid", None))
            ):
                self.history.setdefault(one._meta.label_lower, set()).add(str(uuid))
        return told

    def _value(self, area: str, one: models.Model, each: models.Field) -> Any:
        value = getattr(one, each.name)
        if isinstance(each, models.ManyToManyField):
            return [str(other) for other in value.all()]
        if isinstance(value, FieldFile):
            names = (getattr(one, name, "") for name in FILE_NAMES)
            return self.copy(area, value, next(filter(None, names), "")) if value else None
        if isinstance(value, Document):
            self.documents.add(value.pk)
            return str(value)
        if isinstance(value, models.Model):
            return str(value)
        if each.choices:
            return getattr(one, f"get_{each.name}_display")()
        return value

    def copy(self, area: str, file: FieldFile, name: str = "") -> str:
        """Put the file in the archive, once; gives back its name there."""
        stored = str(file.name)
        if stored not in self.members:
            given = PurePath(name or stored)
            base = f"{slug(given.stem)[:80] or 'fichier'}{PurePath(stored).suffix.lower()}"
            member = f"fichiers/{area}/{len(self.members) + 1:03d}_{base}"
            try:
                with file.open("rb") as content:
                    self.bundle.writestr(member, content.read())
            except FileNotFoundError:
                member = GONE
            self.members[stored] = member
        return self.members[stored]

    def issued(self) -> Section:
        """Every document met, and those that they replace."""
        new = self.documents
        while new:
            replaced = Document.objects.filter(replaced_by__in=new)
            new = set(replaced.values_list("pk", flat=True)) - self.documents
            self.documents |= new
        found = Document.objects.filter(
            pk__in=self.documents, cfa=self.person.cfa, state__in=SEALED_STATES
        )
        return Section(
            "Documents émis",
            found,
            leave=DOCUMENT_LEFT,
            more=lambda one: {"kind": kind_label(one.kind)},
        )

    def events(self) -> Iterator[dict[str, Any]]:
        """Not `data`: it may hold what the section of its object left out."""
        found: list[Event] = []
        for subject, uuids in self.history.items():
            names = sorted(uuids)
            for first in range(0, len(names), 500):  # a query takes so many names
                some = names[first : first + 500]
                found += Event.objects.filter(
                    cfa=self.person.cfa, subject=subject, subject_id__in=some
                )
        for event in sorted(found, key=lambda one: (one.happened_at, one.pk)):
            yield {
                "happened_at": event.happened_at,
                "recorded_at": event.recorded_at,
                "verb": verb_label(event.verb),
                "subject_label": event.subject_label,
                "actor_label": event.actor_label,
                "reason": event.reason,
            }


EVENT_LABELS = {
    "happened_at": "moment des faits",
    "recorded_at": "moment de la saisie",
    "verb": "action",
    "subject_label": "objet",
    "actor_label": "auteur",
    "reason": "motif",
}


def write_zip(person: Person, out: IO[bytes]) -> None:
    """Write the archive of this person."""
    pages = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        archive = _Archive(person, bundle)

        def write(code: str, title: str, told: list[Told]) -> None:
            content = {
                "version": 1,
                "domaine": title,
                "cfa": person.cfa.name,
                "personne": person.name,
                "fait_le": timezone.now(),
                "sections": [one.as_json for one in told],
            }
            text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
            bundle.writestr(f"{code}.json", text)
            pages.append(
                {
                    "code": code,
                    "title": title,
                    "sections": [
                        _shown(one, code, number)
                        for number, one in enumerate((one for one in told if one.rows), 1)
                    ],
                    "empty": [one.title for one in told if not one.rows],
                }
            )

        for area in areas(person.of):
            write(
                area.code, area.title, [archive.tell(area.code, s) for s in area.sections(person)]
            )
        write("documents", "Documents émis", [archive.tell("documents", archive.issued())])
        history = Told("Historique", EVENT_LABELS, list(archive.events()))
        write("historique", "Historique", [history])
        context = {"person": person, "pages": pages, "now": timezone.now()}
        html = render_to_string("documents/export/personal.html", context)
        bundle.writestr(READ_ME, french_html(html))


# --- the page that is read -----------------------------------------------------------------------


def _shown(told: Told, code: str, number: int) -> dict[str, Any]:
    """The section for the page: only the columns that say something, and are read."""
    said = [
        name
        for name in told.labels
        if not _is_mark(name) and any(_says(row.get(name)) for row in told.rows)
    ]
    nested = [name for name in said if all(_is_nested(row.get(name)) for row in told.rows)]
    used = [name for name in said if name not in nested]
    rows = [
        [(told.labels[name], *_cell(row.get(name), code)) for name in used] for row in told.rows
    ]
    is_table = len(used) <= MOST_COLUMNS or len(rows) > MANY_ROWS
    lines = len(rows) if is_table else len(rows) * len(used)
    return {
        "id": f"{code}-{number}",
        "title": told.title,
        "labels": [told.labels[name] for name in used],
        "rows": rows,
        "in_json": [told.labels[name] for name in nested],
        "is_table": is_table,
        "is_long": len(rows) > 1 and lines > MANY_LINES,
    }


def _is_mark(name: str) -> bool:
    """An identifier, a hash, the person again: for a machine, in the JSON."""
    return (
        name in ("uuid", "cfa", "enrolment", "apprentice", "livret")
        or "sha256" in name
        or name.startswith("empreinte")
    )


def _says(value: Any) -> bool:
    return value not in (None, "", [], {})


def _cell(value: Any, code: str) -> tuple[str, str]:
    """The text of a value, and the file that it links to, or nothing."""
    if not _says(value):
        return "", ""
    if isinstance(value, str) and value.startswith("fichiers/"):
        return value.rpartition("/")[2], value
    return _text(value, code), ""


def _text(value: Any, code: str) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "d/m/Y H:i")
    if isinstance(value, date):
        return date_format(value, "d/m/Y")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return with_comma(value)
    if isinstance(value, dict) and _flat(value.values()):
        return " ; ".join(f"{key} : {one}" for key, one in value.items() if _says(one))
    if isinstance(value, (list, tuple)) and _flat(value):
        return ", ".join(str(one) for one in value)
    if _is_nested(value):
        return f"détail dans {code}.json"
    return str(value)


def _is_nested(value: Any) -> bool:
    """A drawing, a frozen text: what a page cannot say in a cell."""
    if isinstance(value, dict):
        return not _flat(value.values())
    return isinstance(value, (list, tuple)) and not _flat(value)


def _flat(values: Iterable[Any]) -> bool:
    return all(one is None or isinstance(one, (str, int, float)) for one in values)
