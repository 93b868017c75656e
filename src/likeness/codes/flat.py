"""Codes as rows of numbers."""

from typing import Literal

from likeness.codes._code import Code, CodeShape
from likeness.nets import Family
from likeness.noise import Noise
from likeness.priors import Distribution
from likeness.settings import Count, settings
from likeness.shapes import FullCodes, Shape


@settings
class Flat(Code):
    """Codes are rows (n, latent)."""

    name: Literal["flat"] = "flat"
    latent: Count = 64
    """Number of dimensions of the codes."""

    @property
    def dims(self) -> int:
        return self.latent

    def shape(self, net: Family, shape: Shape) -> CodeShape:
        return (self.latent,)

    def encoder_output_shape(self, outputs_per_dim: int, net: Family, shape: Shape) -> CodeShape:
        return (outputs_per_dim * self.latent,)

    def walk(
        self, prior: Distribution, rows: int, columns: int, shape: CodeShape, noise: Noise
    ) -> FullCodes:
        return prior.walk(rows, columns, self.latent, noise)
