"""The chain of proofs of a centre: adding a link, freezing a sheet, verifying, handing over."""

from .chain import append, note_correction
from .content import freeze, sheet_facts

__all__ = ["append", "freeze", "note_correction", "sheet_facts"]
