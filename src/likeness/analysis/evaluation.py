"""Evaluation of a run on images that it was not trained on."""

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
from likeness.analysis.feature_spaces import PretrainedDiscriminator, feature_space, load_discriminator
from likeness.batch import Batch
from likeness.data import fingerprints
from likeness.data.batches import whole
from likeness.data.choosing import select_split
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
"""The registry of metrics."""
MAX_TRAINING_IMAGES = 20_000
"""Most training images among which metrics search for copies."""
MIN_IMAGES = 100
"""Number of images below which an interval is itself uncertain."""


class Evaluation(NamedTuple):
    """The results of an evaluation."""

    numbers: dict[str, Interval]
    """Means of metrics with their 95 % intervals, by name."""
    cautions: list[str]
    """Reasons why numbers are missing or unreliable, one sentence each."""
    dimensions: Mapping[str, list[float]] = MappingProxyType({})
    """Statistics of the codes by name, each with one number per dimension."""


@dataclass(frozen=True)
class EvaluationOptions:
    """The images and the metrics of an evaluation."""

    split: str = "test"
    """Split of the images."""
    max_images: int | None = None
    """Most images of the split: a random subset, always the same; by default all."""
    metrics: Sequence[str] = ()
    """Names of metrics; by default all but the expensive ones."""
    metric_runs: Sequence[str] = ()
    """Runs whose discriminators measure the feature error."""
    features: Sequence[str] = ()
    """Feature spaces in which sets of images are compared: `classifier` (of the run's own data), `random`
    (an untrained network), runs with a discriminator, or .onnx files."""
    data: str | None = None
    """Other data than the run's own, of the same shape."""
    device: str = "cpu"
    """Device of the networks of the run and of the metric runs."""


def evaluate(path: str, options: EvaluationOptions) -> Evaluation:
    """Evaluate a run.

    Raises UserError if the split is empty or too small, a metric is unknown, or a metric run has no
    discriminator or was trained on images of another shape.
    """
    metrics = select_metrics(options.metrics)  # a wrong name is refused before any work
    data = gather(load_model(path, device=options.device), options, run_of(path))
    return measure(data, metrics)


def select_metrics(names: Sequence[str]) -> list[Metric]:
    """The metrics of these names, or all but the expensive ones. Raises UserError for an unknown name."""
    if names:
        return [registry.entry(METRICS, name, Metric)() for name in names]
    return [metric() for metric in registry.all_classes(METRICS, Metric).values() if not metric.on_request]


def measure(data: EvaluationData, metrics: Sequence[Metric]) -> Evaluation:
    """The numbers of metrics, each with its interval. Raises UserError if a metric yields anything but an
    Interval or one value per image."""
    numbers = {name: number for metric in metrics for name, number in _numbers(metric, data)}
    dimensions = {name: v for metric in metrics for name, v in metric.dimension_statistics(data).items()}
    return Evaluation(numbers, [*_cautions(data, metrics, numbers)], dimensions)


def _numbers(metric: Metric, data: EvaluationData) -> Iterator[tuple[str, Interval]]:
    """The numbers of a metric, each with its interval."""
    for name, value in metric.measure(data):
        if isinstance(value, Interval):
            yield name, value
        elif isinstance(value, Tensor) and value.dim() == 1:
            yield name, interval(value)
        else:
            raise UserError(
                f"{metric.name} yields {name} of {describe(value)}; yield a value for each image, a tensor "
                "(n,), or an Interval"
            )


def write(path: str, evaluation: Evaluation, options: EvaluationOptions) -> Path:
    """Write an evaluation to RUN/evaluation-SPLIT.json and return the path.

    Of a checkpoint, its name precedes the split; of other data, the last part of their path or word and a
    digest of the whole do: RUN/evaluation-best-DATA-KEY-SPLIT.json.
    """
    run, data = run_of(path), options.data
    checkpoint = () if Path(path) == run.path else (Path(path).name,)
    document = {
        "data": data or run.config().data.place, "split": options.split,
        "numbers": {name: number._asdict() for name, number in evaluation.numbers.items()},
        "warnings": evaluation.cautions, "dimensions": dict(evaluation.dimensions),
    }  # fmt: skip
    parts = ["evaluation", *checkpoint, *(_data_name_and_key(data) if data else ()), options.split]
    file = run.path / ("-".join(parts) + ".json")
    atomic.write(file, json.dumps(document, indent=1).encode())
    return file


def _data_name_and_key(data: str) -> tuple[str, str]:
    path = Path(data).resolve() if Path(data).exists() else Path(data)
    return path.name, fingerprints.of_parts([str(path)])[:6]


def _cautions(
    data: EvaluationData, metrics: Sequence[Metric], numbers: Mapping[str, Interval]
) -> Iterator[str]:
    for metric in metrics:
        yield from metric.cautions(data)
    if numbers and len(data.images) < MIN_IMAGES:
        yield f"{len(data.images)} images are few: intervals from so few are themselves uncertain"


def gather(model: Autoencoder, options: EvaluationOptions, run: Run | None = None) -> EvaluationData:
    """The input of metrics for a model.

    A classifier as a feature space is stored beside the `run`. Raises UserError if the split is empty, or a
    metric run or feature space cannot be used.
    """
    dataset = _dataset(model, options.data)
    own, max_images = _own_training_data(model, options.data, dataset), options.max_images
    split = _random_subset(
        select_split(dataset, options.split, options.data or model.data.place), max_images
    )
    batch = whole(split, model.scaling)
    validation = whole(_random_subset(dataset.validation, max_images), model.scaling)
    images, labels, condition = batch.x, batch.labels, batch.condition
    discriminators = {
        name: load_discriminator(name, model.shape).to(model.device) for name in options.metric_runs
    }
    style, codes, sampled_codes = model.objective.code.style, None, None
    if model.encodes:
        q = model.encode(images, condition, labels)
        codes, sampled_codes = q.mean, q.sample(1)
    return EvaluationData(
        images, labels,
        reconstructions=None if codes is None else model.decode(codes, condition),
        codes=None if codes is None else style(codes),
        sampled_codes=None if sampled_codes is None else style(sampled_codes),
        validation_images=validation.x, validation_labels=validation.labels,
        sample_images=lambda n: model.sample(n).cpu(), sample_prior=partial(_prior_styles, model),
        class_probabilities=_class_probabilities(model, batch),
        cluster_probabilities=None
        if model.objective.supervised
        else _class_probabilities(model, validation),
        load_training_images=lambda: whole(
            _random_subset(own.load().train, MAX_TRAINING_IMAGES), model.scaling
        ).x,
        feature_spaces={
            name: feature_space(name, run, model.shape, own, model.device)
            for name in options.features if run
        },
        discriminators={name: d.features for name, d in discriminators.items()},
        discriminator_conditions=_own_conditions(dataset, split, discriminators),
    )  # fmt: skip


def _dataset(model: Autoencoder, data: str | None) -> Dataset:
    """The model's own data, or other data prepared in the same way."""
    return load_prepared(model, data) if data else load_own_data(model)


def _own_training_data(model: Autoencoder, data: str | None, dataset: Dataset) -> TrainingData:
    """The model's own data; at the path of `data` if that holds a copy of them."""
    own = model.training_data
    return own.at(data) if data and len(dataset.train) and own.holds(dataset) else own


def _prior_styles(model: Autoencoder, n: int) -> Codes:
    return model.objective.code.style(model.sample_codes(n)).cpu()


def _class_probabilities(model: Autoencoder, batch: Batch) -> Probabilities | None:
    """Class probabilities of images; None if the method has no classes."""
    return model.class_probabilities(batch.x, batch.condition) if model.classifies else None


def _own_conditions(
    dataset: Dataset, split: Split, discriminators: Mapping[str, PretrainedDiscriminator]
) -> dict[str, Tensor]:
    """Conditions of the images for those discriminators whose conditions the data have."""
    encoded = {}
    for name, discriminator in discriminators.items():
        try:
            values = torch.from_numpy(dataset.condition_values(split, discriminator.conditions))
        except UserError:  # the mean of its own conditions is used
            continue
        if discriminator.conditions.items:
            encoded[name] = discriminator.conditions.encode(values)
    return encoded


def _random_subset(split: Split, max_images: int | None) -> Split:
    """A random subset of a split, always the same, or all if it has at most so many images."""
    if max_images is not None and max_images < len(split):
        order = np.random.default_rng(0).permutation(len(split))  # a split may be sorted
        return split.rows(np.sort(order[:max_images]))
    return split
