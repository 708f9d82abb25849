"""Drawings of the documents as SVG pictures: pure text, no database."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from math import cos, pi, sin

INK, ACCENT, AMBER, GREY = "#1b2a41", "#0b6e69", "#b45309", "#d5d9e0"


def _uri(width: float, height: float, body: str) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{body}</svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def signature(strokes: Sequence) -> str:
    """A drawn signature, from its strokes in a box of 600 x 200."""
    paths = "".join(
        '<path d="M' + " L".join(f"{p[0]} {p[1]}" for p in stroke) + '"/>' for stroke in strokes
    )
    body = (
        f'<g fill="none" stroke="{INK}" stroke-width="4" stroke-linecap="round" '
        f'stroke-linejoin="round">{paths}</g>'
    )
    return _uri(600, 200, body)


def gauge(present: float, planned: float, minimum: float) -> str:
    """Hours signed and planned on one bar, with the mark of the legal minimum."""
    scale = 600 / max(present, planned, minimum, 1)
    body = (
        f'<rect x="0" y="6" width="600" height="14" fill="{GREY}" opacity="0.5"/>'
        f'<rect x="0" y="6" width="{planned * scale:.1f}" height="14" fill="#9cc9c6"/>'
        f'<rect x="0" y="6" width="{present * scale:.1f}" height="14" fill="{ACCENT}"/>'
        f'<rect x="{min(minimum * scale, 598):.1f}" y="0" width="2" height="26" fill="{INK}"/>'
    )
    return _uri(600, 26, body)


def radar(labels: Sequence[str], series: Sequence[tuple[Sequence[int], str]], top: int = 3) -> str:
    """Levels 0 to `top` on one axis per label; each series is (values, colour)."""
    count, cx, cy, radius = len(labels), 190, 150, 105

    def point(index: int, value: float) -> tuple[float, float]:
        angle = 2 * pi * index / count - pi / 2
        return cx + radius * value / top * cos(angle), cy + radius * value / top * sin(angle)

    def polygon(values: Sequence[float], style: str) -> str:
        points = " ".join("{:.1f},{:.1f}".format(*point(i, v)) for i, v in enumerate(values))
        return f'<polygon points="{points}" {style}/>'

    parts = [polygon([ring] * count, f'fill="none" stroke="{GREY}"') for ring in range(1, top + 1)]
    for index, label in enumerate(labels):
        x, y = point(index, top * 1.12)
        anchor = "middle" if abs(x - cx) < 20 else "start" if x > cx else "end"
        parts.append(
            f'<text x="{x:.1f}" y="{y + 4:.1f}" font-family="DocSans" font-size="11" fill="{INK}" '
            f'text-anchor="{anchor}">{escape(label)}</text>'
        )
    for values, colour in series:
        style = f'fill="{colour}" fill-opacity="0.12" stroke="{colour}" stroke-width="2"'
        parts.append(polygon(values, style))
    return _uri(380, 300, "".join(parts))
