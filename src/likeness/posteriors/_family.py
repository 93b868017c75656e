"""What a family of posteriors is: how an encoder is given images, and how its outputs are read.

To add one: a file beside this, with one subclass; its name is the file's, on the command line too.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Annotated, ClassVar

from jaxtyping import Float
from torch import Tensor

from likeness.choices import Choice
from likeness.noise import Noise
from likeness.posteriors._posterior import Posterior
from likeness.registry import Entry
from likeness.settings import settings
from likeness.shapes import Images, Shape


@settings
class PosteriorFamily(Entry, ABC):
    """How an encoder is given images, and how its outputs are read."""

    outputs_per_dim: ClassVar[int]
    """Outputs of the encoder for each dimension of the codes."""
    is_implicit: ClassVar[bool] = False
    """Whether codes are drawn by noise that the encoder is given, so that each draw is another pass."""

    def __call__(self, Enc: Callable[..., Tensor], x: Images, noise: Noise | None) -> Posterior:
        """q(z|x); `noise` is for what the encoder sees beside an image, and None leaves that out."""
        return self.from_outputs(Enc(self.encoder_input(x, noise)))

    def encoder_input_shape(self, shape: Shape) -> Shape:
        """The shape of what the encoder is given for an image of `shape`."""
        return shape

    def encoder_input(self, x: Images, noise: Noise | None) -> Float[Tensor, "n c2 *space"]:
        """What the encoder is given for images; None leaves out noise of the posterior's own."""
        return x

    @abstractmethod
    def from_outputs(self, outputs: Float[Tensor, "n o *places"]) -> Posterior:
        """The distribution that the encoder's outputs stand for."""


AnyPosterior = Annotated[PosteriorFamily, Choice("likeness.posteriors")]
"""Any family of posteriors."""
