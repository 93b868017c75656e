"""What a step yields: the losses of moves that are made at once."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from likeness.shapes import Scalar

Losses = dict[str, Scalar]
"""Scalars by name."""


@dataclass(frozen=True)
class AdaptiveLoss:
    """Two losses of one move, the second of which is scaled by the ratio of the norms of their gradients at
    some parameters (Esser et al. 2021, equation 7)."""

    reference: Scalar
    """The loss that is not scaled."""
    scaled: Scalar
    """The loss that is scaled."""
    parameters: Sequence[Tensor]
    """Parameters of the move, such as those of the last layer."""
    weight: float = 1.0
    """Ratio of the norms of the gradients after scaling."""

    @property
    def total(self) -> Scalar:
        """Sum of both losses without scaling, for reports."""
        return self.reference + self.scaled


@dataclass(frozen=True)
class Phase:
    """Moves that are made at once: all gradients are taken before any network changes."""

    losses: Mapping[str, Scalar | AdaptiveLoss]
    """The loss of each move, by name of the move."""
    costs: Losses = field(default_factory=dict)
    """Costs, by name, from which `Objective.paused_moves` decides."""
    sample_counts: Losses = field(default_factory=dict)
    """Number of samples of a move's loss, where it may be 0; the move is then not made, and the loss may be
    NaN."""
    running: dict[str, Tensor] = field(default_factory=dict)
    """Means over the whole batch of the objective's `running_values`."""


Step = Generator[Phase, None, Losses]
"""A generator of phases, one for each simultaneous update; its return value is the report."""
Moves = Mapping[str, tuple[str, ...]]
"""The players that each move changes, by name of the move."""
