"""The only place that differentiates: with respect to parameters for the engine, to an image for R1."""

from collections.abc import Sequence

import torch
from torch import Tensor


def gradient(
    of: Tensor, at: Sequence[Tensor], *, keep: bool = False, differentiable: bool = False
) -> tuple[Tensor, ...]:
    """Gradient of the scalar `of` at the tensors `at`, and at nothing else.

    `keep` leaves the graph for a further call; `differentiable` makes the gradient part of the graph.
    Raises RuntimeError if `of` does not depend on one of `at`: a loss must reach all it is to change.
    """
    return torch.autograd.grad(
        of, list(at), retain_graph=keep or differentiable, create_graph=differentiable
    )
