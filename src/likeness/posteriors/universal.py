"""Codes of an image and of noise beside it: Makhzani et al. 2015, section 2, (3)."""

from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.losses import at_least_float32
from likeness.noise import Noise
from likeness.posteriors._family import PosteriorFamily
from likeness.posteriors._posterior import Points
from likeness.settings import Count, settings
from likeness.shapes import Images, Shape


@settings
class Universal(PosteriorFamily):
    """A universal approximator z = f(x, eta): Makhzani et al. 2015, section 2, (3).

    Without its noise, f(x, 0) is the code that stands for an image.
    """

    outputs_per_dim: ClassVar[int] = 1
    is_implicit: ClassVar[bool] = True
    eta: Count = 1
    """Channels of noise, of the image's sides, that the encoder sees beside the image."""

    def encoder_input_shape(self, shape: Shape) -> Shape:
        return shape.with_channels(shape.channels + self.eta)

    def encoder_input(self, x: Images, noise: Noise | None) -> Float[Tensor, "n c2 *space"]:
        shape = (x.shape[0], self.eta, *x.shape[2:])
        eta = x.new_zeros(shape) if noise is None else noise("eta", shape).to(x)
        return torch.cat([x, eta], 1)

    def from_outputs(self, outputs: Float[Tensor, "n o *places"]) -> Points:
        return Points(at_least_float32(outputs))
