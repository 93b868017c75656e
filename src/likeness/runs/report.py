"""report.html: configuration, curves, pictures and final numbers in one file that works offline."""

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from likeness import config
from likeness.files import atomic
from likeness.pages.page import page, picture
from likeness.runs.best import best_of
from likeness.runs.run import Run

WIDTH, HEIGHT = 300, 110
"""Size of a curve, in the units of its picture."""


def write_report(run: Run) -> Path:
    """Write the report of a run, and return its path."""
    lines, settings = run.metrics(), run.config()
    title = f"{settings.method} on {Path(settings.data.place).name}"
    step = max((line["step"] for line in lines), default=0)
    body = [
        f"<p>{step:,} steps; {html.escape(_images_seen(run))}{_best(run)}</p>",
        "<h2>Pictures</h2><div class=pictures>", *_pictures(run), "</div>",
        "<h2>Final numbers</h2>", _numbers(run.newest()),
        "<h2>Curves</h2>", _curves(lines),
        "<h2>Configuration</h2>", f"<pre>{html.escape(config.text(settings))}</pre>",
    ]  # fmt: skip
    atomic.write(run.report, page(title, "".join(body)).encode())
    return run.report


def _images_seen(run: Run) -> str:
    data = run.data()
    counts = ", ".join(f"{n:,} {name}" for name, n in data["images"].items())
    skipped = f"; {len(data['skipped'])} images skipped" if data["skipped"] else ""
    return f"images: {counts}{skipped}"


def _best(run: Run) -> str:
    best = best_of(run)
    return html.escape(f"; best checkpoint: {best}") if best else ""


def _pictures(run: Run) -> list[str]:
    captions = {
        "reconstructions": "Validation images, each row over its reconstructions",
        "samples": "Decoded samples of the prior",
    }
    found = {caption: sorted(run.pictures.glob(f"{kind}-*.png")) for kind, caption in captions.items()}
    return [_figure(paths[-1], caption) for caption, paths in found.items() if paths]


def _figure(path: Path, caption: str) -> str:
    image = picture(path.read_bytes(), path.stem)
    return f"<figure>{image}<figcaption>{caption}, {path.stem}</figcaption></figure>"


def _numbers(final: dict[str, Any]) -> str:
    known = sorted((name, float(v)) for name, v in final.items() if v is not None)
    rows = (f"<tr><td>{html.escape(name)}<td class=n>{v:,.5g}</tr>" for name, v in known)
    return f"<table>{''.join(rows)}</table>"


def _curves(lines: Sequence[dict[str, Any]]) -> str:
    values = ((name, v) for line in lines for name, v in line.items())
    names = {name: None for name, v in values if v is not None and name not in ("step", "seconds")}
    return f"<div class=grid>{''.join(_curve(name, lines) for name in names)}</div>"


def _curve(name: str, lines: Sequence[dict[str, Any]]) -> str:
    points = [(line["step"], float(line[name])) for line in lines if line.get(name) is not None]
    low, high = min(v for _, v in points), max(v for _, v in points)
    first, last = points[0][0], points[-1][0]
    drawn = " ".join(
        f"{WIDTH * (s - first) / max(last - first, 1):.1f},"
        f"{HEIGHT * (1 - (v - low) / ((high - low) or 1)):.1f}"
        for s, v in points
    )
    return (
        f"<figure><svg class=curve viewBox='0 0 {WIDTH} {HEIGHT}' preserveAspectRatio=none>"
        f"<polyline points='{drawn}'/></svg><figcaption>{html.escape(name)}: {points[-1][1]:.4g} "
        f"(from {low:.4g} to {high:.4g})</figcaption></figure>"
    )
