"""The only place that computes gradients: at parameters for the engine, at inputs for R1."""

from collections.abc import Sequence

import torch
from torch import Tensor


def gradient(
    of: Tensor, at: Sequence[Tensor], *, keep_graph: bool = False, differentiable: bool = False
) -> tuple[Tensor, ...]:
    """Gradient of the scalar `of` at each of the tensors `at`; no other tensor gets a gradient.

    `keep_graph` keeps the graph for another call; `differentiable` makes the gradient part of the graph.
    Raises RuntimeError if `of` does not depend on one of `at`.
    """
    return torch.autograd.grad(
        of, list(at), retain_graph=keep_graph or differentiable, create_graph=differentiable
    )
