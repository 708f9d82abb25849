"""The official code lists (CERFA, SIFA), read once from `data/codes.toml` with their source.

Pure. A record keeps the code; `label` gives its French words, and the code itself when it is an old
one that the list no longer has.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data" / "codes.toml"


@dataclass(frozen=True)
class CodeList:
    """One list: code -> French words, in the official order."""

    name: str
    source: str
    labels: dict[str, str]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For a form: each code with its words."""
        return [(code, f"{code} · {words}") for code, words in self.labels.items()]

    def label(self, code: str) -> str:
        return self.labels.get(code, code)

    def problem(self, code: str) -> str:
        """What is wrong with a code, or "" (an empty one is not wrong here)."""
        if not code or code in self.labels:
            return ""
        return f"« {code} » n'est pas dans la liste officielle ({self.source})."


@lru_cache(maxsize=1)
def code_lists() -> dict[str, CodeList]:
    raw = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return {
        block["name"]: CodeList(block["name"], block["source"], dict(block["codes"]))
        for block in raw["list"]
    }


def code_list(name: str) -> CodeList:
    return code_lists()[name]


def level_of(diploma: str) -> int:
    """The level (RNCP, 0 to 8) of a code of the list `diploma`: 33 is 3, 42 is 4, 54 is 5."""
    if diploma in {"", "13", "25", "26"}:
        return 0
    return {"3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8}.get(diploma[0], 0)
