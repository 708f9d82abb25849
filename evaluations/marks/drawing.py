"""The graph of the livret scolaire as an SVG picture: the class's average is the line at 10."""

from base64 import b64encode
from collections.abc import Sequence
from fractions import Fraction

INK, ACCENT, GREY = "#1b2a41", "#0b6e69", "#d5d9e0"
WIDTH, HEIGHT, LEFT, TOP = 620, 200, 34, 10


def class_graph(points: Sequence[tuple[str, Fraction | None]]) -> str:
    """A data address of the picture: one column per unit, from 0 to 20."""
    inner = HEIGHT - TOP - 24

    def y(value: float) -> float:
        return TOP + inner * (20 - value) / 20

    parts = [
        f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y(step):.1f}" y2="{y(step):.1f}" stroke="{GREY}"/>'
        f'<text x="{LEFT - 6}" y="{y(step) + 4:.1f}" text-anchor="end" font-family="DocSans" '
        f'font-size="11" fill="{INK}">{step}</text>'
        for step in (0, 5, 10, 15, 20)
    ]
    width = (WIDTH - LEFT) / max(len(points), 1)
    line = []
    for index, (code, value) in enumerate(points):
        x = LEFT + width * (index + 0.5)
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="middle" font-family="DocSans" '
            f'font-size="12" fill="{INK}">{code}</text>'
        )
        if value is None:
            continue
        height = y(float(value))
        line.append(f"{x:.1f},{height:.1f}")
        parts.append(f'<circle cx="{x:.1f}" cy="{height:.1f}" r="5" fill="{ACCENT}"/>')
    if len(line) > 1:
        parts.append(
            f'<polyline points="{" ".join(line)}" fill="none" stroke="{ACCENT}" stroke-width="2"/>'
        )
    parts.append(
        f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y(10):.1f}" y2="{y(10):.1f}" stroke="{INK}" '
        f'stroke-width="2"/>'
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
