"""The règlement of a session straight from the data files: no database, no Django."""

from functools import lru_cache
from typing import Any

from programmes.loader import Node, read_bundle

from .rules import Reglement
from .rules.building import reglement

RNCP = "RNCP38368"  # the certification simulated when none is asked for


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
