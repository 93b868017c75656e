"""A report on whether the learned metric of a run is to be trusted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from likeness import pictures
from likeness.checking import studies
from likeness.checking.controls import Distance, controls
from likeness.checking.distortions import DISTORTIONS, MILD
from likeness.data.batches import in_order
from likeness.data.dataset import Dataset
from likeness.errors import UserError
from likeness.intervals import Interval, interval
from likeness.runs import checkpoints, files, metric, model
from likeness.runs.codes import prepared
from likeness.runs.page import page, picture, table
from likeness.runs.run import Run
from likeness.shapes import UNLABELLED, Images, Labels
from likeness.similarity import Similarity

LEARNED, UNTRAINED = "learned", "untrained network"
AGREES = "ranks pairs as another run does"
SHOWN, NEAREST, FEWEST = 8, 5, 20


@dataclass(frozen=True)
class Found:
    """Answers by question and metric, and nearest neighbours by metric."""

    answers: dict[str, dict[str, Interval]]
    nearest: dict[str, Images]
    drift: list[dict[str, float]]
    images: int


def check(
    path: str, data: str | None = None, split: str = "test", most: int = 200, others: Sequence[str] = ()
) -> Found:
    """Ask all questions of the metric of a run, and of its controls, on images of a split.

    `others` are runs of the same kind, such as of other seeds. Raises UserError if there are too few
    images, or a run has no discriminator.
    """
    learned, trained = metric.load(path), model.load(path)
    x, labels = _images(trained, prepared(trained, data or trained.config.data.data), split, most)
    distances: dict[str, Distance] = {LEARNED: learned, UNTRAINED: _untrained(learned)}
    distances |= controls(min(x.shape[2:]))
    answers = {f"grows with {name}": {} for name in DISTORTIONS} | {f"prefers {name}": {} for name in MILD}
    nearest = {}
    other = x[studies.others_of_the_class(labels)]
    for name, distance in distances.items():
        for kind in DISTORTIONS:
            answers[f"grows with {kind}"][name] = interval(studies.growth(distance, x, kind))
        for change in MILD:
            right = studies.right_choices(distance, x, other, change)
            answers[f"prefers {change}"][name] = interval(right)
        found = studies.neighbours(studies.pairwise(distance, x), NEAREST)
        nearest[name] = torch.cat([x[:SHOWN, None], x[found[:SHOWN]]], 1).flatten(0, 1)
        if bool((labels != UNLABELLED).all()):
            same = answers.setdefault(f"same class among {NEAREST} nearest", {})
            same[name] = interval(studies.precision(found, labels))
    pairs = _pairs(x)
    here = learned.measured(*pairs)
    for run in others:
        there = metric.load(run).measured(*pairs)
        answers.setdefault(AGREES, {})[run] = studies.agreement(here, there)
    return Found(answers, nearest, _drift(Path(path), pairs), len(x))


def _images(trained: model.Model, dataset: Dataset, split: str, most: int) -> tuple[Images, Labels]:
    chosen = {s.name: s for s in (dataset.train, dataset.validation, dataset.test)}[split]
    if min(len(chosen), most) < FEWEST:
        raise UserError(f"{min(len(chosen), most)} {split} images are too few; give {FEWEST} or more")
    rows = torch.randperm(len(chosen), generator=torch.Generator().manual_seed(0))[:most].sort().values
    batches = list(in_order(chosen.rows(rows.numpy()), trained.scaling, model.CHUNK))
    return torch.cat([b.x for b in batches]), torch.cat([b.labels for b in batches])


def _untrained(learned: metric.LearnedMetric) -> Similarity:
    """The same metric of a discriminator that was never trained."""
    kept = learned.kept
    with torch.random.fork_rng():
        torch.manual_seed(0)
        Dis = kept.net.discriminator(kept.shape)
    return Similarity(Dis, learned.weights, kept.shape, kept.unit)


Pairs = tuple[Float[Tensor, "m c h w"], Float[Tensor, "m c h w"]]


def _pairs(x: Images) -> Pairs:
    """Fixed pairs: different images, and images with a distorted self."""
    distorted = torch.cat([distort(x, 0.5) for distort in DISTORTIONS.values()])
    return torch.cat([x, x.repeat(len(DISTORTIONS), 1, 1, 1)]), torch.cat([x.roll(1, 0), distorted])


def _drift(path: Path, pairs: Pairs) -> list[dict[str, float]]:
    """How the same pairs are ranked and how far apart they are at each checkpoint that is kept."""
    run = Run(path)
    seen = [(p, metric.load(p).measured(*pairs)) for p in checkpoints.found(run.checkpoints)]
    return [
        {
            "step": float(int(p.name.partition("-")[2])),
            "rank_correlation": float(studies.spearman(far[None], seen[-1][1][None])),
            "mean_distance": float(far.mean()),
        }
        for p, far in seen
    ]


def write(found: Found, out: Path, title: str) -> Path:
    """check.json and check.html, self-contained, in a folder. RunError if there is no room."""
    out.mkdir(parents=True, exist_ok=True)
    answers = {q: {m: i._asdict() for m, i in by.items()} for q, by in found.answers.items()}
    document: dict[str, Any] = {"images": found.images, "answers": answers, "drift": found.drift}
    files.write(out / "check.json", json.dumps(document, indent=1).encode())
    names = list(found.nearest)
    rows = [[q, *(_said(by.get(name)) for name in names)] for q, by in found.answers.items()]
    agreeing = [[name, f"{i.mean:.3f}"] for name, i in found.answers.get(AGREES, {}).items()]
    drift = [
        [f"{d['step']:,.0f}", f"{d['rank_correlation']:.4f}", f"{d['mean_distance']:.4g}"]
        for d in found.drift
    ]
    body = [
        f"<p>{found.images} images. <i>Grows with</i>: Spearman's correlation of severity and distance, "
        "1 is best. <i>Prefers</i>: how often a mildly changed copy is nearer than another image of the "
        "class. In brackets: 95 % bootstrap intervals over images.</p>",
        table(["", *names], [row for row in rows if any(row[1:])]),
        table(["other runs", "rank correlation"], agreeing) if agreeing else "",
        "<h2>Drift: the same pairs at the checkpoints that are kept</h2>",
        table(["step", "rank correlation with the last", "mean distance"], drift),
        "<h2>Nearest neighbours</h2><p>Each row: an image, then its nearest others.</p>",
        *(f"<h3>{name}</h3>{_drawn(images)}" for name, images in found.nearest.items()),
    ]
    files.write(out / "check.html", page(title, "".join(body)).encode())
    return out / "check.html"


def _drawn(images: Float[Tensor, "n c h w"]) -> str:
    return picture(pictures.png(pictures.grid(images, NEAREST + 1)), "nearest neighbours")


def _said(found: Interval | None) -> str:
    return f"{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]" if found else ""
