"""Measuring a run on images that it was not trained on."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import NamedTuple

import numpy as np
import torch

from likeness import registry
from likeness.data.batches import in_order
from likeness.data.dataset import Dataset, Split, load
from likeness.intervals import Interval, interval
from likeness.metrics import latents
from likeness.metrics._metric import Evidence
from likeness.objectives._classifying import Classifying
from likeness.objectives._objective import Coding
from likeness.runs import files, model
from likeness.runs.codes import prepared
from likeness.runs.model import Model, Told
from likeness.runs.run import Run, existing
from likeness.runs.spaces import judge, space
from likeness.runs.splits import chosen
from likeness.shapes import Codes, Images, Labels

METRICS = "likeness.metrics"
TRAINING = 20_000
"""Training images that copies are looked for among."""
FEW = 100
"""Images of which an interval is itself uncertain."""


class Evaluation(NamedTuple):
    """What was measured."""

    numbers: dict[str, Interval]
    cautions: list[str]
    """Why some numbers are not to be relied on, a sentence each."""
    dimensions: Mapping[str, list[float]] = MappingProxyType({})
    """Mean and spread of each dimension of the codes."""


def evaluate(
    path: str,
    split: str = "test",
    judges: Sequence[str] = (),
    most: int | None = None,
    only: Sequence[str] = (),
    features: Sequence[str] = (),
) -> dict[str, Interval]:
    """The numbers of `examined`, which are also written down as `write` does."""
    found = examined(path, split, judges, most, only, features)
    write(path, found, split)
    return found.numbers


def examined(
    path: str,
    split: str = "test",
    judges: Sequence[str] = (),
    most: int | None = None,
    only: Sequence[str] = (),
    features: Sequence[str] = (),
    data: str | None = None,
) -> Evaluation:
    """The metrics of a run on a split of its data, or of other `data` of the same shape.

    Without `only`, all but those that are costly; `most` images are drawn from the split, always the same.

    `judges` are runs whose discriminators measure the feature error; `features` are spaces in which
    sets of images are compared, each `classifier` (of the run's own data), `random` (an untrained network)
    or a run with a discriminator. Raises UserError if the split is empty or too small, a metric is not
    known, or a judge has no discriminator or was trained on images of another shape.
    """
    run = existing(path)
    known = (registry.module(METRICS, name) for name in only or registry.names(METRICS))
    metrics = [metric for metric in known if only or not getattr(metric, "ON_REQUEST", False)]
    evidence = gathered(model.load(path), split, judges, most, features, run, data)
    found = (pair for metric in metrics for pair in metric.measure(evidence))
    numbers = {name: v if isinstance(v, Interval) else interval(v) for name, v in found}
    dimensions = latents.dimensions(evidence) if latents in metrics else {}
    return Evaluation(numbers, [*_cautions(evidence, metrics, numbers)], dimensions)


def write(path: str, found: Evaluation, split: str, data: str | None = None) -> Path:
    """RUN/evaluation-SPLIT.json, or RUN/evaluation-DATA-SPLIT.json of other data."""
    run = existing(path)
    document = {
        "data": data or run.config().data.data, "split": split,
        "numbers": {name: number._asdict() for name, number in found.numbers.items()},
        "warnings": found.cautions, "dimensions": dict(found.dimensions),
    }  # fmt: skip
    name = f"evaluation-{Path(data).name}-{split}.json" if data else f"evaluation-{split}.json"
    files.write(run.path / name, json.dumps(document, indent=1).encode())
    return run.path / name


def _cautions(
    evidence: Evidence, metrics: Sequence[ModuleType], numbers: Mapping[str, Interval]
) -> Iterator[str]:
    for metric in metrics:
        yield from getattr(metric, "cautions", lambda _: ())(evidence)
    if numbers and len(evidence.images) < FEW:
        yield f"{len(evidence.images)} images are few: intervals from so few are themselves uncertain"


def gathered(
    judged: Model,
    split: str,
    judges: Sequence[str],
    most: int | None,
    features: Sequence[str] = (),
    run: Run | None = None,
    data: str | None = None,
) -> Evidence:
    """What the metrics look at; a feature space may be the `run`'s own, beside which it is kept."""
    dataset, own = _dataset(judged, data), judged.config
    seen = chosen(dataset, split, data or own.data.data)
    images, labels, attributes = _all(judged, seen, most)
    validation, validation_labels, _ = _all(judged, dataset.validation, most)
    objective, codes, drawn = judged.objective, None, None
    if isinstance(objective, Coding):
        codes = judged.encode(images, labels, attributes)
        drawn = judged.draw(images, labels, attributes)
    sorts = isinstance(objective, Classifying)
    return Evidence(
        images, labels,
        reconstructions=None if codes is None else judged.decode(codes, attributes),
        codes=None if codes is None else objective.styles(codes),
        drawn=None if drawn is None else objective.styles(drawn),
        validation=validation, validation_labels=validation_labels,
        sample=judged.sample, prior=partial(_prior, judged),
        classify=judged.class_probabilities if sorts else None,
        clusters=sorts and "classifier" not in objective.moves,
        training=lambda: _all(judged, load(own.data, own.training.seed).train, TRAINING)[0],
        spaces={name: space(name, run, judged.shape) for name in features if run},
        judges={name: judge(name, judged.shape) for name in judges},
    )  # fmt: skip


def _dataset(judged: Model, data: str | None) -> Dataset:
    """The run's own data, or others that are prepared in the same way."""
    own = judged.config
    if data:
        return prepared(judged, data)
    return load(own.data, own.training.seed).telling(own.objective.given)


def _prior(judged: Model, n: int) -> Codes:
    return judged.objective.styles(judged.codes(n))


def _all(judged: Model, split: Split, most: int | None) -> tuple[Images, Labels, Told]:
    """The images of a split, their labels and attributes, or of so many drawn from it, always the same."""
    if most is not None and most < len(split):
        mixed = np.random.default_rng(0).permutation(len(split))  # a split may be in an order
        split = split.rows(np.sort(mixed[:most]))
    batches = list(in_order(split, judged.scaling, model.CHUNK)) if len(split) else []
    if not batches:
        return torch.zeros(0, *judged.shape), torch.zeros(0, dtype=torch.int64), None
    images, labels = zip(*((batch.x, batch.labels) for batch in batches))
    traits = [batch.attributes for batch in batches if batch.attributes is not None]
    return torch.cat(images), torch.cat(labels), torch.cat(traits) if traits else None
