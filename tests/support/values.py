"""Values, and the outputs of a decoder around which they lie, in float64."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

Values = Float[Tensor, "n ..."]

X, MU = torch.rand(2, 4, 3, 5, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 2 - 1
SIZE = X[0].numel()
TWO_PI = 0.5 * math.log(2 * math.pi)


def summed(values: Tensor) -> Tensor:
    """Per sample."""
    return values.flatten(1).sum(1)
