"""Questions about a distance; each answer is one number for each image."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from likeness.batching import in_batches
from likeness.intervals import Interval
from likeness.noise import SeededNoise
from likeness.shapes import Images, Labels, PerSample
from likeness.similarity.controls import Distance
from likeness.similarity.distortions import DISTORTIONS, HARD, SEVERITIES, Distortion

Choices = Float[Tensor, "n k"]
"""1 for a right choice and 0 for a wrong one, for each image and each kind."""

RESAMPLE_COUNT = 100
"""Of pairs, for the interval of an agreement."""


@torch.no_grad()
def growth(distance: Distance, x: Images, kind: str) -> PerSample:
    """Spearman's correlation of the severity of a distortion with the distance from the image: 1 where
    it always grows."""
    noise, distort = noise_of("growth", kind), DISTORTIONS[kind]
    distances = torch.stack([in_batches(distance, x, distort(x, level, noise)) for level in SEVERITIES], 1)
    return spearman(torch.arange(len(SEVERITIES)).expand(len(x), -1).float(), distances)


@torch.no_grad()
def right_choices(
    distance: Distance, x: Images, others: Images, kinds: Mapping[str, Distortion]
) -> Choices:
    """For each image (row) and kind of distortion (column), 1 where the image distorted at severity HARD is
    nearer to it than another image is, else 0 (two-alternative forced choice)."""
    far = in_batches(distance, x, others)
    near = [
        in_batches(distance, x, distort(x, HARD, noise_of("choice", kind)))
        for kind, distort in kinds.items()
    ]
    return (torch.stack(near, 1) < far[:, None]).float()


@torch.no_grad()
def pairwise(distance: Distance, x: Images) -> Float[Tensor, "n n"]:
    """The distances between all images."""
    if embed := getattr(distance, "embed", None):
        rows = in_batches(embed, x)
        return torch.cdist(rows, rows).square()
    return torch.stack([in_batches(distance, one[None].expand_as(x), x) for one in x])


def noise_of(*key: str) -> SeededNoise:
    """Random numbers that are always the same, for one use."""
    return SeededNoise(key, torch.device("cpu"))


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
