"""How an épreuve is taken: form, durations, situations, parts that add up."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..enums import EpreuveForm
from .reader import Table

MINUTES: dict[str, Any] = {"low": 0, "high": 600, "required": False}


def read_rule(table: Table, sourced: Callable[[Table], dict[str, Any]]) -> dict[str, Any]:
    """The fields of an EpreuveRule."""
    form = table.choice("form", EpreuveForm)
    situations = table.integer("situations", low=0, high=9, required=False, default=0)
    if form is EpreuveForm.CCF and situations == 0:
        table.problem("situations", "un CCF dit combien il a de situations.")
    elif form and form is not EpreuveForm.CCF and situations:
        table.problem("situations", "seul un CCF a des situations.")
    parts: list[dict[str, Any]] = []
    for part in table.rows("parts", required=False):
        values = {
            "code": part.code("code", max_length=8),
            "title": part.text("title", max_length=200),
            "coefficient": part.coefficient("coefficient"),
            "points": part.decimal("points", low="0.5", high="20", places=1, required=False),
            "duration_minutes": part.integer("duration_minutes", **MINUTES),
            "preparation_minutes": part.integer("preparation_minutes", **MINUTES),
        }
        part.finish()
        if values["code"] in [other["code"] for other in parts]:
            part.problem("code", f"la partie « {values['code']} » revient deux fois.")
        parts.append(
            {
                key: float(value) if key in {"coefficient", "points"} else value
                for key, value in values.items()
                if value is not None
            }
        )
    fields = {
        "form": form.value if form else "",
        "duration_minutes": table.integer("duration_minutes", **MINUTES),
        "preparation_minutes": table.integer("preparation_minutes", **MINUTES),
        "situations": situations,
        "parts": parts,
        **sourced(table),
    }
    if situations and parts and situations != len(parts):
        table.problem("parts", f"{situations} situations annoncées, {len(parts)} décrites.")
    table.finish()
    return fields


def check_sums(table: Table, fields: dict[str, Any], coefficient: Decimal | None) -> None:
    """The parts add up to the whole: coefficients to the épreuve's, points to 20, minutes to the duration."""
    parts = fields["parts"]
    wholes = {
        "coefficient": coefficient,
        "points": 20,
        "duration_minutes": None if fields["situations"] else fields["duration_minutes"],
    }
    for key, whole in wholes.items():
        given = [part[key] for part in parts if key in part]
        if not given or whole is None:
            continue
        if len(given) != len(parts):
            table.problem("parts", f"« {key} » est donné pour certaines parties seulement.")
        elif sum(given) != whole:
            table.problem("parts", f"la somme des « {key} » est {sum(given):g}, non {whole:g}.")
