"""The array shapes that travel between rooms, and the batch that carries them."""

from dataclasses import dataclass
from typing import NamedTuple

from jaxtyping import Float, Int
from torch import Tensor

Images = Float[Tensor, "n c h w"]
"""Images, channels first, scaled to [-1, 1]."""
Codes = Float[Tensor, "n d"]
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


@dataclass(frozen=True)
class Batch:
    """What an objective sees of the data at one step."""

    x: Images
    labels: Labels
    """Class of each image, or UNLABELLED."""
    index: Labels
    """Position of each image in its split: the batch ids that error messages name."""
    attributes: Float[Tensor, "n a"] | None = None
    """1 where an image has it, 0 where it has not."""
    labelled: "Batch | None" = None
    """As many images whose labels are known, where those of some are not."""
