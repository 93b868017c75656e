"""A current residual design: GroupNorm and SiLU, and no BatchNorm in any player."""

import math
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from likeness.errors import UserError
from likeness.nets._condition import Chain, Condition, ConditionalModule, apply_layer
from likeness.nets._family import Family, halvings
from likeness.nets._layers import BY_DIMENSIONS, layers_of
from likeness.settings import Count, PowerOfTwo, settings
from likeness.shapes import Shape

SMALLEST = 4
"""Places: inputs are halved while their shortest side is longer than this."""
FIRST = 0.1
"""Factor on the first weights of what a block adds; zero could not be spectrally normalised."""


@settings
class ResNet(Family):
    """One residual block for each resolution, down by average pooling, up by repeating pixels.

    No sample sees another one, so nothing depends on the batch. Weights are drawn as PyTorch does
    by default (uniform, Kaiming); the last convolution of every block starts at a tenth of that, so
    that at first each block mostly passes on. The discriminator has no normalisation: its features
    keep their scale.
    """

    base: Count = 32
    """Channels at full resolution; they double at each halving, up to eight times as many."""
    factor: PowerOfTwo = 4
    """How many times smaller the sides of spatial codes are than those of the images, rounded up; of no
    effect on flat codes."""

    def encoder(self, shape: Shape, outputs: int | Shape) -> nn.Module:
        sizes, channels = self._plan(shape, outputs)
        blocks = [Block(a, b, size, True) for (a, b), size in zip(pairwise(channels), sizes[1:])]
        last = channels[-1]
        middle = Block(last, last, sizes[-1], True)
        head = [_norm(last, True), nn.SiLU(), *_ends(last, sizes[-1], outputs)]
        first = _conv(shape.channels, channels[0], shape.space)
        return Chain(first, *blocks, middle, *head)

    def decoder(self, codes: int | Shape, shape: Shape) -> nn.Module:
        down, wide = self._plan(shape, codes)
        sizes, channels = down[::-1], wide[::-1]
        first = channels[0]
        start = _starts(codes, sizes[0], first)
        middle = Block(first, first, sizes[0], True)
        blocks = [Block(a, b, size, True) for (a, b), size in zip(pairwise(channels), sizes[1:])]
        last = channels[-1]
        image = [_norm(last, True), nn.SiLU(), _conv(last, shape.channels, shape.space), nn.Tanh()]
        return Chain(*start, middle, *blocks, *image)

    def layers(self, shape: Shape) -> tuple[dict[str, nn.Module], str]:
        """The block in the middle is recommended: past single pixels, before the whole image."""
        sizes, channels = self._plan(shape, 1)
        layers: dict[str, nn.Module] = {"conv": _conv(shape.channels, channels[0], shape.space)}
        for k, ((a, b), size) in enumerate(zip(pairwise(channels), sizes[1:]), 1):
            layers[f"block{k}"] = Block(a, b, size, False)
        last = channels[-1]
        layers[f"block{len(sizes)}"] = Block(last, last, sizes[-1], False)
        flat = last * math.prod(sizes[-1])
        layers["logit"] = Chain(nn.SiLU(), nn.Flatten(), nn.Linear(flat, 1))
        return layers, f"block{max(1, len(sizes) // 2)}"

    def code_sides(self, shape: Shape) -> tuple[int, ...]:
        return self._spatial_sizes(shape)[-1]

    def _spatial_sizes(self, shape: Shape) -> list[tuple[int, ...]]:
        """Sizes from the image down to spatial codes. UserError if the image is too small."""
        halved = self.factor.bit_length() - 1
        sizes = halvings(shape.space, halved)
        if len(sizes) <= halved:
            sides = " x ".join(map(str, shape.space))
            raise UserError(
                f"images of {sides} are too small for codes with sides {self.factor} times smaller; "
                "lower --net.factor"
            )
        return sizes

    def _plan(self, shape: Shape, codes: int | Shape) -> tuple[list[tuple[int, ...]], list[int]]:
        """Sizes from the image down, to where it is made codes, and the channels at each."""
        spatial = isinstance(codes, Shape)
        sizes = self._spatial_sizes(shape) if spatial else halvings(shape.space, 8, SMALLEST)
        return sizes, [self.base * min(2**k, 8) for k in range(len(sizes))]


class Block(ConditionalModule):
    """x resize, plus two convolutions of it; the second starts small."""

    def __init__(self, inputs: int, outputs: int, size: tuple[int, ...], normalise: bool) -> None:
        super().__init__()
        self.size = size
        self.before = Chain(_norm(inputs, normalise), nn.SiLU(), _conv(inputs, outputs, size))
        self.after = Chain(_norm(outputs, normalise), nn.SiLU(), _conv(outputs, outputs, size))
        self.skip = nn.Identity() if inputs == outputs else _conv(inputs, outputs, size, kernel=1)
        with torch.no_grad():
            for parameter in self.after[-1].parameters():
                parameter.mul_(FIRST)

    def forward(self, x: Tensor, condition: Condition = None) -> Tensor:
        h = resize(self.before(x, condition), self.size)
        return apply_layer(self.skip, resize(x, self.size), condition) + self.after(h, condition)


def resize(x: Tensor, size: tuple[int, ...]) -> Tensor:
    """Down by averaging, up by repeating pixels: neither makes a checkerboard."""
    sides = tuple(x.shape[2:])
    if any(side < wanted for side, wanted in zip(sides, size)):
        return F.interpolate(x, size, mode="nearest")
    return x if sides == size else BY_DIMENSIONS[len(size)].average(x, size)


def _ends(inputs: int, size: tuple[int, ...], outputs: int | Shape) -> list[nn.Module]:
    """Features of a size to an encoder's outputs, flat or maps."""
    if isinstance(outputs, Shape):
        assert outputs.space == size, f"the maps are {size}, not {outputs.space}"
        return [_conv(inputs, outputs.channels, size)]
    return [nn.Flatten(), nn.Linear(inputs * math.prod(size), outputs)]


def _starts(codes: int | Shape, size: tuple[int, ...], outputs: int) -> list[nn.Module]:
    """Codes, flat or maps, to a decoder's first features, of a size."""
    if isinstance(codes, Shape):
        assert codes.space == size, f"the maps are {size}, not {codes.space}"
        return [_conv(codes.channels, outputs, size)]
    return [nn.Linear(codes, outputs * math.prod(size)), nn.Unflatten(1, (outputs, *size))]


def _conv(inputs: int, outputs: int, size: tuple[int, ...], kernel: int = 3) -> nn.Module:
    """A convolution of values at so many places, which keeps their number."""
    return layers_of(Shape(inputs, *size)).conv(inputs, outputs, kernel, padding=kernel // 2)


def _norm(channels: int, normalise: bool) -> nn.Module:
    groups = max(g for g in range(1, 9) if channels % g == 0)
    return nn.GroupNorm(groups, channels) if normalise else nn.Identity()
