"""Measuring a run on images that it was not trained on."""

import json
from collections.abc import Sequence
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor

from likeness import registry
from likeness.data.batches import in_order
from likeness.data.dataset import Split, load
from likeness.errors import UserError
from likeness.intervals import Interval, interval
from likeness.metrics._metric import Evidence, Features
from likeness.objectives._classifying import Classifying
from likeness.objectives._features import FeatureCoding
from likeness.objectives._objective import Coding
from likeness.runs import files, model
from likeness.runs.model import Model
from likeness.runs.run import existing
from likeness.shapes import Codes, Images, Labels

METRICS = "likeness.metrics"


def evaluate(
    path: str,
    split: str = "test",
    judges: Sequence[str] = (),
    most: int | None = None,
    only: Sequence[str] = (),
) -> dict[str, Interval]:
    """The metrics of a run on a split of its data, also written to RUN/evaluation-SPLIT.json.

    Without `only`, all but those that are costly.

    `judges` are runs whose discriminators measure the feature error. Raises UserError if the split
    is empty, a metric is not known, or a judge has no discriminator or was trained on images of
    another shape.
    """
    run = existing(path)
    known = (registry.module(METRICS, name) for name in only or registry.names(METRICS))
    metrics = [metric for metric in known if only or not getattr(metric, "ON_REQUEST", False)]
    evidence = gathered(model.load(path), split, judges, most)
    measured = {name: interval(values) for metric in metrics for name, values in metric.measure(evidence)}
    document = {name: found._asdict() for name, found in measured.items()}
    files.write(run.path / f"evaluation-{split}.json", json.dumps(document, indent=1).encode())
    return measured


def gathered(judged: Model, split: str, judges: Sequence[str], most: int | None) -> Evidence:
    """What the metrics look at."""
    dataset = load(judged.config.data, judged.config.training.seed)
    splits = {s.name: s for s in (dataset.train, dataset.validation, dataset.test)}
    if not len(splits[split]):
        raise UserError(f"{judged.config.data.data} has no {split} images; choose another --split")
    images, labels = _all(judged, splits[split], most)
    validation, validation_labels = _all(judged, dataset.validation, most)
    objective, codes = judged.objective, None
    if isinstance(objective, Coding):
        codes = judged.encode(images, labels)
    sorts = isinstance(objective, Classifying)
    return Evidence(
        images, labels,
        reconstructions=None if codes is None else judged.decode(codes),
        codes=None if codes is None else objective.styles(codes),
        validation=validation, validation_labels=validation_labels,
        sample=judged.sample, prior=partial(_prior, judged),
        classify=judged.class_probabilities if sorts else None,
        clusters=sorts and "classifier" not in objective.moves,
        judges={name: _judge(name, images) for name in judges},
    )  # fmt: skip


def _prior(judged: Model, n: int) -> Codes:
    return judged.objective.styles(judged.codes(n))


def _all(judged: Model, split: Split, most: int | None) -> tuple[Images, Labels]:
    """The images and labels of a split, or the first of them."""
    batches = list(in_order(split, judged.scaling, model.CHUNK)) if len(split) else []
    if not batches:
        return torch.zeros(0, *judged.shape), torch.zeros(0, dtype=torch.int64)
    images, labels = zip(*((batch.x, batch.labels) for batch in batches))
    return torch.cat(images)[:most], torch.cat(labels)[:most]


def _judge(path: str, images: Images) -> Features:
    """The features of a run's discriminator: its chosen layers, or the one its family recommends."""
    lender = model.load(path)
    if "discriminator" not in lender.nets:
        raise UserError(f"{path} has no discriminator; judge by a gan or a vae_gan")
    lender.check(images)
    Dis, objective = lender.nets["discriminator"], lender.objective
    recommended = [Dis.default_layer]
    layers = list(objective.chosen(Dis)) if isinstance(objective, FeatureCoding) else recommended
    return partial(_features, Dis, layers)


@torch.no_grad()
def _features(Dis: torch.nn.Module, layers: list[str], x: Images) -> list[Float[Tensor, "n ..."]]:
    features = Dis(x).features
    return [features[l] for l in layers]
