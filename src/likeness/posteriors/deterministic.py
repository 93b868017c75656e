"""Deterministic posteriors: Makhzani et al. 2015, section 2, (1)."""

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from likeness.losses import at_least_float32
from likeness.posteriors._family import PosteriorFamily
from likeness.posteriors._posterior import Points
from likeness.settings import settings


@settings
class Deterministic(PosteriorFamily):
    """Codes are the outputs of the encoder, z = Enc(x)."""

    outputs_per_dim: ClassVar[int] = 1

    def from_outputs(self, outputs: Float[Tensor, "n o *places"]) -> Points:
        return Points(at_least_float32(outputs))
