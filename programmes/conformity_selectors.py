"""The findings of a stored programme, with what somebody accepted, and those of the shipped files."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import store
from .conformity import Finding, check
from .enums import Categorie
from .loader import read_bundle
from .models import CfaProgramme, FindingAcceptance
from .selectors import categorie_of_cfa


@dataclass(frozen=True, slots=True)
class Held:
    """A finding, and its acceptance when it still holds."""

    finding: Finding
    acceptance: FindingAcceptance | None = None

    @property
    def blocks(self) -> bool:
        return self.finding.blocks and self.acceptance is None

    @property
    def stops_issue(self) -> bool:
        return self.finding.stops_issue and self.acceptance is None

    def as_json(self) -> dict[str, Any]:
        """The public keys; `accepted` is only there when the finding is accepted."""
        row: dict[str, Any] = self.finding.as_json()
        if self.acceptance:
            row["accepted"] = {
                "reason": self.acceptance.reason,
                "by": str(self.acceptance.accepted_by),
                "at": self.acceptance.accepted_at.isoformat(),
            }
        return row


def categorie_of_programme(programme: CfaProgramme) -> Categorie:
    """The column of the règlement for the apprentices of the programme: that of its CFA at the exam."""
    return categorie_of_cfa(programme.cfa, programme.ends_on)


def findings_of(programme: CfaProgramme) -> list[Held]:
    """Every finding of a stored programme, accepted or not, in a constant number of queries."""
    found = check(
        store.dump(programme.referentiel),
        store.dump(programme),
        categorie_of_programme(programme),
    )
    accepted = {
        (row.finding, row.fingerprint): row
        for row in programme.acceptances.filter(withdrawn_at=None).select_related("accepted_by")
    }
    return [Held(row, accepted.get((row.id, row.fingerprint))) for row in found]


def stopping(held: Iterable[Held]) -> list[Finding]:
    """The findings for which a document of the CFA's own values is not issued."""
    return [row.finding for row in held if row.stops_issue]


def find_programme(slug: str) -> CfaProgramme | None:
    """By the short name of the programme, else of its CFA (the latest of its programmes)."""
    rows = CfaProgramme.objects.select_related("cfa", "referentiel")
    return (
        rows.filter(slug=slug).first()
        or rows.filter(cfa__slug=slug).order_by("-starts_on", "-pk").first()
    )


def findings_of_file(slug: str) -> list[Held] | None:
    """The same for a programme of the shipped files that is not loaded; None when there is none.

    Nothing is known there of the CFA's habilitation: it counts as absent.
    """
    bundle = read_bundle()
    for data in bundle.programmes:
        if slug not in {data.slug, data.cfa["slug"]}:
            continue
        for version in bundle.referentiels:
            last = version.session_to or 9999
            if version.rncp == data.rncp and version.session_from <= data.session <= last:
                found = check(version.tree, data.tree, Categorie.PONCTUEL)
                return [Held(row) for row in found]
    return None
