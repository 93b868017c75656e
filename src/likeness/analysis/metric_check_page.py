"""The report of a check of a metric: a table, its drift during training, nearest neighbours, and
sentences."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from jaxtyping import Float
from torch import Tensor

from likeness.analysis.metric_check import (
    AGREEMENT,
    GROWTH,
    LEARNED,
    NEIGHBOUR_COUNT,
    SUMMARIES,
    WEIGHTS,
    Drift,
    MetricCheck,
    Rival,
)
from likeness.files import atomic
from likeness.intervals import Interval
from likeness.pages import pictures
from likeness.pages.page import page, picture, table
from likeness.pages.plots import lines

MIN_GROWTH, MIN_AGREEMENT = 0.9, 0.95
"""Correlations below which a metric is said not to grow steadily, and to move from one checkpoint to the
next or from one seed to another."""


def write(found: MetricCheck, out: Path, title: str) -> Path:
    """Write check.json and check.html, which is self-contained, to a folder. Raises RunError if there is
    no room."""
    out.mkdir(parents=True, exist_ok=True)
    answers = {q: {m: i._asdict() for m, i in by.items()} for q, by in found.answers.items()}
    document: dict[str, Any] = {"images": found.images, "answers": answers, "says": sentences(found)}
    document["compared"] = [
        {"question": r.question, "control": r.name, "difference": r.difference._asdict(), "is": r.outcome}
        for r in found.rivals
    ]
    document["drift"] = [asdict(drift) for drift in found.drift]
    atomic.write(out / "check.json", json.dumps(document, indent=1).encode())
    atomic.write(out / "check.html", page(title, _body(found)).encode())
    return out / "check.html"


def _body(found: MetricCheck) -> str:
    names = list(found.nearest)
    rows = {q: [q, *(_format(by.get(name)) for name in names)] for q, by in found.answers.items()}
    summary = [rows[q] for q in (*SUMMARIES, GROWTH) if q in rows]
    details = [row for q, row in rows.items() if row not in summary and q != AGREEMENT]
    agreeing = [[name, _format(i), f"{i.images:,}"] for name, i in found.agreement.items()]
    first, *rest = sentences(found)
    parts = [
        "<h2>What it says</h2>", f"<p><b>{escape(first)}</b></p>", *(f"<p>{escape(s)}</p>" for s in rest),
        f"<h2>Questions</h2><p>{found.images} images. <i>Right choices</i>: how often a distorted copy is "
        "nearer to its image than the other image is that is nearest in pixels; <i>unseen</i>: distortions "
        "that no view of teaching resembles. <i>Grows with severity</i>: Spearman's correlation of "
        "severity and distance, 1 is best. In brackets: 95 % bootstrap intervals over images.</p>",
        table(["", *names], summary),
        "<h2>Each kind of distortion</h2>", table(["", *names], details),
        table(["other runs", "rank correlation", "pairs"], agreeing) if agreeing else "",
        *(["<h2>Drift</h2><p>The same pairs at the checkpoints that are kept: images with another image, "
           "and with a distorted self.</p>", *_drift(found.drift)] if found.drift else []),
        "<h2>Nearest neighbours</h2><p>Each row: an image, then its nearest others.</p>",
        "<div class=pictures>", *(_figure(name, x) for name, x in found.nearest.items()), "</div>",
    ]  # fmt: skip
    return "".join(parts)


def _drift(drift: Sequence[Drift]) -> list[str]:
    by = {kind: [d for d in drift if d.weights == kind] for kind in WEIGHTS}
    ranks = {kind: [(float(d.step), d.rank_correlation) for d in of] for kind, of in by.items() if of}
    if max(map(len, ranks.values()), default=0) < 2:
        return ["<p>One checkpoint is kept; train with a larger --keep to see drift.</p>"]
    far = {k: [(float(d.step), d.distances[k]) for d in by[WEIGHTS[0]]] for k in drift[0].distances}
    return [
        lines(ranks, "step", "rank correlation with the last"),
        "<p>Mean distance of each kind of pair, weights as trained:</p>",
        lines(far, "step", "mean distance"),
    ]


def _figure(name: str, images: Float[Tensor, "n c h w"]) -> str:
    image = picture(pictures.png(pictures.grid(images, NEIGHBOUR_COUNT + 1)), "nearest neighbours")
    return f"<figure>{image}<figcaption>{escape(name)}</figcaption></figure>"


def _format(found: Interval | None) -> str:
    return f"{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]" if found else ""


def sentences(found: MetricCheck) -> list[str]:
    """Conclusions from the answers, as sentences; the first says whether to trust the metric."""
    rivals = [_comparison(found, rival) for rival in found.rivals]
    return [
        verdict(found), *rivals, *found.notes, *_growth(found), *_seeds(found), *_stability(found.drift),
    ]  # fmt: skip


def verdict(found: MetricCheck) -> str:
    """Whether the metric is to be trusted on these images, and what is better or as good and simpler."""
    outcomes = {o: [r for r in found.rivals if r.outcome == o] for o in ("better", "worse", "undecided")}
    if worse := outcomes["worse"]:
        named = " and ".join(f"{r.name} ({r.question})" for r in worse)
        return f"Not to be trusted on these images: better are {named}."
    if found.equals:
        return f"No better than {found.equals[0]} in any question on these images; use that, it is simpler."
    if not outcomes["better"]:
        return "Undecided: with so few images it is not told from its controls; raise --max-images."
    better = " and ".join(f"{r.question} ({r.name})" for r in outcomes["better"])
    undecided = " and ".join(f"{r.question} ({r.name})" for r in outcomes["undecided"])
    rest = f"; undecided in {undecided}" if undecided else ""
    return f"To be trusted on these images: better than the best control in {better}{rest}."


def _comparison(found: MetricCheck, rival: Rival) -> str:
    """The learned metric compared with the best control of a question."""
    mine, best = (found.answers[rival.question][name] for name in (LEARNED, rival.name))
    return (
        f"{rival.question.capitalize()}: {_format(mine)}; the best control, {rival.name}, {_format(best)}; "
        f"difference {_format(rival.difference)}, {rival.outcome}."
    )


def _growth(found: MetricCheck) -> list[str]:
    kinds = {q: by[LEARNED].mean for q, by in found.answers.items() if q.startswith("grows with ")}
    weak = [
        f"{q.removeprefix('grows with ')} ({mean:.2f})"
        for q, mean in kinds.items()
        if mean < MIN_GROWTH and q != GROWTH
    ]
    return (
        [f"It does not grow steadily with {', '.join(weak)}."]
        if weak
        else ["It grows with every distortion."]
    )


def _seeds(found: MetricCheck) -> list[str]:
    far = {name: i for name, i in found.agreement.items() if i.mean < MIN_AGREEMENT}
    return [
        f"{name} ranks pairs otherwise ({_format(i)}): what is near depends on the seed."
        for name, i in far.items()
    ]


def _stability(drift: Sequence[Drift]) -> list[str]:
    """How far the distances moved between the last two checkpoints, and how to reduce that."""
    ends = {kind: [d for d in drift if d.weights == kind][-2:] for kind in WEIGHTS}
    moved = {kind: two[0] for kind, two in ends.items() if len(two) == 2}
    if not moved:
        return []
    ranks = " and ".join(f"{d.rank_correlation:.3f} with weights {kind}" for kind, d in moved.items())
    lines = [f"From step {drift[-2].step:,} to {drift[-1].step:,} pairs keep their ranks by {ranks}."]
    if moved[WEIGHTS[0]].rank_correlation < MIN_AGREEMENT and WEIGHTS[1] not in moved:
        lines.append("It still moves: average its weights (--ema 0.999), or train longer.")
    return [*lines, "A copy kept with `likeness metric` does not move; do not mix distances of two copies."]
