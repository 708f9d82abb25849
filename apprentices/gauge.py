"""The figures of an hours gauge and their places on its drawing."""

from dataclasses import dataclass
from decimal import Decimal

Number = Decimal | int | float


@dataclass(frozen=True)
class Gauge:
    """Hours done and planned against the legal minimum, as percentages of the widest of them."""

    title: str
    done: Number
    planned: Number
    minimum: Number
    unit: str = "h"

    @property
    def scale(self) -> float:
        """What 100 % of the width stands for; never zero."""
        return max(float(self.done), float(self.planned), float(self.minimum), 1.0)

    @property
    def done_percent(self) -> float:
        return self._percent(self.done)

    @property
    def planned_percent(self) -> float:
        return self._percent(self.planned)

    @property
    def minimum_percent(self) -> float:
        return self._percent(self.minimum)

    @property
    def missing(self) -> Number:
        """What is still to do to reach the minimum."""
        return max(Decimal(str(self.minimum)) - Decimal(str(self.done)), Decimal(0))

    @property
    def is_reached(self) -> bool:
        return self.done >= self.minimum

    @property
    def is_planned_enough(self) -> bool:
        """The plan reaches the minimum: nothing to add if everything takes place."""
        return self.planned >= self.minimum

    @property
    def description(self) -> str:
        """The sentence that a screen reader says in place of the drawing."""
        figures = [
            f"{_french(self.done)} {self.unit} faites",
            f"{_french(self.planned)} {self.unit} prévues",
        ]
        if self.minimum:
            figures.append(f"minimum légal {_french(self.minimum)} {self.unit}")
        return ", ".join(figures)

    def _percent(self, value: Number) -> float:
        return round(max(0.0, float(value)) * 100 / self.scale, 2)


def _french(value: Number) -> str:
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")
