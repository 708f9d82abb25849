"""Other facts of a référentiel: a value, or values dated by exam session, each with its source."""

import itertools
from collections.abc import Callable
from typing import Any

from .reader import Table

SESSION: dict[str, Any] = {"low": 1960, "high": 2100}


def read_facts(
    root: Table, sourced: Callable[[Table], dict[str, Any]], check_key: Callable[..., None]
) -> dict[str, Any]:
    """The tables [facts.CODE], by code."""
    found = {}
    for code, table in root.children("facts", required=False).items():
        check_key(table, code, 40)
        title = table.text("title", max_length=200)
        rows = table.rows("values") if "values" in table else [table]
        values = []
        for row in rows:
            values.append(
                {
                    "value": row.anything("value"),
                    "session_from": row.integer("session_from", **SESSION, required=False),
                    "session_to": row.integer("session_to", **SESSION, required=False),
                    **sourced(row),
                }
            )
            if row is not table:
                row.finish()
        _check_dates(table, values)
        table.finish()
        found[code] = {"title": title, "values": values}
    return found


def _check_dates(table: Table, values: list[dict[str, Any]]) -> None:
    """Two values of one fact never hold for the same session."""
    spans = sorted((row["session_from"] or 0, row["session_to"] or 9999) for row in values)
    if any(low > high for low, high in spans):
        table.problem("values", "la dernière session précède la première.")
    elif any(a[1] >= b[0] for a, b in itertools.pairwise(spans)):
        table.problem("values", "deux valeurs portent sur la même session.")
