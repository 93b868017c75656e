"""The page of a comparison of methods: a table, pictures, and conclusions in sentences."""

import csv
import html
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from likeness.analysis.comparison import TrainedMethod
from likeness.analysis.feature_spaces import CLASSIFIER, RANDOM
from likeness.data.batches import in_order
from likeness.data.choosing import select_split
from likeness.data.conditions import Rows
from likeness.files import atomic
from likeness.intervals import Interval
from likeness.models.autoencoder import Autoencoder
from likeness.models.codes import load_own_data
from likeness.pages import pictures
from likeness.pages.page import page, picture, table
from likeness.runs.loading import load_model
from likeness.shapes import Images, Labels

IMAGE_COUNT = 12
"""Images in each row of a picture."""


def write(runs: Sequence[TrainedMethod], out: Path, split: str) -> Path:
    """Write compare.csv and compare.html to a folder and return the path of the page."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(
        ["method", "seed", "seconds", "peak_memory_mib", "number", "mean", "low", "high", "images"]
    )
    for one in runs:
        for name, number in one.numbers.items():
            cost = [f"{one.seconds:.1f}", _format_mib(one.memory).replace(",", "")]
            rows.writerow([one.method, one.seed, *cost, name, *number])
    atomic.write(out / "compare.csv", text.getvalue().encode())
    title = f"{', '.join(dict.fromkeys(one.method for one in runs))}, compared"
    body = [
        "<h2>What to choose</h2>", *(f"<p>{line}</p>" for line in advice(runs)),
        "<h2>Numbers</h2><p>On ", f"{split} images, with 95 % bootstrap intervals over images; they do not "
        "cover the seed. The last column is how many images, codes or samples a number is of. ",
        "Memory is the most that the process held while it trained, with Python, its libraries and the "
        "images in memory; trainings run one after another in one process, so a later one may include "
        "some tens of MiB that earlier ones left; it is not said where the system does not tell.</p>",
        _number_table(runs), *(f"<p>{html.escape(line)}</p>" for line in cautions(runs)),
        "<h2>Pictures</h2>", *_picture_section(runs, split),
    ]  # fmt: skip
    atomic.write(out / "compare.html", page(title, "".join(body)).encode())
    return out / "compare.html"


def cautions(runs: Sequence[TrainedMethod]) -> list[str]:
    """The cautions of all runs as sentences, without repetitions."""
    return list(dict.fromkeys(f"Take care: {line}." for one in runs for line in one.cautions))


def _number_table(runs: Sequence[TrainedMethod]) -> str:
    names = dict.fromkeys(name for one in runs for name in one.numbers)
    head = ["", *(f"{one.method}, seed {one.seed}" for one in runs), "of"]
    rows = [
        [name, *(_format_interval(one.numbers.get(name)) for one in runs), _image_counts(runs, name)]
        for name in names
    ]
    seconds = ["seconds of training", *(f"{one.seconds:,.0f}" for one in runs), ""]
    memory = [
        "peak memory, MiB",
        *(_format_mib(one.memory) for one in runs),
        "",
    ]
    return table(head, [*rows, seconds, memory])


def _format_mib(memory: float | None) -> str:
    return "" if memory is None else f"{memory:,.0f}"


def _image_counts(runs: Sequence[TrainedMethod], name: str) -> str:
    counts = sorted({one.numbers[name].images for one in runs if name in one.numbers})
    return " or ".join(f"{n:,}" for n in counts)


def _format_interval(number: Interval | None) -> str:
    return f"{number.mean:.4g} [{number.low:.4g}, {number.high:.4g}]" if number else ""


def _picture_section(runs: Sequence[TrainedMethod], split: str) -> list[str]:
    models = {f"{one.method}, seed {one.seed}": load_model(one.run.path) for one in runs}
    x = _first_images(next(iter(models.values())), split)
    made = {name: m.reconstruct(*x) for name, m in models.items() if m.encodes}
    samples = {name: m.sample(IMAGE_COUNT).cpu() for name, m in models.items()}
    return [
        f"<h3>The same {split} images, then each method's reconstructions</h3>",
        _grid({"images": x[0]} | made),
        "<h3>Samples of each method, at codes of the same seed</h3>", _grid(samples),
    ]  # fmt: skip


def _grid(rows: Mapping[str, Images]) -> str:
    names = ", ".join(rows)
    image_grid = pictures.grid(torch.cat(list(rows.values())), len(next(iter(rows.values()))))
    image = picture(pictures.png(image_grid), names)
    return f"<figure>{image}<figcaption>From above: {names}</figcaption></figure>"


def _first_images(trained: Autoencoder, split: str) -> tuple[Images, Rows | None, Labels]:
    images = select_split(load_own_data(trained), split, trained.data.place)
    batch = next(iter(in_order(images, trained.scaling, IMAGE_COUNT)))
    return batch.x, batch.condition, batch.labels


QUESTIONS = (
    ("pixel_mse", "reconstructs nearest in pixels", False),
    ("ssim", "reconstructs most alike in structure", True),
    *(
        question
        for space in (CLASSIFIER, RANDOM)
        for question in (
            (f"kernel[samples, {space}]", "has the samples that are most like the data, as a set", False),
            (f"coverage[samples, {space}]", "has the samples that cover the data best", True),
        )
    ),
    ("kernel[codes, prior]", "has the codes that are most like their prior", False),
)
"""Name of a number, the claim about the best method, and whether higher is better."""
MIN_EDGE_SHARE, MAX_EDGE_SHARE = 0.5, 2.0
"""Edge strength of reconstructions, as a share of that of images, below which they are called blurred, and
above which they are said to add texture."""


def advice(runs: Sequence[TrainedMethod]) -> list[str]:
    """Conclusions in sentences: for each question the best method by its mean over seeds, clearly so if no
    interval of another method overlaps its own; then runs that blur or add texture."""
    lines = [line for question in QUESTIONS if (line := _best_method_sentence(runs, *question))]
    return lines + [line for one in runs if (line := _sharpness_sentence(one))]


def _best_method_sentence(runs: Sequence[TrainedMethod], name: str, claim: str, more: bool) -> str | None:
    by: dict[str, list[Interval]] = {}
    for one in runs:
        if name in one.numbers:
            by.setdefault(one.method, []).append(one.numbers[name])
    if len(by) < 2:
        return None
    sign = -1 if more else 1
    best, *others = sorted(by, key=lambda m: sign * sum(i.mean for i in by[m]) / len(by[m]))
    rivals = [method for method in others if _intervals_overlap(by[best], by[method])]
    how = f"though {' and '.join(rivals)} may do as well" if rivals else "clearly"
    return f"{best} {claim} ({name}), {how}."


def _intervals_overlap(a: Sequence[Interval], b: Sequence[Interval]) -> bool:
    """Whether the span of some intervals overlaps that of others."""
    (low_a, high_a), (low_b, high_b) = ((min(i.low for i in s), max(i.high for i in s)) for s in (a, b))
    return low_a <= high_b and low_b <= high_a


def _sharpness_sentence(one: TrainedMethod) -> str | None:
    real, made = one.numbers.get("edges_images"), one.numbers.get("edges_reconstructions")
    if real is None or made is None or MIN_EDGE_SHARE <= made.mean / real.mean <= MAX_EDGE_SHARE:
        return None
    what = "blurs" if made.mean < real.mean else "adds texture"
    return f"{one.method}, seed {one.seed}, {what}: {made.mean / real.mean:.0%} of the edges of images."
