"""A report on whether the learned metric of a run can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.analysis import metric_questions
from likeness.data.batches import whole
from likeness.data.choosing import select_split
from likeness.data.dataset import Dataset
from likeness.errors import UserError
from likeness.intervals import Interval, interval
from likeness.models.autoencoder import Autoencoder
from likeness.models.codes import load_prepared
from likeness.nets import add_condition
from likeness.noise import use_seed
from likeness.runs import checkpoints
from likeness.runs.loading import load_metric, load_model
from likeness.runs.run import Run
from likeness.shapes import UNLABELLED, Images, Labels
from likeness.similarity.controls import Distance, control_distances
from likeness.similarity.distortions import DISTORTIONS, MILD_CHANGES
from likeness.similarity.perceptual_metric import PerceptualMetric

LEARNED, UNTRAINED = "learned", "untrained network"
AGREEMENT = "ranks pairs as another run does"
QUERY_COUNT, NEIGHBOUR_COUNT, MIN_IMAGES = 8, 5, 20


WEIGHTS = ("as trained", "averaged")


@dataclass(frozen=True)
class Drift:
    """Distances of fixed pairs at one checkpoint."""

    weights: str
    """`as trained` or `averaged`."""
    step: int
    rank_correlation: float
    """Spearman's, with the distances of the same pairs at the last checkpoint."""
    distances: dict[str, float]
    """The mean distance of each kind of pair."""


@dataclass(frozen=True)
class MetricCheck:
    """Answers by question and metric, and nearest neighbours by metric."""

    answers: dict[str, dict[str, Interval]]
    nearest: dict[str, Images]
    drift: list[Drift]
    images: int


def check_metric(
    path: str,
    data: str | None = None,
    split: str = "test",
    most: int = 200,
    others: Sequence[str] = (),
    device: str = "cpu",
) -> MetricCheck:
    """Ask all questions of the metric of a run, and of its controls, on images of a split, computing on a
    device.

    `others` are runs of the same kind, such as of other seeds. Raises UserError if there are too few
    images, or a run has no discriminator.
    """
    learned, trained = load_metric(path, device=device), load_model(path)
    x, labels = _images(trained, load_prepared(trained, data or trained.data.place), split, most)
    distances: dict[str, Distance] = {LEARNED: learned, UNTRAINED: _untrained_metric(learned)}
    distances |= control_distances(min(x.shape[2:]))
    answers = {f"grows with {name}": {} for name in DISTORTIONS} | {
        f"prefers {name}": {} for name in MILD_CHANGES
    }
    nearest = {}
    other = x[metric_questions.others_of_the_class(labels)]
    for name, distance in distances.items():
        for kind in DISTORTIONS:
            answers[f"grows with {kind}"][name] = interval(metric_questions.growth(distance, x, kind))
        for change in MILD_CHANGES:
            right = metric_questions.right_choices(distance, x, other, change)
            answers[f"prefers {change}"][name] = interval(right)
        found = metric_questions.neighbours(metric_questions.pairwise(distance, x), NEIGHBOUR_COUNT)
        nearest[name] = torch.cat([x[:QUERY_COUNT, None], x[found[:QUERY_COUNT]]], 1).flatten(0, 1)
        if bool((labels != UNLABELLED).all()):
            same = answers.setdefault(f"same class among {NEIGHBOUR_COUNT} nearest", {})
            same[name] = interval(metric_questions.precision(found, labels))
    pairs = _pairs(x)
    here = learned.distances(*pairs)
    for run in others:
        there = load_metric(run, device=device).distances(*pairs)
        answers.setdefault(AGREEMENT, {})[run] = metric_questions.agreement(here, there)
    return MetricCheck(answers, nearest, _drift(Path(path), pairs, device), len(x))


def _images(trained: Autoencoder, dataset: Dataset, split: str, most: int) -> tuple[Images, Labels]:
    seen = select_split(dataset, split, trained.data.place)
    if min(len(seen), most) < MIN_IMAGES:
        raise UserError(f"{min(len(seen), most)} {split} images are too few; give {MIN_IMAGES} or more")
    rows = torch.randperm(len(seen), generator=torch.Generator().manual_seed(0))[:most].sort().values
    batch = whole(seen.rows(rows.numpy()), trained.scaling)
    return batch.x, batch.labels


def _untrained_metric(learned: PerceptualMetric) -> PerceptualMetric:
    """The same metric from a discriminator with untrained weights."""
    parts = learned.parts
    with use_seed():
        Dis = parts.net.discriminator(parts.shape)
        if parts.conditions.width:
            add_condition(Dis, parts.conditions.width)
    where = next(learned.parameters()).device
    return PerceptualMetric(replace(parts, Dis=Dis, layers=learned.weights)).to(where)


Pairs = tuple[Float[Tensor, "m c h w"], Float[Tensor, "m c h w"]]


def _pairs(x: Images) -> Pairs:
    """Fixed pairs: different images, and images with a distorted self."""
    distorted = torch.cat([distort(x, 0.5) for distort in DISTORTIONS.values()])
    return torch.cat([x, x.repeat(len(DISTORTIONS), 1, 1, 1)]), torch.cat([x.roll(1, 0), distorted])


def _drift(path: Path, pairs: Pairs, device: str) -> list[Drift]:
    """How the same pairs are ranked and how far apart they are at each checkpoint that is kept, with the
    weights as they were and, where the run keeps them, with averaged ones."""
    places = checkpoints.list_checkpoints(Run(path).checkpoints)
    averaged = bool(places) and checkpoints.AVERAGE in checkpoints.read(places[-1], lambda names: ()).names
    kinds = (False, True) if averaged else (False,)
    return [drift for average in kinds for drift in _drift_of(places, average, pairs, device)]


def _drift_of(places: Sequence[Path], average: bool, pairs: Pairs, device: str) -> list[Drift]:
    far = [load_metric(place, average=average, device=device).distances(*pairs) for place in places]
    names = ["another image", *DISTORTIONS]
    return [
        Drift(
            weights=WEIGHTS[average],
            step=int(place.name.partition("-")[2]),
            rank_correlation=float(metric_questions.spearman(here[None], far[-1][None])),
            distances={name: float(part.mean()) for name, part in zip(names, here.chunk(len(names)))},
        )
        for place, here in zip(places, far)
    ]
