"""Arithmetic on codes: what editing an image is."""

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.shapes import Codes


def between(a: Float[Tensor, " d"], b: Float[Tensor, " d"], steps: int) -> Codes:
    """`steps` codes on the straight line from `a` to `b`, both included."""
    share = torch.linspace(0, 1, steps, dtype=a.dtype)[:, None]
    return torch.lerp(a[None], b[None], share)
