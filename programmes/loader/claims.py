"""What a document affirms of the diploma or of the law: topics, and the form of each value."""

from collections.abc import Callable
from typing import Any

from ..enums import Assumed, Topic
from .reader import Table

TEXT = 500
Shape = Callable[[Table, str], Any]


def _text(table: Table, key: str) -> str:
    return table.text(key, max_length=TEXT)


def _texts(table: Table, key: str) -> list[str]:
    return table.texts(key, max_length=TEXT)


def _optional_texts(table: Table, key: str) -> list[str]:
    return table.texts(key, max_length=TEXT, required=False)


def _integer(table: Table, key: str) -> int | None:
    return table.integer(key, low=0, high=9999)


def _number(table: Table, key: str) -> float | None:
    value = table.decimal(key, low="0", high="9999", places=2)
    return None if value is None else float(value)


def _day(table: Table, key: str) -> str | None:
    value = table.day(key)
    return value.isoformat() if value else None


def _boolean(table: Table, key: str) -> bool:
    return table.boolean(key, default=False)


def _anything(table: Table, key: str) -> Any:
    return table.anything(key)


# A topic is one value, or a table of named values.
SHAPES: dict[Topic, Shape | dict[str, Shape]] = {
    Topic.RNCP: _text,
    Topic.LEVEL: _integer,
    Topic.ECTS: _integer,
    Topic.NSF: _text,
    Topic.CODE_DIPLOME: _text,
    Topic.ROME: _texts,
    Topic.REGISTERED_FROM: _day,
    Topic.REGISTERED_UNTIL: _day,
    Topic.SHEET_DATE: _day,
    Topic.CERTIFICATEUR: _text,
    Topic.NATURE: _text,
    Topic.CONTRACT_KINDS: _texts,
    Topic.MONTHS: _integer,
    Topic.HOURS_PER_YEAR: _number,
    Topic.WEEKS_PER_YEAR: _integer,
    Topic.WEEKLY_PLAN: {"weeks": _texts, "other_hours": _number},
    Topic.BLOC: {"title": _text, "codes": _texts, "competences": _optional_texts},
    Topic.OBJECTIVES: _texts,
    Topic.MERGED: _texts,
    Topic.PASS_AVERAGE: {"min": _number, "strict": _boolean},
    Topic.KEPT_MARKS: {"min": _number, "years": _integer, "on_request": _boolean},
    Topic.DISPENSES: {"units": _texts},
    Topic.FORMER_DIPLOMA: _text,
    Topic.LEGAL_BASIS: {"about": _text, "texts": _texts},
    Topic.FACT: {"code": _text, "value": _anything},
    Topic.AGE_MIN: _integer,
    Topic.ACCESS: {"every_bac": _boolean, "equivalent": _boolean},
    Topic.PROMISED_RATES: _texts,
}


def read_claims(root: Table) -> list[dict[str, Any]]:
    """The tables [[claims]], each with its topic, its value, what the document says and where."""
    found = []
    for table in root.rows("claims", required=False):
        topic = table.choice("topic", Topic)
        shape = SHAPES[topic] if topic else None
        value: Any = None
        if isinstance(shape, dict):
            child = table.child("value")
            if child is not None:
                value = {key: read(child, key) for key, read in shape.items()}
                child.finish()
        elif shape:
            value = shape(table, "value")
        else:
            table.known.add("value")
        row = {
            "topic": topic.value if topic else "",
            "value": value,
            "says": table.text("says", max_length=TEXT),
            "where": table.text("where", max_length=300),
        }
        table.finish()
        if topic is Topic.WEEKLY_PLAN and value:
            _check_plan(table, value)
        found.append(row)
    return found


def _check_plan(table: Table, value: dict[str, Any]) -> None:
    for text in value["weeks"]:
        weeks, cross, hours = text.partition("x")
        if not (cross and weeks.strip().isdigit() and hours.strip().isdigit()):
            table.problem(
                "value", f"« {text[:60]} » : la forme attendue est « 16 x 14 » (semaines x heures)."
            )


def read_assumed(head: Table) -> tuple[list[str], str]:
    """Which values the document does not print, and why the file gives them."""
    assumed = head.texts("assumed", max_length=30, required=False, among=Assumed.values)
    note = head.text("assumed_note", max_length=500, required=bool(assumed))
    return assumed, note


def read_closures(head: Table) -> list[dict[str, str]]:
    """Periods without the CFA that the document prints."""
    found = []
    for table in head.rows("closures", required=False):
        first, last = table.day("first"), table.day("last")
        label = table.text("label", max_length=120)
        table.finish()
        if first and last and last < first:
            table.problem("last", "la fin de la fermeture précède son début.")
        elif first and last:
            found.append({"first": first.isoformat(), "last": last.isoformat(), "label": label})
    return found


def read_indicators(root: Table) -> list[dict[str, Any]]:
    """The rates that the document publishes."""
    found: list[dict[str, Any]] = []
    for table in root.rows("indicators", required=False):
        row = {
            "label": table.text("label", max_length=150),
            "year": table.integer("year", low=1990, high=2100),
            "rate": None,
        }
        rate = table.decimal("rate", low="0", high="100", places=1)
        row["rate"] = None if rate is None else float(rate)
        table.finish()
        if any((row["label"], row["year"]) == (other["label"], other["year"]) for other in found):
            table.problem("label", "ce taux est donné deux fois pour la même année.")
        found.append(row)
    return found
