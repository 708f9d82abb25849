"""Results that apps above compute and the public programme shows: the app that knows registers itself."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Cfa

# Under this number of people a rate would tell of somebody: it is not shown.
SMALLEST_GROUP = 5


@dataclass(frozen=True)
class Rate:
    """One result of one year: who was counted, and of them who succeeded."""

    label: str
    year: int
    counted: int
    succeeded: int

    @property
    def is_shown(self) -> bool:
        return self.counted >= SMALLEST_GROUP

    @property
    def said(self) -> str:
        return f"{self.label} ({self.counted} présentés)"

    @property
    def percent(self) -> float:
        return round(100 * self.succeeded / self.counted, 1) if self.counted else 0.0


_sources: list[Callable[[Cfa, str], list[Rate]]] = []


def provide(source: Callable[[Cfa, str], list[Rate]]) -> None:
    """Say who computes results: a CFA and the RNCP number of a certification -> its rates."""
    if source not in _sources:
        _sources.append(source)


def rates_of(cfa: Cfa, rncp: str) -> list[Rate]:
    """The results known today, the latest year first."""
    found = [rate for source in _sources for rate in source(cfa, rncp)]
    return sorted(found, key=lambda rate: (-rate.year, rate.label))
