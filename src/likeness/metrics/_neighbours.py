"""What nearest neighbours say of two sets: Kynkaanniemi et al. 2019, Naeem et al. 2020."""

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches

MAX_ROWS = 1000
"""Points whose distances to all others are held at once."""


def neighbourhoods(
    real: Float[Tensor, "n d"], made: Float[Tensor, "m d"], k: int
) -> dict[str, Float[Tensor, " _"]]:
    """Each a value for each point, whose mean is the number of that name.

    A point's neighbourhood reaches to its k-th nearest other of its own set. `precision`: made points in
    a neighbourhood of a real one; `recall`: real points in one of a made one; `density`: in how many
    real ones a made point lies, over k; `coverage`: real points with a made one in theirs.
    """
    reach_real, reach_made = reach(real, k), reach(made, k)
    covered, reached = torch.zeros(2, len(real), dtype=torch.bool)

    def neighbourhoods_of(part: Tensor, reaches: Tensor) -> Tensor:
        apart = torch.cdist(part.double(), real.double())
        within = apart <= reach_real
        covered.logical_or_(within.any(0))
        reached.logical_or_((apart <= reaches[:, None]).any(0))
        return within.sum(1)

    count = in_batches(neighbourhoods_of, made, reach_made, size=MAX_ROWS)
    return {
        "precision": (count > 0).float(),
        "recall": reached.float(),
        "density": count.float() / k,
        "coverage": covered.float(),
    }


def reach(points: Float[Tensor, "n d"], k: int) -> Float[Tensor, " n"]:
    """The distance of each point's k-th nearest other."""

    def kth(part: Tensor) -> Tensor:
        return torch.cdist(part.double(), points.double()).kthvalue(k + 1, dim=1).values

    return in_batches(kth, points, size=MAX_ROWS)


def nearest(points: Float[Tensor, "n d"], others: Float[Tensor, "m d"]) -> Float[Tensor, " n"]:
    """The distance of each point's nearest among others."""
    return in_batches(
        lambda part: torch.cdist(part.double(), others.double()).amin(1), points, size=MAX_ROWS
    )
