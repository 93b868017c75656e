"""The engine: each move takes the gradient of its own loss at its own parameters, then steps."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from likeness.errors import RunError
from likeness.gradients import gradient
from likeness.objectives import AdaptiveLoss

MoveLosses = Mapping[str, Tensor | AdaptiveLoss]
"""The loss of each move of a phase, by name of the move."""
MAX_SKIPPED_STEPS = 20
"""Consecutive steps with a gradient that is not finite after which a move fails."""
EPSILON, MAX_WEIGHT = 1e-6, 1e4
"""Number added to the norm of a gradient, and largest weight, in the ratio of an adaptive loss."""


class Move:
    """A named update: the only one that changes its parameters, with their optimizer."""

    def __init__(
        self,
        name: str,
        players: Sequence[nn.Module],
        optimizer: torch.optim.Optimizer,
        clip: float | None = None,
    ) -> None:
        self.name = name
        self.players = list(players)
        self.parameters = [p for player in players for p in player.parameters()]
        self.optimizer = optimizer
        self.clip = clip
        self.skipped = 0
        self.skipped_in_a_row = 0
        self.norm = 0.0
        """Norm of the last gradient before clipping."""
        self._norm = torch.zeros(())
        self._gradient: list[Tensor] = []
        self._scaled_gradient: list[Tensor] = []
        """Gradient of the scaled part of an adaptive loss."""
        self._adaptive: AdaptiveLoss | None = None

    def add(self, gradient: Sequence[Tensor]) -> None:
        """Add a gradient at this move's parameters to the sum since its last step."""
        self._gradient = _sum(self._gradient, gradient)

    def aim(self, loss: Tensor | AdaptiveLoss, share: float, keep_graph: bool) -> None:
        """Add the gradient of a loss, times `share`, to the sum since the last step; `keep_graph` keeps the
        graph for another loss."""
        if isinstance(loss, AdaptiveLoss):
            self._adaptive = loss
            self.add(self._gradient_of(share * loss.reference, True))
            self._scaled_gradient = _sum(
                self._scaled_gradient, self._gradient_of(share * loss.scaled, keep_graph)
            )
        else:
            self.add(self._gradient_of(share * loss, keep_graph))

    def _gradient_of(self, loss: Tensor, keep_graph: bool) -> Sequence[Tensor]:
        """Gradient of a loss at this move's parameters."""
        return gradient(loss, self.parameters, keep_graph=keep_graph)

    def weigh(self) -> None:
        """Add the gradient of the scaled part of an adaptive loss, scaled to the norm of the other
        part's."""
        if self._adaptive is None:
            return
        chosen = {id(p) for p in self._adaptive.parameters}
        indices = [k for k, p in enumerate(self.parameters) if id(p) in chosen]
        assert indices, f"the adaptive loss of {self.name} has parameters of no player of the move"
        reference, scaled = (
            nn.utils.get_total_norm([g[k] for k in indices])
            for g in (self._gradient, self._scaled_gradient)
        )
        ratio = (reference / (scaled + EPSILON)).clamp(max=MAX_WEIGHT) * self._adaptive.weight
        self.add([ratio * g for g in self._scaled_gradient])
        self._scaled_gradient, self._adaptive = [], None

    def compute_norm(self) -> Tensor:
        """Norm of the summed gradient, on its device, without waiting for it."""
        self._norm = nn.utils.get_total_norm(self._gradient)
        return self._norm

    def make(self, norm: float | None = None) -> None:
        """Make an optimizer step with the summed gradient, of norm `norm` if it is known.

        A gradient that is not finite is skipped. Raises RunError after MAX_SKIPPED_STEPS of them in a row.
        """
        self.norm = float(self.compute_norm()) if norm is None else norm
        if math.isfinite(self.norm):
            self._step()
        else:
            self._skip()
        self._gradient = []

    def _step(self) -> None:
        """Clip the gradient and step."""
        for parameter, g in zip(self.parameters, self._gradient):
            parameter.grad = match_layout(g, parameter)
        if self.clip:
            nn.utils.clip_grads_with_norm_(self.parameters, self.clip, self._norm)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.skipped_in_a_row = 0

    def _skip(self) -> None:
        """Count a gradient that is not finite. Raises RunError if there were too many in a row."""
        self.skipped += 1
        self.skipped_in_a_row += 1
        if self.skipped_in_a_row >= MAX_SKIPPED_STEPS:
            raise RunError(
                f"the gradient of {self.name} was not finite {MAX_SKIPPED_STEPS} steps in a row; "
                "lower --lr or use --precision float32"
            )


def _sum(total: Sequence[Tensor], gradient: Sequence[Tensor]) -> list[Tensor]:
    """Sum of two gradients, the first of which may be empty."""
    return [a + g for a, g in zip(total, gradient)] if total else list(gradient)


def match_layout(values: Tensor, like: Tensor) -> Tensor:
    """The values in the memory layout of the tensor `like`, as fused optimizers require."""
    return values if values.stride() == like.stride() else torch.empty_like(like).copy_(values)


def play(phases: Sequence[MoveLosses], moves: Mapping[str, Move]) -> None:
    """Play one simultaneous phase: take all gradients, then change the networks.

    `phases` has the losses of the phase for each micro-batch; the gradient of a move is averaged over the
    micro-batches that have a loss for it.
    """
    counts = Counter(name for losses in phases for name in losses)
    for losses in phases:
        last = list(losses)[-1] if losses else None
        for name, loss in losses.items():
            moves[name].aim(loss, 1 / counts[name], keep_graph=name != last)
    played = [moves[name] for name in {name: None for losses in phases for name in losses}]
    for move in played:
        move.weigh()
    norms = (
        torch.stack([move.compute_norm() for move in played]).tolist() if played else []
    )  # one wait for all
    for move, norm in zip(played, norms):
        move.make(norm)
