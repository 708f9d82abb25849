"""The figures of an hours gauge; `components/_gauge.html` draws them and says them."""

from dataclasses import dataclass
from decimal import Decimal

Number = Decimal | int | float


@dataclass(frozen=True)
class Gauge:
    """Hours done and planned against the legal minimum; a minimum of 0 is none."""

    title: str
    done: Number
    planned: Number
    minimum: Number
    unit: str = "h"
    # Planned before the centre used the application: neither done here nor lost.
    elsewhere: Number = 0

    @property
    def is_planned_enough(self) -> bool:
        """The plan reaches the minimum: nothing to add if everything takes place."""
        return self.planned >= self.minimum
