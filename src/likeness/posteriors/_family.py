"""The base class of families of posteriors."""

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
    """A family of posteriors: the inputs of an encoder, and the distribution for its outputs."""

    outputs_per_dim: ClassVar[int]
    """Number of encoder outputs for each dimension of the codes."""
    is_implicit: ClassVar[bool] = False
    """Whether codes are sampled by noise in the encoder's input, so that each sample needs a pass."""

    def __call__(self, Enc: Callable[..., Tensor], x: Images, noise: Noise | None) -> Posterior:
        """q(z|x) for images (n, c, *sides); `noise` is for the encoder's input, None is without noise."""
        return self.from_outputs(Enc(self.encoder_input(x, noise)))

    def encoder_input_shape(self, shape: Shape) -> Shape:
        """Shape of the encoder's input for an image of `shape`."""
        return shape

    def encoder_input(self, x: Images, noise: Noise | None) -> Float[Tensor, "n c2 *space"]:
        """The encoder's input for images (n, c, *sides); `noise` is for the input, None is without
        noise."""
        return x

    @abstractmethod
    def from_outputs(self, outputs: Float[Tensor, "n o *places"]) -> Posterior:
        """q(z|x) from the encoder's outputs (n, o, *places)."""


AnyPosterior = Annotated[PosteriorFamily, Choice("likeness.posteriors")]
"""Any family of posteriors."""
