"""Measuring a run on images that it was not trained on."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from likeness import registry
from likeness.analysis.feature_spaces import Lent, lent, space
from likeness.batch import Batch
from likeness.data import fingerprints
from likeness.data.batches import whole
from likeness.data.choosing import chosen
from likeness.data.dataset import Dataset, Split
from likeness.data.training_data import TrainingData
from likeness.errors import UserError
from likeness.files import atomic
from likeness.intervals import Interval, interval
from likeness.metrics import EvaluationData, Metric
from likeness.models.autoencoder import Autoencoder
from likeness.models.codes import load_own_data, load_prepared
from likeness.runs.loading import load_model
from likeness.runs.run import Run, run_of
from likeness.shapes import Codes, Probabilities, describe

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


@dataclass(frozen=True)
class Asked:
    """What is to be measured of a run, and on which images."""

    split: str = "test"
    most: int | None = None
    """So many images are drawn from the split, always the same."""
    only: Sequence[str] = ()
    """Metrics, by name; without, all but those that are costly."""
    judges: Sequence[str] = ()
    """Runs whose discriminators measure the feature error."""
    features: Sequence[str] = ()
    """Spaces in which sets of images are compared: `classifier` (of the run's own data), `random` (an
    untrained network), runs with a discriminator, or .onnx files."""
    data: str | None = None
    """Other data than the run's own, of the same shape."""
    device: str = "cpu"
    """Where the run's networks and its judges compute."""


def evaluate(path: str, asked: Asked) -> Evaluation:
    """The metrics of a run.

    Raises UserError if the split is empty or too small, a metric is not known, or a judge has no
    discriminator or was trained on images of another shape.
    """
    metrics = chosen_metrics(asked.only)  # a wrong name is refused before any work
    return measured(gathered(load_model(path, device=asked.device), asked, run_of(path)), metrics)


def chosen_metrics(only: Sequence[str]) -> list[Metric]:
    """The metrics named, or all but those that are costly. UserError for one that is not known."""
    if only:
        return [registry.entry(METRICS, name, Metric)() for name in only]
    return [metric() for metric in registry.all_classes(METRICS, Metric).values() if not metric.on_request]


def measured(evidence: EvaluationData, metrics: Sequence[Metric]) -> Evaluation:
    """What metrics say of the evidence. Raises UserError for what is no number of images."""
    numbers = {name: number for metric in metrics for name, number in _numbers(metric, evidence)}
    dimensions = {
        name: v for metric in metrics for name, v in metric.dimension_statistics(evidence).items()
    }
    return Evaluation(numbers, [*_cautions(evidence, metrics, numbers)], dimensions)


def _numbers(metric: Metric, evidence: EvaluationData) -> Iterator[tuple[str, Interval]]:
    """The numbers of a metric, each with its interval."""
    for name, found in metric.measure(evidence):
        if isinstance(found, Interval):
            yield name, found
        elif isinstance(found, Tensor) and found.dim() == 1:
            yield name, interval(found)
        else:
            raise UserError(
                f"{metric.name} yields {name} of {describe(found)}; yield a value for each image, a tensor "
                "(n,), or an Interval"
            )


def write(path: str, found: Evaluation, asked: Asked) -> Path:
    """RUN/evaluation-SPLIT.json; of a checkpoint its name is before the split, and of other data the last
    part of their path or word, and a digest of the whole: RUN/evaluation-best-DATA-KEY-SPLIT.json."""
    run, data = run_of(path), asked.data
    checkpoint = () if Path(path) == run.path else (Path(path).name,)
    document = {
        "data": data or run.config().data.place, "split": asked.split,
        "numbers": {name: number._asdict() for name, number in found.numbers.items()},
        "warnings": found.cautions, "dimensions": dict(found.dimensions),
    }  # fmt: skip
    name = "-".join(["evaluation", *checkpoint, *(_place(data) if data else ()), asked.split]) + ".json"
    atomic.write(run.path / name, json.dumps(document, indent=1).encode())
    return run.path / name


def _place(data: str) -> tuple[str, str]:
    where = Path(data).resolve() if Path(data).exists() else Path(data)
    return where.name, fingerprints.of_parts([str(where)])[:6]


def _cautions(
    evidence: EvaluationData, metrics: Sequence[Metric], numbers: Mapping[str, Interval]
) -> Iterator[str]:
    for metric in metrics:
        yield from metric.cautions(evidence)
    if numbers and len(evidence.images) < FEW:
        yield f"{len(evidence.images)} images are few: intervals from so few are themselves uncertain"


def gathered(judged: Autoencoder, asked: Asked, run: Run | None = None) -> EvaluationData:
    """What the metrics look at; a feature space may be the `run`'s own, beside which it is kept."""
    dataset = _dataset(judged, asked.data)
    own = _own(judged, asked.data, dataset)
    seen, most = chosen(dataset, asked.split, asked.data or judged.data.place), asked.most
    seen = _some(seen, most)
    shown = whole(seen, judged.scaling)
    held = whole(_some(dataset.validation, most), judged.scaling)
    images, labels, condition = shown.x, shown.labels, shown.condition
    judges = {name: lent(name, judged.shape).to(judged.device) for name in asked.judges}
    style, codes, drawn = judged.objective.code.style, None, None
    if judged.encodes:
        q = judged.encode(images, condition, labels)
        codes, drawn = q.mean, q.sample(1)
    return EvaluationData(
        images, labels,
        reconstructions=None if codes is None else judged.decode(codes, condition),
        codes=None if codes is None else style(codes),
        sampled_codes=None if drawn is None else style(drawn),
        validation_images=held.x, validation_labels=held.labels,
        sample_images=lambda n: judged.sample(n).cpu(), sample_prior=partial(_prior, judged),
        class_probabilities=_probabilities(judged, shown),
        cluster_probabilities=None if judged.objective.supervised else _probabilities(judged, held),
        load_training_images=lambda: whole(_some(own.load().train, TRAINING), judged.scaling).x,
        feature_spaces={
            name: space(name, run, judged.shape, own, judged.device) for name in asked.features if run
        },
        discriminators={name: judge.features for name, judge in judges.items()},
        discriminator_conditions=_own_conditions(dataset, seen, judges),
    )  # fmt: skip


def _dataset(judged: Autoencoder, data: str | None) -> Dataset:
    """The run's own data, or others that are prepared in the same way."""
    return load_prepared(judged, data) if data else load_own_data(judged)


def _own(judged: Autoencoder, data: str | None, dataset: Dataset) -> TrainingData:
    """The run's own data: at the place of other ones, where these are the same ones."""
    own = judged.training_data
    return own.at(data) if data and len(dataset.train) and own.holds(dataset) else own


def _prior(judged: Autoencoder, n: int) -> Codes:
    return judged.objective.code.style(judged.sample_codes(n)).cpu()


def _probabilities(judged: Autoencoder, batch: Batch) -> Probabilities | None:
    """Of the classes of each image, of a method that has them."""
    return judged.class_probabilities(batch.x, batch.condition) if judged.classifies else None


def _own_conditions(dataset: Dataset, split: Split, judges: Mapping[str, Lent]) -> dict[str, Tensor]:
    """The conditions of images as judges take them, of those judges whose conditions the data have."""
    found = {}
    for name, judge in judges.items():
        try:
            values = torch.from_numpy(dataset.condition_values(split, judge.conditions))
        except UserError:  # it judges under the mean of its own
            continue
        if judge.conditions.items:
            found[name] = judge.conditions.encode(values)
    return found


def _some(split: Split, most: int | None) -> Split:
    """All of a split, or so many drawn from it, always the same."""
    if most is not None and most < len(split):
        mixed = np.random.default_rng(0).permutation(len(split))  # a split may be in an order
        return split.rows(np.sort(mixed[:most]))
    return split
