"""What the check says of one value of a document."""

import hashlib
import json
from dataclasses import asdict, dataclass

from ..enums import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: what the document says and where, the official value and its text, what to do.

    `id` is stable from one check to the next (rule, then what it bears on). `own` says that a document issued
    from the CFA's own values (hours, dates) would print the wrong one: official values never would.
    """

    id: str
    severity: Severity
    subject: str
    says: str
    where: str
    official: str
    source: str
    advice: str
    own: bool = False

    def as_json(self) -> dict[str, str]:
        """The eight public keys."""
        row = asdict(self)
        row.pop("own")
        row["severity"] = self.severity.value
        return row

    @property
    def fingerprint(self) -> str:
        """Changes when the document or the official value changes: an acceptance then lapses."""
        text = json.dumps([self.id, self.says, self.official], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCKING

    @property
    def stops_issue(self) -> bool:
        """Blocking, on a value that the issued document would print."""
        return self.blocks and self.own
