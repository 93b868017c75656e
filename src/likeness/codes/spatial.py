"""A map: a code for each place of an input, as the first stages of latent diffusion have."""

from typing import ClassVar, Literal

from likeness.codes._code import Code, CodeShape
from likeness.nets import Family
from likeness.settings import Count, settings
from likeness.shapes import Shape


@settings
class Spatial(Code):
    """Codes are maps (n, channels, *sides); the prior is of the channels, each place by itself.

    By how much sides are smaller than those of the inputs is the network family's: `--net.factor`.
    """

    dims_option: ClassVar[str] = "--code.channels"

    name: Literal["spatial"] = "spatial"
    channels: Count = 4
    """Channels of the map."""

    @property
    def dims(self) -> int:
        return self.channels

    def shape(self, net: Family, shape: Shape) -> CodeShape:
        return (self.channels, *net.code_sides(shape))

    def encoder_output_shape(self, outputs_per_dim: int, net: Family, shape: Shape) -> CodeShape:
        return (outputs_per_dim * self.channels, *net.code_sides(shape))
