"""A CFA's programme held against the référentiel of its session, the law's hours, and itself.

Pure: two checked trees in (from the files or from the database), findings out. Rules and worked examples:
docs/rules/conformite.md. Nothing here knows a diploma: official values and texts come from the référentiel.
"""

from collections.abc import Iterable

from ..enums import Categorie, Severity
from ..loader.tree import Node
from .certification import certification_findings
from .exam import exam_findings
from .finding import Finding
from .hours import hours_findings
from .official import Official
from .printed import Printed

__all__ = ["Finding", "Official", "Printed", "check", "has_blocking"]

ORDER = {severity: n for n, severity in enumerate(Severity)}


def check(
    referentiel: Node, programme: Node, categorie: Categorie, *, session: int | None = None
) -> list[Finding]:
    """Every finding, the gravest first, then in the order of the rules.

    `referentiel` and `programme` are trees of `loader` or of `store.dump`; `categorie` is that of the CFA's
    apprentices at the exam session (rules.categorie_of).
    """
    printed = Printed.of(programme)
    official = Official.of(referentiel, categorie, session or printed.session)
    found = [
        *exam_findings(printed, official),
        *certification_findings(printed, official),
        *hours_findings(printed, official),
    ]
    return sorted(found, key=lambda finding: ORDER[finding.severity])


def has_blocking(findings: Iterable[Finding]) -> bool:
    """Something blocks."""
    return any(finding.severity == Severity.BLOCKING for finding in findings)
