"""Points of normal distributions."""

import torch
from torch import Tensor


def points(n: int, d: int, seed: int = 0, std: float = 1.0, mean: float = 0.0) -> Tensor:
    """Points of a normal."""
    return mean + std * torch.randn(n, d, generator=torch.Generator().manual_seed(seed))
