"""The common form of a checked file and of what the database holds, so that the two can be compared."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(slots=True)
class Node:
    """Fields of one row, and its children by relation then by natural key."""

    fields: dict[str, Any]
    children: dict[str, dict[str, "Node"]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs between two trees; None on the side where the row or value is absent."""

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if self.before is None:
            return f"+ {self.path} : {_say(self.after)}"
        if self.after is None:
            return f"- {self.path} : {_say(self.before)}"
        return f"~ {self.path} : {_say(self.before)} -> {_say(self.after)}"


def _say(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, str | int | date):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _leaves(node: Node, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, value in node.fields.items():
        if value not in (None, "", [], {}):
            yield ".".join((*path, name)), value
    for relation, rows in node.children.items():
        for key, child in rows.items():
            yield from _leaves(child, (*path, relation, key))


def changes(before: Node | None, after: Node) -> list[Change]:
    """What would change, in the order of the file; what disappears comes last."""
    old = dict(_leaves(before, ())) if before else {}
    new = dict(_leaves(after, ()))
    kept = [
        Change(path, old.get(path), value) for path, value in new.items() if old.get(path) != value
    ]
    gone = [Change(path, value, None) for path, value in old.items() if path not in new]
    return kept + gone


def checksum(node: Node) -> str:
    """SHA-256 of the values: comments, order of keys and layout of the file do not count."""

    def plain(node: Node) -> dict[str, Any]:
        return {
            "fields": node.fields,
            "children": {
                relation: {key: plain(child) for key, child in rows.items()}
                for relation, rows in node.children.items()
            },
        }

    def default(value: Any) -> str:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value.isoformat()

    text = json.dumps(plain(node), default=default, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
