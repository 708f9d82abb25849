"""From the référentiel's values to the règlement of one session; no database, no constant."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.errors import DomainError

from .reglement import HALF, Controle, Part, Reglement, UnitRule, exact

# Without these facts no decision can be made; `controle` and `dispenses` may be absent.
NEEDED = (
    "pass_average",
    "mark_scale",
    "parts_rounding",
    "optional_threshold",
    "optional_max",
    "benefit",
    "absence_force_majeure_mark",
    "bloc_attestation",
)


def fact_of(facts: Mapping[str, Any], code: str, session: int) -> Mapping[str, Any] | None:
    """The row of a fact (value, source) that holds for this session, or None."""
    rows = sorted(
        facts.get(code, {}).get("values", ()), key=lambda row: row.get("session_from") or 0
    )
    held = [
        row
        for row in rows
        if (row.get("session_from") or 0) <= session <= (row.get("session_to") or 9999)
    ]
    return held[-1] if held else None


def reglement(
    session: int, facts: Mapping[str, Any], units: Iterable[Mapping[str, Any]]
) -> Reglement:
    """The règlement of a session.

    `facts` is `Referentiel.facts`; each unit is a mapping with code, title, epreuve, bloc, bloc_title,
    coefficient, is_professional, is_optional, parts ([{code, title, coefficient?}]), in order.
    Raises DomainError when the référentiel does not say enough to decide.
    """
    rows = {code: fact_of(facts, code, session) for code in facts}
    missing = [code for code in NEEDED if rows.get(code) is None]
    if missing:
        raise DomainError(
            f"Le référentiel de la session {session} ne dit pas : {', '.join(missing)}. Complétez ses "
            "données (docs/rules/programmes.md) puis rechargez-les."
        )
    values: dict[str, Any] = {code: row["value"] for code, row in rows.items() if row}
    sources = {code: str(row.get("source", "")) for code, row in rows.items() if row}
    made = [_unit(unit) for unit in units]
    scale = values["mark_scale"]
    return Reglement(
        session=session,
        units=tuple(unit for unit in made if not unit.is_optional),
        options=tuple(unit for unit in made if unit.is_optional),
        pass_average=exact(values["pass_average"]),
        highest=int(HALF * exact(scale["max"])),
        optional_threshold=exact(values["optional_threshold"]),
        optional_max=int(values["optional_max"]),
        benefit_min=exact(values["benefit"]["min_mark"]),
        benefit_years=int(values["benefit"]["years"]),
        force_majeure_mark=exact(values["absence_force_majeure_mark"]),
        bloc_min=exact(values["bloc_attestation"]),
        rounding=values["parts_rounding"]["mode"],
        never_dispensed=tuple(values.get("never_dispensed", ())),
        dispenses=tuple(values.get("dispenses", ())),
        controle=_controle(values.get("controle")),
        sources=sources,
    )


def _unit(unit: Mapping[str, Any]) -> UnitRule:
    weighted = [part for part in unit["parts"] if part.get("coefficient")]
    return UnitRule(
        code=unit["code"],
        title=unit["title"],
        epreuve=unit["epreuve"],
        bloc=unit["bloc"],
        bloc_title=unit["bloc_title"],
        coefficient=exact(unit["coefficient"] or 0),
        is_professional=unit["is_professional"],
        is_optional=unit["is_optional"],
        # Only parts with coefficients make a mark (E5); the others are moments of one épreuve.
        parts=tuple(
            Part(part["code"], part["title"], exact(part["coefficient"])) for part in weighted
        ),
    )


def _controle(value: Mapping[str, Any] | None) -> Controle | None:
    if not value:
        return None
    return Controle(
        min_average=exact(value["min_average"]),
        max_average=exact(value["max_average"]),
        professional_min=exact(value["professional_min"]),
        orals=int(value["orals"]),
        units=tuple(value["units"]),
    )
