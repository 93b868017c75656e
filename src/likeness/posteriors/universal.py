"""Universal approximator posteriors: Makhzani et al. 2015, section 2, (3)."""

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
    """Universal approximator z = f(x, eta) of an image and noise eta; its `mean` is f(x, 0)."""

    outputs_per_dim: ClassVar[int] = 1
    is_implicit: ClassVar[bool] = True
    eta: Count = 1
    """Number of channels of noise beside those of the image."""

    def encoder_input_shape(self, shape: Shape) -> Shape:
        return shape.with_channels(shape.channels + self.eta)

    def encoder_input(self, x: Images, noise: Noise | None) -> Float[Tensor, "n c2 *space"]:
        shape = (x.shape[0], self.eta, *x.shape[2:])
        eta = x.new_zeros(shape) if noise is None else noise("eta", shape).to(x)
        return torch.cat([x, eta], 1)

    def from_outputs(self, outputs: Float[Tensor, "n o *places"]) -> Points:
        return Points(at_least_float32(outputs))
