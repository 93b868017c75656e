"""What nearest neighbours say of two sets: Kynkaanniemi et al. 2019, Naeem et al. 2020."""

import torch
from jaxtyping import Float
from torch import Tensor

PART = 1000


def neighbourhoods(
    real: Float[Tensor, "n d"], made: Float[Tensor, "m d"], k: int
) -> dict[str, Float[Tensor, " _"]]:
    """Each a value for each point, whose mean is the number of that name.

    A point's neighbourhood reaches to its k-th nearest other of its own set. `precision`: made points in
    a neighbourhood of a real one; `recall`: real points in one of a made one; `density`: in how many
    real ones a made point lies, over k; `coverage`: real points with a made one in theirs.
    """
    reach_real, reach_made = reach(real, k), reach(made, k)
    counts = []
    covered, reached = torch.zeros(2, len(real), dtype=torch.bool)
    for part, reaches in zip(made.split(PART), reach_made.split(PART)):
        apart = torch.cdist(part.double(), real.double())
        within = apart <= reach_real
        counts.append(within.sum(1))
        covered |= within.any(0)
        reached |= (apart <= reaches[:, None]).any(0)
    count = torch.cat(counts)
    return {
        "precision": (count > 0).float(),
        "recall": reached.float(),
        "density": count.float() / k,
        "coverage": covered.float(),
    }


def reach(points: Float[Tensor, "n d"], k: int) -> Float[Tensor, " n"]:
    """The distance of each point's k-th nearest other."""
    parts = [torch.cdist(part.double(), points.double()) for part in points.split(PART)]
    return torch.cat([apart.kthvalue(k + 1, dim=1).values for apart in parts])


def nearest(points: Float[Tensor, "n d"], others: Float[Tensor, "m d"]) -> Float[Tensor, " n"]:
    """The distance of each point's nearest among others."""
    parts = points.split(PART)
    return torch.cat([torch.cdist(part.double(), others.double()).amin(1) for part in parts])
