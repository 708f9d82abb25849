"""A CFA's own programme, checked: what its document prints, its subjects and hours, its rhythm."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..calendar_rules import Rhythm, Slot
from ..enums import Half, Zone
from .claims import read_assumed, read_claims, read_closures, read_indicators
from .reader import Report, Table
from .referentiel import RNCP
from .tree import Node

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
HOURS: dict[str, Any] = {"low": "0", "high": "9999", "places": 2}
SOURCE = 300


@dataclass(frozen=True, slots=True)
class ProgrammeData:
    """A programme ready to be stored, with what names its CFA and its référentiel."""

    place: tuple[str, int]
    subject_places: dict[str, tuple[str, int]]
    slug: str
    cfa: dict[str, str]
    rncp: str
    session: int
    tree: Node


def read_programme(data: dict[str, Any], report: Report) -> ProgrammeData | None:
    """The programme, or None when it has problems (all noted in the report)."""
    before = len(report.problems)
    root = Table(data, (), report)
    root.known.add("nature")
    cfa = _cfa(root)
    head = root.child("programme")
    fields, rncp = _head(head) if head else ({}, "")
    fields["claims"] = read_claims(root)
    fields["indicators"] = read_indicators(root)
    subjects, places = _subjects(root)
    tree = Node(
        fields,
        {
            "sections": _sections(root),
            "subjects": subjects,
            "announced_epreuves": _announced(root),
        },
    )
    root.finish()
    if len(report.problems) > before:
        return None
    slug = fields["slug"]
    return ProgrammeData(
        place=report.places.find(("programme",)),
        subject_places=places,
        slug=slug,
        cfa=cfa,
        rncp=rncp,
        session=fields["session"],
        tree=tree,
    )


def _cfa(root: Table) -> dict[str, str]:
    table = root.child("cfa")
    if table is None:
        return {}
    found = {
        "slug": table.slug("slug"),
        "name": table.text("name", max_length=120),
        "address": table.text("address", max_length=200, required=False),
        "postcode": table.text("postcode", max_length=5, required=False),
        "city": table.text("city", max_length=100, required=False),
    }
    table.finish()
    return found


def _head(table: Table) -> tuple[dict[str, Any], str]:
    rncp = table.text("rncp", max_length=12, pattern=RNCP, form="RNCP suivi de 3 à 5 chiffres")
    fields = {
        "slug": table.slug("slug"),
        "title": table.text("title", max_length=200),
        "session": table.integer("session", low=1960, high=2100),
        "starts_on": table.day("starts_on"),
        "ends_on": table.day("ends_on"),
        "hours_announced": table.decimal("hours_announced", **HOURS),
        "group_min": table.integer("group_min", low=0, high=999, required=False, default=1),
        "group_max": table.integer("group_max", low=1, high=999, required=False, default=20),
        "place": table.text("place", max_length=300, required=False),
        "source": table.text("source", max_length=200),
        "rhythm": _rhythm(table),
        "closures": read_closures(table),
    }
    fields["assumed"], fields["assumed_note"] = read_assumed(table)
    starts, ends = fields["starts_on"], fields["ends_on"]
    if isinstance(starts, date) and isinstance(ends, date) and ends <= starts:
        table.problem("ends_on", "la fin doit suivre le début.")
    smallest, largest = fields["group_min"], fields["group_max"]
    if smallest is not None and largest is not None and largest < smallest:
        table.problem("group_max", "l'effectif maximal est inférieur à l'effectif minimal.")
    table.finish()
    return fields, rncp


def _rhythm(programme: Table) -> dict[str, Any]:
    table = programme.child("rhythm")
    if table is None:
        return {}
    before = len(table.report.problems)
    weekdays = table.texts("weekdays", max_length=10, among=WEEKDAYS)
    zone = table.choice("zone", Zone) if "zone" in table else Zone.METROPOLE
    cycle = table.integer("cycle_weeks", low=1, high=52, required=False, default=1)
    cfa_weeks = table.integers("cfa_weeks", low=1, high=52)
    anchor = table.day("anchor", required=False)
    slots = []
    for row in table.rows("halves"):
        half, starts, ends = row.choice("half", Half), row.clock("starts"), row.clock("ends")
        row.finish()
        if half and starts and ends:
            try:
                slots.append(Slot(half, starts, ends))
            except ValueError as error:
                row.problem("ends", str(error))
    table.finish()
    if len(table.report.problems) > before:
        return {}
    try:
        return Rhythm(
            weekdays=frozenset(WEEKDAYS.index(name) for name in weekdays),
            slots=tuple(slots),
            zone=zone or Zone.METROPOLE,
            cycle_weeks=cycle,
            cfa_weeks=frozenset(week - 1 for week in cfa_weeks) or frozenset({0}),
            anchor=anchor,
        ).to_json()
    except ValueError as error:
        table.problem("", str(error))
        return {}


def _subjects(root: Table) -> tuple[dict[str, Node], dict[str, tuple[str, int]]]:
    found: dict[str, Node] = {}
    places: dict[str, tuple[str, int]] = {}
    titles: set[str] = set()
    for position, table in enumerate(root.rows("subjects"), 1):
        code = table.slug("code")
        fields: dict[str, Any] = {
            "title": table.text("title", max_length=200),
            "short_title": table.text("short_title", max_length=60),
            "unite_code": table.code("unite", max_length=8, required=False),
            "announced_unite": table.code("announced_unite", max_length=8, required=False),
            "announced_coefficient": table.coefficient("announced_coefficient"),
            "hours_year_1": table.decimal("hours_year_1", **HOURS),
            "hours_year_2": table.decimal("hours_year_2", **HOURS),
            "hours_source": table.text("hours_source", max_length=SOURCE),
            "contents": _contents(table),
            "source": table.text("source", max_length=SOURCE),
            "position": position,
        }
        table.finish()
        if code in found:
            table.problem("code", f"la matière « {code} » revient deux fois.")
        if fields["title"] in titles:
            table.problem("title", f"l'intitulé « {fields['title'][:60]} » revient deux fois.")
        titles.add(fields["title"])
        found[code] = Node(fields)
        places[code] = table.report.places.find((*table.path, "unite"))
    return found, places


def _contents(subject: Table) -> list[dict[str, Any]]:
    groups = []
    for table in subject.rows("contents", required=False):
        groups.append(
            {
                "title": table.text("title", max_length=200, required=False),
                "items": table.texts("items", max_length=500),
            }
        )
        table.finish()
    return groups


def _sections(root: Table) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for position, table in enumerate(root.rows("sections", required=False), 1):
        code = table.slug("code")
        fields = {
            "title": table.text("title", max_length=200),
            "lines": _lines(table),
            "is_official": table.boolean("official", default=False),
            "source": table.text("source", max_length=SOURCE),
            "position": position,
        }
        table.finish()
        if code in found:
            table.problem("code", f"la rubrique « {code} » revient deux fois.")
        found[code] = Node(fields)
    return found


def _lines(section: Table) -> list[dict[str, str]]:
    """Lines as printed: a text, or a table with a label, a text and what the official texts say."""
    found = []
    for table in section.rows("lines", text_key="text"):
        found.append(
            {
                "label": table.text("label", max_length=100, required=False),
                "text": table.text("text", max_length=1000),
                "correction": table.text("correction", max_length=500, required=False),
                "published": table.text("published", max_length=1000, required=False),
            }
        )
        table.finish()
    return found


def _announced(root: Table) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for position, table in enumerate(root.rows("announced_epreuves", required=False), 1):
        code = table.code("code", max_length=8)
        fields = {
            "title": table.text("title", max_length=200),
            "coefficient": table.coefficient("coefficient"),
            "form": table.text("form", max_length=120),
            "source": table.text("source", max_length=SOURCE),
            "position": position,
        }
        table.finish()
        if code in found:
            table.problem("code", f"l'épreuve « {code} » revient deux fois.")
        found[code] = Node(fields)
    return found
