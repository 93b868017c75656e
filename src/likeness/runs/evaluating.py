"""Measuring a run on images that it was not trained on."""

import json
from collections.abc import Sequence
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor

from likeness import registry
from likeness.data.batches import in_order
from likeness.data.dataset import Dataset, load
from likeness.errors import UserError
from likeness.metrics._metric import Evidence, Features, Interval, interval
from likeness.objectives._features import FeatureCoding
from likeness.objectives._objective import Coding
from likeness.runs import files, model
from likeness.runs.model import Model
from likeness.runs.run import existing
from likeness.shapes import Images

METRICS = "likeness.metrics"


def evaluate(
    path: str, split: str = "test", judges: Sequence[str] = (), most: int | None = None
) -> dict[str, Interval]:
    """Every metric of a run on a split of its data, written to RUN/evaluation-SPLIT.json.

    `judges` are runs whose discriminators measure the feature error. Raises UserError if the split
    is empty or a judge has no discriminator or was trained on images of another shape.
    """
    run, judged = existing(path), model.load(path)
    images = _images(judged, split, most)
    evidence = Evidence(
        images=images,
        reconstructions=judged.reconstruct(images) if isinstance(judged.objective, Coding) else None,
        samples=judged.sample(len(images)),
        judges={name: _judge(name, images) for name in judges},
    )
    measured = {
        name: interval(values)
        for metric in registry.names(METRICS)
        for name, values in registry.module(METRICS, metric).measure(evidence)
    }
    document = {name: found._asdict() for name, found in measured.items()}
    files.write(run.path / f"evaluation-{split}.json", json.dumps(document, indent=1).encode())
    return measured


def _images(judged: Model, split: str, most: int | None) -> Images:
    dataset: Dataset = load(judged.config.data, judged.config.training.seed)
    chosen = {s.name: s for s in (dataset.train, dataset.validation, dataset.test)}[split]
    if not len(chosen):
        raise UserError(f"{judged.config.data.data} has no {split} images; choose another --split")
    batches = in_order(chosen, judged.scaling, model.CHUNK)
    return torch.cat([batch.x for batch in batches])[:most]


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
