"""Shapes of the arrays that the subpackages exchange."""

from jaxtyping import Float, Int
from torch import Tensor

Images = Float[Tensor, "n c *space"]
"""Signals, images or volumes, channels first, with values in [-1, 1]."""
Codes = Float[Tensor, "n d *places"]
"""Codes as rows, or as maps with one row at each place."""
FullCodes = Float[Tensor, "n w *places"]
"""Inputs of a decoder: the codes that the prior describes, joined with a class where there is one."""
Probabilities = Float[Tensor, "n k"]
"""Probabilities of k classes, or their logits."""
PerSample = Float[Tensor, " n"]
"""One value for each sample."""
Logits = Float[Tensor, " n"]
"""Log-odds that each sample is real."""
Scalar = Float[Tensor, ""]
"""One number."""
Labels = Int[Tensor, " n"]
"""Class of each sample, from 0, or UNLABELLED."""

UNLABELLED = -1
"""The label of a sample of unknown class."""


class Shape(tuple[int, ...]):
    """The shape of one image or of one map of codes: channels, then the sides of its space.

    A signal has one side, an image two, a volume three, a row of codes none.
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
        """Number of channels."""
        return self[0]

    @property
    def space(self) -> tuple[int, ...]:
        """Lengths of the sides."""
        return self[1:]

    def with_channels(self, channels: int) -> "Shape":
        """The same space with another number of channels."""
        return Shape(channels, *self.space)


def describe(value: object) -> str:
    """A value in an error message: the shape of a tensor, the type of anything else."""
    return f"shape {tuple(value.shape)}" if isinstance(value, Tensor) else f"type {type(value).__name__}"
