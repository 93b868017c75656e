"""The images nearest to one, by pixels and by a learned metric."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from likeness.batching import in_batches
from likeness.shapes import Images
from likeness.similarity.perceptual_metric import PerceptualMetric

MOST_NUMBERS = 2**26
"""Of the embeddings in which neighbours are looked for; beyond, fewer images are."""


class Neighbours(NamedTuple):
    """The images nearest to one, the nearest first."""

    rows: Int[Tensor, " k"]
    distances: Float[Tensor, " k"]


def nearest(to: Float[Tensor, "1 f"], among: Float[Tensor, "n f"], k: int) -> Neighbours:
    """The `k` rows of `among` at the least squared distance."""
    found = (among - to).square().sum(1).topk(min(k, len(among)), largest=False)
    return Neighbours(found.indices, found.values)


def flat(x: Images) -> Float[Tensor, "n f"]:
    """Pixels as vectors whose squared distances are mean squared errors."""
    return x.flatten(1) / x[0].numel() ** 0.5


@torch.no_grad()
def embedded(metric: PerceptualMetric, x: Images) -> Float[Tensor, "_ f"]:
    """Images embedded by a learned metric, or the first of them where all would be too many numbers."""
    size = metric.embedded(x[:1]).shape[1]
    kept = x[: max(MOST_NUMBERS // size, 1)]
    return in_batches(metric.embedded, kept)


def neighbours(
    x: Float[Tensor, "1 c h w"], among: Images, k: int, metric: PerceptualMetric | None
) -> dict[str, Neighbours]:
    """The images nearest to one, by pixels and, where there is one, by a learned metric."""
    found = {"pixels": nearest(flat(x), flat(among), k)}
    if metric is not None:
        found["learned"] = nearest(embedded(metric, x), embedded(metric, among), k)
    return found
