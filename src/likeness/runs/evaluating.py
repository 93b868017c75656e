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
from likeness.metrics._metric import Evidence, Features, Space
from likeness.nets._family import Discriminator
from likeness.nets.larsen import Larsen
from likeness.objectives._classifying import Classifying
from likeness.objectives._features import FeatureCoding
from likeness.objectives._objective import Coding
from likeness.runs import files, model
from likeness.runs.model import Model, Told
from likeness.runs.run import existing
from likeness.shapes import Codes, Images, ImageShape, Labels

METRICS = "likeness.metrics"
TRAINING = 20_000
"""Training images that copies are looked for among."""


def evaluate(
    path: str,
    split: str = "test",
    judges: Sequence[str] = (),
    most: int | None = None,
    only: Sequence[str] = (),
    features: Sequence[str] = (),
) -> dict[str, Interval]:
    """The metrics of a run on a split of its data, also written to RUN/evaluation-SPLIT.json.

    Without `only`, all but those that are costly.

    `judges` are runs whose discriminators measure the feature error; `features` are spaces in which
    sets of images are compared, each `random` (an untrained network) or a run with a discriminator.
    Raises UserError if the split is empty or too small, a metric is not known, or a judge has no
    discriminator or was trained on images of another shape.
    """
    run = existing(path)
    known = (registry.module(METRICS, name) for name in only or registry.names(METRICS))
    metrics = [metric for metric in known if only or not getattr(metric, "ON_REQUEST", False)]
    evidence = gathered(model.load(path), split, judges, most, features)
    found = (pair for metric in metrics for pair in metric.measure(evidence))
    measured = {name: v if isinstance(v, Interval) else interval(v) for name, v in found}
    document = {name: found._asdict() for name, found in measured.items()}
    files.write(run.path / f"evaluation-{split}.json", json.dumps(document, indent=1).encode())
    return measured


def gathered(
    judged: Model, split: str, judges: Sequence[str], most: int | None, features: Sequence[str] = ()
) -> Evidence:
    """What the metrics look at."""
    dataset = load(judged.config.data, judged.config.training.seed)
    dataset = dataset.telling(judged.objective.given)
    splits = {s.name: s for s in (dataset.train, dataset.validation, dataset.test)}
    if not len(splits[split]):
        raise UserError(f"{judged.config.data.data} has no {split} images; choose another --split")
    images, labels, attributes = _all(judged, splits[split], most)
    validation, validation_labels, _ = _all(judged, dataset.validation, most)
    objective, codes = judged.objective, None
    if isinstance(objective, Coding):
        codes = judged.encode(images, labels, attributes)
    sorts = isinstance(objective, Classifying)
    return Evidence(
        images, labels,
        reconstructions=None if codes is None else judged.decode(codes, attributes),
        codes=None if codes is None else objective.styles(codes),
        validation=validation, validation_labels=validation_labels,
        sample=judged.sample, prior=partial(_prior, judged),
        classify=judged.class_probabilities if sorts else None,
        clusters=sorts and "classifier" not in objective.moves,
        training=lambda: _all(judged, dataset.train, TRAINING)[0],
        spaces={name: _space(name, judged.shape) for name in features},
        judges={name: _judge(name, judged.shape) for name in judges},
    )  # fmt: skip


def _prior(judged: Model, n: int) -> Codes:
    return judged.objective.styles(judged.codes(n))


def _all(judged: Model, split: Split, most: int | None) -> tuple[Images, Labels, Told]:
    """The images of a split, or the first of them, with their labels and attributes."""
    batches = list(in_order(split, judged.scaling, model.CHUNK)) if len(split) else []
    if not batches:
        return torch.zeros(0, *judged.shape), torch.zeros(0, dtype=torch.int64), None
    images, labels = zip(*((batch.x, batch.labels) for batch in batches))
    traits = [batch.attributes for batch in batches if batch.attributes is not None]
    return torch.cat(images)[:most], torch.cat(labels)[:most], torch.cat(traits)[:most] if traits else None


def _space(name: str, shape: ImageShape) -> Space:
    """A feature space: the mean over places of features of an untrained network, or of a run's."""
    Dis, layers = _untrained(shape) if name == "random" else _lent(name, shape)

    def pooled(x: Images) -> Float[Tensor, "n d"]:
        parts = [_features(Dis, layers, part) for part in x.split(model.CHUNK)]
        return torch.cat([torch.cat([_over_places(f) for f in part], 1) for part in parts])

    return pooled


def _over_places(features: Float[Tensor, "n k ..."]) -> Float[Tensor, "n k"]:
    return features.flatten(2).mean(2) if features.dim() > 2 else features


def _untrained(shape: ImageShape) -> tuple[Discriminator, list[str]]:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        Dis = Larsen(width=0.25, std=0.1).discriminator(shape).eval()  # features of about unit size
    return Dis, [Dis.default_layer]


def _judge(name: str, shape: ImageShape) -> Features:
    """The features of a run's discriminator."""
    return partial(_features, *_lent(name, shape))


def _lent(path: str, shape: ImageShape) -> tuple[Discriminator, list[str]]:
    """A run's discriminator, and its chosen layers or the one that its family recommends."""
    lender = model.load(path)
    if "discriminator" not in lender.nets:
        raise UserError(f"{path} has no discriminator; judge by a gan or a vae_gan")
    lender.refuse_given("judges images")
    if lender.shape != shape:
        raise UserError(
            f"{path} was trained on images of {tuple(lender.shape)}, these are {tuple(shape)} (channels, "
            "height, width); judge by a run on such images"
        )
    Dis, objective = lender.nets["discriminator"], lender.objective
    chosen = objective.chosen(Dis) if isinstance(objective, FeatureCoding) else [Dis.default_layer]
    return Dis, list(chosen)


@torch.no_grad()
def _features(Dis: Discriminator, layers: list[str], x: Images) -> list[Float[Tensor, "n ..."]]:
    features = Dis(x).features
    return [features[l] for l in layers]
