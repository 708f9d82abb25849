"""The règlement of a session, as loaded in this installation."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError

from programmes.models import EpreuveRule, Referentiel
from programmes.selectors import referentiel_for

from .rules import Reglement
from .rules.building import reglement
from .shipped import RNCP, shipped_reglement


def reglement_of(referentiel: Referentiel, session: int) -> Reglement:
    """The règlement of one session, from the référentiel as loaded (two queries)."""
    parts: dict[int, list[dict[str, Any]]] = {}
    for rule in EpreuveRule.objects.filter(epreuve__referentiel=referentiel):
        weighted = [part for part in rule.parts if part.get("coefficient")]
        parts.setdefault(rule.epreuve_id, weighted)
    units = referentiel.unites.select_related("bloc", "epreuve").order_by("position", "pk")
    return reglement(
        session,
        referentiel.facts,
        [
            {
                "code": unite.code,
                "title": unite.title,
                "epreuve": unite.epreuve.code,
                "bloc": unite.bloc.code,
                "bloc_title": unite.bloc.title,
                "coefficient": unite.epreuve.coefficient,
                "is_professional": unite.is_professional,
                "is_optional": unite.is_optional,
                "parts": parts.get(unite.epreuve.pk, []),
            }
            for unite in units
            if hasattr(unite, "epreuve")
        ],
    )


def find_reglement(session: int, rncp: str = RNCP) -> Reglement | None:
    """The règlement as loaded in this installation, else as shipped; None when no version rules it."""
    try:
        referentiel = referentiel_for(rncp, session)
        is_empty = referentiel is None and not Referentiel.objects.filter(rncp=rncp).exists()
    except DatabaseError:  # no database yet: the command needs none
        referentiel, is_empty = None, True
    if referentiel is not None:
        return reglement_of(referentiel, session)
    return shipped_reglement(session, rncp) if is_empty else None


def finder(rncp: str = RNCP) -> Callable[[int], Reglement | None]:
    """`find_reglement` that reads each session once, for a file of candidates."""
    known: dict[int, Reglement | None] = {}

    def find(session: int) -> Reglement | None:
        if session not in known:
            known[session] = find_reglement(session, rncp)
        return known[session]

    return find
