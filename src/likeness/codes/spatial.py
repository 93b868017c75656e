"""Codes as maps: one code for each place, as in the first stage of latent diffusion."""

from typing import ClassVar, Literal

from likeness.codes._code import Code, CodeShape
from likeness.nets import Family
from likeness.settings import Count, settings
from likeness.shapes import Shape


@settings
class Spatial(Code):
    """Codes are maps (n, channels, *sides); the prior describes the channels at each place independently.

    The network family sets the sides of maps: `--net.factor`.
    """

    dims_option: ClassVar[str] = "--code.channels"

    name: Literal["spatial"] = "spatial"
    channels: Count = 4
    """Number of channels of the maps."""

    @property
    def dims(self) -> int:
        return self.channels

    def shape(self, net: Family, shape: Shape) -> CodeShape:
        return (self.channels, *net.code_sides(shape))

    def encoder_output_shape(self, outputs_per_dim: int, net: Family, shape: Shape) -> CodeShape:
        return (outputs_per_dim * self.channels, *net.code_sides(shape))
