"""The array shapes that travel between rooms."""

from jaxtyping import Float, Int
from torch import Tensor

Images = Float[Tensor, "n c *space"]
"""Waves, images or volumes, channels first, scaled to [-1, 1]."""
Codes = Float[Tensor, "n d *places"]
"""Rows of numbers, or maps: a row at each place."""
WholeCodes = Float[Tensor, "n w *places"]
"""What a decoder takes: codes that the prior is of, with whatever stands beside them."""
Probabilities = Float[Tensor, "n k"]
"""Of each class, or their logits."""
PerSample = Float[Tensor, " n"]
Logits = Float[Tensor, " n"]
Scalar = Float[Tensor, ""]
Labels = Int[Tensor, " n"]

UNLABELLED = -1
"""The label of a sample whose label is not known."""


class Shape(tuple[int, ...]):
    """The shape of one image, or of one map of codes: channels, then the sides of its space.

    A wave has one side, an image two, a volume three, a row of codes none.
    """

    __slots__ = ()

    def __new__(cls, channels: int, *space: int) -> "Shape":
        return super().__new__(cls, (channels, *space))

    def __getnewargs__(self) -> tuple[int, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        return f"Shape{tuple(self)}"

    @property
    def channels(self) -> int:
        """Numbers at each place."""
        return self[0]

    @property
    def space(self) -> tuple[int, ...]:
        """The sides."""
        return self[1:]

    def with_channels(self, channels: int) -> "Shape":
        """The same space with other channels."""
        return Shape(channels, *self.space)


def kind(value: object) -> str:
    """How an error calls a value: the shape of a tensor, the type of anything else."""
    return f"shape {tuple(value.shape)}" if isinstance(value, Tensor) else f"type {type(value).__name__}"
