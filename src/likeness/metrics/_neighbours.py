"""Nearest-neighbour metrics of two sets: Kynkaanniemi et al. 2019, Naeem et al. 2020."""

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches

MAX_ROWS = 1000
"""Points whose distances to all others are in memory at once."""


def neighbourhood_scores(
    real: Float[Tensor, "n d"], generated: Float[Tensor, "m d"], k: int
) -> dict[str, Float[Tensor, " _"]]:
    """Precision, recall, density and coverage of two sets, each as one value per point, to be averaged.

    The neighbourhood of a point is the ball up to its k-th nearest other point of the same set.
    `precision`: whether a generated point is in the neighbourhood of a real one; `recall`: whether a real
    point is in the neighbourhood of a generated one; `density`: number of real neighbourhoods that contain
    a generated point, divided by k; `coverage`: whether the neighbourhood of a real point contains a
    generated one.
    """
    real_radii, generated_radii = kth_distances(real, k), kth_distances(generated, k)
    covered, recalled = torch.zeros(2, len(real), dtype=torch.bool)

    def count_neighbourhoods(part: Tensor, radii: Tensor) -> Tensor:
        distances = torch.cdist(part.double(), real.double())
        inside = distances <= real_radii
        covered.logical_or_(inside.any(0))
        recalled.logical_or_((distances <= radii[:, None]).any(0))
        return inside.sum(1)

    count = in_batches(count_neighbourhoods, generated, generated_radii, size=MAX_ROWS)
    return {
        "precision": (count > 0).float(),
        "recall": recalled.float(),
        "density": count.float() / k,
        "coverage": covered.float(),
    }


def kth_distances(points: Float[Tensor, "n d"], k: int) -> Float[Tensor, " n"]:
    """Distances of points to their k-th nearest other point."""

    def kth_distance(part: Tensor) -> Tensor:
        return torch.cdist(part.double(), points.double()).kthvalue(k + 1, dim=1).values

    return in_batches(kth_distance, points, size=MAX_ROWS)


def nearest_distances(points: Float[Tensor, "n d"], others: Float[Tensor, "m d"]) -> Float[Tensor, " n"]:
    """Distances of points to the nearest of other points."""
    return in_batches(
        lambda part: torch.cdist(part.double(), others.double()).amin(1), points, size=MAX_ROWS
    )
