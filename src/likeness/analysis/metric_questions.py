"""Questions about a distance; each answer is one number for each image."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from likeness.batching import in_batches
from likeness.intervals import Interval
from likeness.shapes import UNLABELLED, Images, Labels, PerSample
from likeness.similarity.controls import Distance
from likeness.similarity.distortions import DISTORTIONS, MILD_CHANGES, SEVERITIES

RESAMPLE_COUNT = 100
"""Of pairs, for the interval of an agreement."""


@torch.no_grad()
def growth(distance: Distance, x: Images, distortion: str) -> PerSample:
    """Spearman's correlation of the severity of a distortion with the distance from the image: 1 where
    it always grows."""
    distort = DISTORTIONS[distortion]
    distances = torch.stack([in_batches(distance, x, distort(x, level)) for level in SEVERITIES], 1)
    return spearman(torch.arange(len(SEVERITIES)).expand(len(x), -1).float(), distances)


@torch.no_grad()
def right_choices(distance: Distance, x: Images, others: Images, change: str) -> PerSample:
    """1 where a mildly changed copy of an image is nearer to it than another image is, else 0
    (two-alternative forced choice)."""
    mine, other = in_batches(distance, x, MILD_CHANGES[change](x)), in_batches(distance, x, others)
    return (mine < other).float()


def others_of_the_class(labels: Labels) -> Int[Tensor, " n"]:
    """For each image the next one of its class; the next of all where it is alone or unlabelled."""
    n = len(labels)
    chosen = (torch.arange(n) + 1) % n
    for label in labels.unique():
        rows = (labels == label).nonzero()[:, 0]
        if label != UNLABELLED and len(rows) > 1:
            chosen[rows] = rows.roll(-1)
    return chosen


@torch.no_grad()
def pairwise(distance: Distance, x: Images) -> Float[Tensor, "n n"]:
    """The distances between all images."""
    return torch.stack([in_batches(distance, one[None].expand_as(x), x) for one in x])


def neighbours(distances: Float[Tensor, "n n"], k: int) -> Int[Tensor, "n k"]:
    """The `k` nearest other images of each, nearest first."""
    apart = distances + torch.diag(torch.full((len(distances),), torch.inf))
    return apart.argsort(1)[:, :k]


def precision(nearest: Int[Tensor, "n k"], labels: Labels) -> PerSample:
    """The share of the nearest neighbours of each image that are of its class."""
    return (labels[nearest] == labels[:, None]).float().mean(1)


def spearman(a: Float[Tensor, "n k"], b: Float[Tensor, "n k"]) -> PerSample:
    """Spearman's rank correlation of rows; 0 where one of them is constant, ties share their rank."""
    u, v = (ranks - ranks.mean(1, keepdim=True) for ranks in (_ranks(a), _ranks(b)))
    return (u * v).sum(1) / (u.norm(dim=1) * v.norm(dim=1)).clamp_min(1e-12)


def agreement(a: PerSample, b: PerSample, seed: int = 0) -> Interval:
    """Spearman's correlation of two distances of the same pairs, with its 95 % bootstrap interval."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randint(len(a), (RESAMPLE_COUNT, len(a)), generator=generator)
    found = torch.cat([spearman(a[None, row], b[None, row]) for row in rows])
    low, high = torch.quantile(found, torch.tensor([0.025, 0.975])).tolist()
    return Interval(float(spearman(a[None], b[None])), low, high, len(a))


def _ranks(a: Float[Tensor, "n k"]) -> Float[Tensor, "n k"]:
    below = (a[:, :, None] > a[:, None, :]).float().sum(2)
    return below + 0.5 * ((a[:, :, None] == a[:, None, :]).float().sum(2) - 1)
