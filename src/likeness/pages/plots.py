"""Lines in a page: a drawing of its own, without a library."""

import html
from collections.abc import Mapping, Sequence

from likeness.pages.pictures import PALETTE

WIDTH, HEIGHT, LEFT, BELOW, RIGHT = 560, 240, 60, 36, 170
"""Of the field, and of the room beside it for numbers, the name of x and the names of lines."""
Points = Sequence[tuple[float, float]]


def lines(series: Mapping[str, Points], x_name: str, y_name: str) -> str:
    """Lines over the same axes, each with its points and name; axes span what there is to show."""
    xs, ys = ([p[k] for points in series.values() for p in points] for k in (0, 1))
    (x0, x1), (y0, y1) = _span(xs), _span(ys)

    def place(x: float, y: float) -> tuple[float, float]:
        return LEFT + WIDTH * (x - x0) / (x1 - x0), 10 + HEIGHT * (1 - (y - y0) / (y1 - y0))

    drawn = [
        _line(name, [place(*point) for point in points], PALETTE[k % len(PALETTE)], k)
        for k, (name, points) in enumerate(series.items())
    ]
    size = f"0 0 {LEFT + WIDTH + RIGHT} {HEIGHT + BELOW + 20}"
    return (
        f"<svg viewBox='{size}' style='max-width:50rem;border:0;font:12px system-ui' fill=currentColor>"
        f"{_axes(x_name, y_name, (x0, x1), (y0, y1))}{''.join(drawn)}</svg>"
    )


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _axes(x_name: str, y_name: str, x: tuple[float, float], y: tuple[float, float]) -> str:
    base = 10 + HEIGHT
    return (
        f"<path d='M{LEFT} 10V{base}H{LEFT + WIDTH}' fill=none stroke=GrayText />"
        f"<text x={LEFT - 6} y=18 text-anchor=end>{y[1]:.3g}</text>"
        f"<text x={LEFT - 6} y={base} text-anchor=end>{y[0]:.3g}</text>"
        f"<text x={LEFT} y={base + 16}>{x[0]:,.6g}</text>"
        f"<text x={LEFT + WIDTH} y={base + 16} text-anchor=end>{x[1]:,.6g}</text>"
        f"<text x={LEFT + WIDTH / 2} y={base + 30} text-anchor=middle>{html.escape(x_name)}</text>"
        f"<text transform='translate(16 {10 + HEIGHT / 2}) rotate(-90)' text-anchor=middle>"
        f"{html.escape(y_name)}</text>"
    )


def _line(name: str, points: Points, colour: str, k: int) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f"<circle cx={x:.1f} cy={y:.1f} r=3 fill='{colour}' />" for x, y in points)
    right = LEFT + WIDTH + 14
    return (
        f"<polyline points='{path}' style='fill:none;stroke:{colour};stroke-width:1.5'/>{dots}"
        f"<circle cx={right} cy={20 + 18 * k} r=4 fill='{colour}' />"
        f"<text x={right + 10} y={24 + 18 * k}>{html.escape(name)}</text>"
    )
