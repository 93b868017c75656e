"""The engine: a move takes the gradient of its own loss at its own parameters, and steps."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from likeness.errors import RunError
from likeness.gradients import gradient
from likeness.objectives import Adaptive

MoveLosses = Mapping[str, Tensor | Adaptive]
"""The loss of each move of a phase."""
MOST_SKIPPED = 20
"""A move gives up after so many steps in a row whose gradient was not finite."""
TINY, MOST_WEIGHT = 1e-6, 1e4
"""What keeps the weight of a loss finite where its gradient vanishes."""


class Move:
    """A named update: the parameters that it alone may change, and their optimizer."""

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
        """Norm of the last gradient, before clipping."""
        self._length = torch.zeros(())
        self._gradient: list[Tensor] = []
        self._weighed: list[Tensor] = []
        """The gradient of the loss that is weighed, where there is one."""
        self._adaptive: Adaptive | None = None

    def add(self, gradient: Sequence[Tensor]) -> None:
        """Add a gradient at this move's parameters to what was added since its last step."""
        self._gradient = _sum(self._gradient, gradient)

    def aim(self, loss: Tensor | Adaptive, share: float, keep_graph: bool) -> None:
        """Add this share of the gradient of a loss to what was added since the last step; `keep` leaves the
        graph for a further loss."""
        if isinstance(loss, Adaptive):
            self._adaptive = loss
            self.add(self._of(share * loss.against, True))
            self._weighed = _sum(self._weighed, self._of(share * loss.weighed, keep_graph))
        else:
            self.add(self._of(share * loss, keep_graph))

    def _of(self, loss: Tensor, keep_graph: bool) -> Sequence[Tensor]:
        return gradient(loss, self.parameters, keep_graph=keep_graph)

    def weigh(self) -> None:
        """Add the gradient of a loss that is weighed to that of the other, which it is made as long as."""
        if self._adaptive is None:
            return
        at = {id(p) for p in self._adaptive.at}
        places = [k for k, p in enumerate(self.parameters) if id(p) in at]
        assert places, f"the losses of {self.name} are weighed at parameters that are not its own"
        one, other = (
            nn.utils.get_total_norm([g[k] for k in places]) for g in (self._gradient, self._weighed)
        )
        ratio = (one / (other + TINY)).clamp(max=MOST_WEIGHT) * self._adaptive.weight
        self.add([ratio * g for g in self._weighed])
        self._weighed, self._adaptive = [], None

    def length(self) -> Tensor:
        """Norm of the gradient that was added, where it was computed: nothing waits for it."""
        self._length = nn.utils.get_total_norm(self._gradient)
        return self._length

    def make(self, norm: float | None = None) -> None:
        """Step down the gradient, whose `length` is `norm` where it was read already; a gradient that is
        not finite is skipped and counted."""
        self.norm = float(self.length()) if norm is None else norm
        if math.isfinite(self.norm):
            self._step()
        else:
            self._skip()
        self._gradient = []

    def _step(self) -> None:
        for parameter, g in zip(self.parameters, self._gradient):
            parameter.grad = laid_out(g, parameter)
        if self.clip:
            nn.utils.clip_grads_with_norm_(self.parameters, self.clip, self._length)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.skipped_in_a_row = 0

    def _skip(self) -> None:
        self.skipped += 1
        self.skipped_in_a_row += 1
        if self.skipped_in_a_row >= MOST_SKIPPED:
            raise RunError(
                f"the gradient of {self.name} was not finite {MOST_SKIPPED} steps in a row; "
                "lower --lr or use --precision float32"
            )


def _sum(before: Sequence[Tensor], more: Sequence[Tensor]) -> list[Tensor]:
    return [b + g for b, g in zip(before, more)] if before else list(more)


def laid_out(values: Tensor, like: Tensor) -> Tensor:
    """The same values in the memory layout of another tensor, which fused optimizers take for granted."""
    return values if values.stride() == like.stride() else torch.empty_like(like).copy_(values)


def play(phases: Sequence[MoveLosses], moves: Mapping[str, Move]) -> None:
    """One phase, simultaneous: take all gradients, then change the networks.

    `phases` holds the phase's losses for each micro-batch; the gradient of a move is averaged over those
    that have a loss of it.
    """
    counts = Counter(name for losses in phases for name in losses)
    for losses in phases:
        last = list(losses)[-1] if losses else None
        for name, loss in losses.items():
            moves[name].aim(loss, 1 / counts[name], keep_graph=name != last)
    aimed = [moves[name] for name in {name: None for losses in phases for name in losses}]
    for move in aimed:
        move.weigh()
    norms = torch.stack([move.length() for move in aimed]).tolist() if aimed else []  # one wait for all
    for move, norm in zip(aimed, norms):
        move.make(norm)
