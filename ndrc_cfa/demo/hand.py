"""Invented handwriting: a wavy trace that looks like the person's own, never twice the same."""

import math
import random

Stroke = list[list[int]]


def scribble(name: str, rng: random.Random) -> list[Stroke]:
    """Strokes of a signature in the 600 x 200 box, [x, y, milliseconds]: shaped by the name, shaken by rng."""
    shape = random.Random(name)
    waves = shape.randint(4, 7)
    height = shape.uniform(28, 55)
    slant = shape.uniform(-0.35, 0.35)
    points: Stroke = []
    for step in range(48):
        t = step / 47
        x = 90 + 400 * t + 14 * math.sin(2 * math.pi * waves * t) + rng.uniform(-2, 2)
        y = (
            105
            - height * math.sin(2 * math.pi * waves * t + slant) * (1 - 0.5 * t)
            + rng.uniform(-3, 3)
        )
        points.append([round(x), round(y), step * 18])
    underline = [
        [round(120 + 70 * i + rng.uniform(-4, 4)), round(165 + rng.uniform(-3, 3)), 900 + i * 20]
        for i in range(6)
    ]
    return [points, underline]
