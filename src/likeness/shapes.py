"""The array shapes that travel between rooms."""

from typing import NamedTuple

from jaxtyping import Float, Int
from torch import Tensor

Images = Float[Tensor, "n c h w"]
"""Images, channels first, scaled to [-1, 1]."""
Codes = Float[Tensor, "n d *places"]
"""Rows, or maps with a code for each place."""
WholeCodes = Float[Tensor, "n whole *places"]
"""What a decoder takes: codes that the prior is of, with whatever stands beside them."""
Probabilities = Float[Tensor, "n k"]
"""Of each class, or their logits."""
PerSample = Float[Tensor, " n"]
Logits = Float[Tensor, " n"]
Scalar = Float[Tensor, ""]
Labels = Int[Tensor, " n"]

UNLABELLED = -1
"""The label of a sample whose label is not known."""


class ImageShape(NamedTuple):
    """The shape of one image: channels, height, width."""

    channels: int
    height: int
    width: int
