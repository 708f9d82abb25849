"""The règlement of a session, from the database or straight from the data files."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import DatabaseError

from programmes.loader import Node, read_bundle
from programmes.models import EpreuveRule, Referentiel
from programmes.selectors import referentiel_for

from .rules import Reglement
from .rules.building import reglement

RNCP = "RNCP38368"  # the certification simulated when none is asked for


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


def from_tree(tree: Node, session: int) -> Reglement:
    """The same from a version as the loader reads it."""
    units = []
    for bloc_code, bloc in tree.children["blocs"].items():
        for code, unite in bloc.children["unites"].items():
            for epreuve_code, epreuve in unite.children["epreuves"].items():
                rules = epreuve.children["rules"].values()
                parts: list[dict[str, Any]] = next((rule.fields["parts"] for rule in rules), [])
                units.append(
                    {
                        "code": code,
                        "title": unite.fields["title"],
                        "epreuve": epreuve_code,
                        "bloc": bloc_code,
                        "bloc_title": bloc.fields["title"],
                        "coefficient": epreuve.fields["coefficient"],
                        "is_professional": unite.fields["is_professional"],
                        "is_optional": unite.fields["is_optional"],
                        "parts": parts,
                        "position": unite.fields["position"],
                    }
                )
    units.sort(key=lambda unit: unit["position"])
    return reglement(session, tree.fields["facts"], units)


@lru_cache(maxsize=1)
def _shipped() -> list:
    """The versions that the application ships with."""
    return read_bundle().referentiels


def shipped_reglement(session: int, rncp: str = RNCP) -> Reglement | None:
    """The règlement from the files of the application, for an installation that has loaded none."""
    for data in _shipped():
        last = data.session_to or 9999
        if data.rncp == rncp and data.session_from <= session <= last:
            return from_tree(data.tree, session)
    return None


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
