"""What a step yields: losses for moves that are made at once, and what goes with them."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from likeness.shapes import Scalar

Losses = dict[str, Scalar]
"""Scalars by name."""


@dataclass(frozen=True)
class AdaptiveLoss:
    """Two losses of one move, one of which is to pull as hard as the other: it is weighed by the ratio of
    the lengths of their gradients at some tensors (Esser et al. 2021, equation 7)."""

    reference: Scalar
    """The loss that is taken as it is."""
    scaled: Scalar
    """The loss that is weighed."""
    parameters: Sequence[Tensor]
    """Parameters of the move, such as those of a last layer."""
    weight: float = 1.0
    """How hard: 1 is as hard as the other."""

    @property
    def total(self) -> Scalar:
        """Both, before they are weighed: for reports."""
        return self.reference + self.scaled


@dataclass(frozen=True)
class Phase:
    """Moves that are made at once: all their gradients are taken before any network changes."""

    losses: Mapping[str, Scalar | AdaptiveLoss]
    """One loss for each move, or two of which one is weighed."""
    costs: Losses = field(default_factory=dict)
    """What `Objective.paused` decides by."""
    sample_counts: Losses = field(default_factory=dict)
    """Of moves whose loss may be of no sample at hand: of how many it is. Of none, it is not made,
    and may be no number."""
    running: dict[str, Tensor] = field(default_factory=dict)
    """Of values that the objective keeps `running`: their means over the whole batch."""


Step = Generator[Phase, None, Losses]
"""Each yield is one simultaneous update; what is returned is reported, never descended."""
Moves = Mapping[str, tuple[str, ...]]
"""The players that each move, and it alone, may change."""
