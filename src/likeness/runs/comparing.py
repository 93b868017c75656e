"""Methods trained on the same data under one budget, measured alike, and what the numbers say."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from likeness import pictures, registry
from likeness.data.batches import in_order
from likeness.data.dataset import load
from likeness.errors import UserError
from likeness.intervals import Interval
from likeness.objectives._objective import Coding
from likeness.runs import files, model
from likeness.runs.evaluating import evaluate
from likeness.runs.fit import Progress, train
from likeness.runs.page import page, picture, table
from likeness.runs.run import Run
from likeness.runs.settings import gathered
from likeness.shapes import Images

LENDER, BORROWER = "gan", "vae_dis_l"
MEASURED = ("pixels", "structure", "sharpness", "prior")
SHOWN = 12
SPACE = "random"


@dataclass(frozen=True)
class Trained:
    """One method and seed, trained and measured."""

    method: str
    seed: int
    run: Run
    numbers: Mapping[str, Interval]

    @property
    def seconds(self) -> float:
        """How long the training took."""
        return float(self.run.newest().get("seconds", 0.0))


def compare(
    methods: Sequence[str],
    seeds: int,
    settings: Mapping[str, Any],
    out: Path,
    split: str,
    watcher: Callable[[Progress], None],
) -> list[Trained]:
    """Train each method once for each seed, or take the run that is there, and measure it.

    Where the discriminator of a GAN is to be borrowed, that is trained first, under the same budget.
    Raises UserError for an unknown method.
    """
    known = registry.names("likeness.objectives")
    for method in methods:
        if method not in known:
            raise UserError(f"there is no method {method!r}; {registry.near(method, known)}")
    ordered = sorted(methods, key=lambda m: m != LENDER)
    if BORROWER in methods and LENDER not in methods:
        ordered = [LENDER, *ordered]
    return [
        _trained(method, seed, settings, out, split, watcher) for seed in range(seeds) for method in ordered
    ]


def _trained(
    method: str, seed: int, settings: Mapping[str, Any], out: Path, split: str,
    watcher: Callable[[Progress], None],
) -> Trained:  # fmt: skip
    run, said = Run(_place(out, method, seed)), dict(settings) | {"seed": seed}
    if method == BORROWER:
        said["borrow"] = {"discriminator": str(_place(out, LENDER, seed))}
    wanted = gathered(method, said)
    if not run.report.exists() or run.config() != wanted:
        train(wanted, run.path, resume=True, watcher=watcher)
    numbers = evaluate(str(run.path), split, only=MEASURED)
    with suppress(UserError):  # too few images for a covariance
        numbers |= evaluate(str(run.path), split, only=["distributions"], features=[SPACE])
    return Trained(method, seed, run, numbers)


def _place(out: Path, method: str, seed: int) -> Path:
    return out / f"{method}-{seed}"


def write(found: Sequence[Trained], out: Path, split: str) -> Path:
    """compare.csv and compare.html in a folder."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["method", "seed", "seconds", "number", "mean", "low", "high", "images"])
    for one in found:
        for name, number in one.numbers.items():
            rows.writerow([one.method, one.seed, f"{one.seconds:.1f}", name, *number])
    files.write(out / "compare.csv", text.getvalue().encode())
    title = f"{', '.join(dict.fromkeys(one.method for one in found))}, compared"
    body = "".join(
        [
            "<h2>What to choose</h2>", *(f"<p>{line}</p>" for line in advice(found)),
            "<h2>Numbers</h2><p>On ", f"{split} images, with 95 % bootstrap intervals over images; "
            "they do not cover the seed.</p>", _numbers(found),
            "<h2>Pictures</h2>", *_pictures(found, split),
        ]
    )  # fmt: skip
    files.write(out / "compare.html", page(title, body).encode())
    return out / "compare.html"


def _numbers(found: Sequence[Trained]) -> str:
    names = dict.fromkeys(name for one in found for name in one.numbers)
    head = ["", *(f"{one.method}, seed {one.seed}" for one in found)]
    rows = [[name, *(_said(one.numbers.get(name)) for one in found)] for name in names]
    return table(head, [*rows, ["seconds of training", *(f"{one.seconds:,.0f}" for one in found)]])


def _said(number: Interval | None) -> str:
    return f"{number.mean:.4g} [{number.low:.4g}, {number.high:.4g}]" if number else ""


def _pictures(found: Sequence[Trained], split: str) -> list[str]:
    models = {f"{one.method}, seed {one.seed}": model.load(one.run.path) for one in found}
    x = _first(next(iter(models.values())), split)
    made = {
        name: m.reconstruct(x[0], x[1]) for name, m in models.items() if isinstance(m.objective, Coding)
    }
    samples = {name: m.sample(SHOWN) for name, m in models.items()}
    return [
        f"<h3>The same {split} images, then each method's reconstructions</h3>",
        _grid({"images": x[0]} | made),
        "<h3>Samples of each method, at codes of the same seed</h3>", _grid(samples),
    ]  # fmt: skip


def _grid(rows: Mapping[str, Images]) -> str:
    names = ", ".join(rows)
    drawn = pictures.grid(torch.cat(list(rows.values())), SHOWN)
    image = picture(pictures.png(drawn), names)
    return f"<figure>{image}<figcaption>From above: {names}</figcaption></figure>"


def _first(trained: model.Model, split: str) -> tuple[Images, torch.Tensor]:
    dataset = load(trained.config.data, trained.config.training.seed)
    chosen = {s.name: s for s in (dataset.train, dataset.validation, dataset.test)}[split]
    batch = next(iter(in_order(chosen, trained.scaling, SHOWN)))
    return batch.x, batch.labels


QUESTIONS = (
    ("pixel_mse", "reconstructs nearest in pixels", False),
    ("ssim", "reconstructs most alike in structure", True),
    (f"kernel[samples, {SPACE}]", "has the samples that are most like the data, as a set", False),
    (f"coverage[samples, {SPACE}]", "has the samples that cover the data best", True),
    ("two_sample_accuracy", "has the codes that are most like their prior", False),
)
"""A number, what the best method does, and whether more is better."""
BLURRED, ROUGH = 0.5, 2.0
"""Shares of real edges from which on reconstructions are said to blur, or to have too much texture."""


def advice(found: Sequence[Trained]) -> list[str]:
    """What the numbers say: for each question the method that is best by its mean over seeds, and how
    surely, which is clearly when the intervals of no other method reach its own; then blur and texture."""
    lines = [line for question in QUESTIONS if (line := _answer(found, *question))]
    return lines + [line for one in found if (line := _sharpness(one))]


def _answer(found: Sequence[Trained], name: str, does: str, more: bool) -> str | None:
    by: dict[str, list[Interval]] = {}
    for one in found:
        if name in one.numbers:
            by.setdefault(one.method, []).append(one.numbers[name])
    if len(by) < 2:
        return None
    sign = -1 if more else 1
    best, *others = sorted(by, key=lambda m: sign * sum(i.mean for i in by[m]) / len(by[m]))
    rivals = [method for method in others if _overlap(by[best], by[method])]
    how = f"though {' and '.join(rivals)} may do as well" if rivals else "clearly"
    return f"{best} {does} ({name}), {how}."


def _overlap(a: Sequence[Interval], b: Sequence[Interval]) -> bool:
    """Whether the span of some intervals reaches that of others."""
    (low_a, high_a), (low_b, high_b) = ((min(i.low for i in s), max(i.high for i in s)) for s in (a, b))
    return low_a <= high_b and low_b <= high_a


def _sharpness(one: Trained) -> str | None:
    real, made = one.numbers.get("edges_images"), one.numbers.get("edges_reconstructions")
    if real is None or made is None or BLURRED <= made.mean / real.mean <= ROUGH:
        return None
    what = "blurs" if made.mean < real.mean else "adds texture"
    return f"{one.method}, seed {one.seed}, {what}: {made.mean / real.mean:.0%} of the edges of images."
