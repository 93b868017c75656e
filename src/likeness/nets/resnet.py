"""Residual networks with GroupNorm and SiLU, without BatchNorm."""

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

MIN_SIDE = 4
"""Inputs are halved while their shortest side is longer than this."""
INITIAL_SCALE = 0.1
"""Factor on the initial weights of the last convolution of a block; 0 has no spectral normalisation."""


@settings
class ResNet(Family):
    """Residual networks with one block per resolution, average pooling and nearest-neighbour upsampling.

    Samples do not depend on one another. Weights have PyTorch's default initialisation (Kaiming, uniform),
    the last convolution of every block a tenth of it, so that blocks are near the identity at first. The
    discriminator has no normalisation, so that features keep their scale.
    """

    base: Count = 32
    """Number of channels at full resolution; it doubles at each halving, up to eight times as many."""
    factor: PowerOfTwo = 4
    """Ratio of the sides of images to those of spatial codes, a power of two; without effect on flat
    codes."""

    def encoder(self, shape: Shape, outputs: int | Shape) -> nn.Module:
        sizes, channels = self._sizes_and_channels(shape, outputs)
        blocks = [Block(a, b, size, True) for (a, b), size in zip(pairwise(channels), sizes[1:])]
        last = channels[-1]
        middle = Block(last, last, sizes[-1], True)
        head = [_group_norm(last, True), nn.SiLU(), *_output_layers(last, sizes[-1], outputs)]
        first = _conv(shape.channels, channels[0], shape.space)
        return Chain(first, *blocks, middle, *head)

    def decoder(self, codes: int | Shape, shape: Shape) -> nn.Module:
        down, wide = self._sizes_and_channels(shape, codes)
        sizes, channels = down[::-1], wide[::-1]
        first = channels[0]
        start = _input_layers(codes, sizes[0], first)
        middle = Block(first, first, sizes[0], True)
        blocks = [Block(a, b, size, True) for (a, b), size in zip(pairwise(channels), sizes[1:])]
        last = channels[-1]
        image = [_group_norm(last, True), nn.SiLU(), _conv(last, shape.channels, shape.space), nn.Tanh()]
        return Chain(*start, middle, *blocks, *image)

    def layers(self, shape: Shape) -> tuple[dict[str, nn.Module], str]:
        """Layers of the discriminator; the middle block is recommended, between single pixels and the whole
        image."""
        sizes, channels = self._sizes_and_channels(shape, 1)
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
        """Sizes from the image down to spatial codes. Raises UserError if the image is too small."""
        count = self.factor.bit_length() - 1
        sizes = halvings(shape.space, count)
        if len(sizes) <= count:
            sides = " x ".join(map(str, shape.space))
            raise UserError(
                f"images of {sides} are too small for codes with sides {self.factor} times smaller; "
                "lower --net.factor"
            )
        return sizes

    def _sizes_and_channels(
        self, shape: Shape, codes: int | Shape
    ) -> tuple[list[tuple[int, ...]], list[int]]:
        """Sizes from the image down to the codes, and the channels at each size."""
        spatial = isinstance(codes, Shape)
        sizes = self._spatial_sizes(shape) if spatial else halvings(shape.space, 8, MIN_SIDE)
        return sizes, [self.base * min(2**k, 8) for k in range(len(sizes))]


class Block(ConditionalModule):
    """A residual block: the resized input plus two convolutions of it."""

    def __init__(self, inputs: int, outputs: int, size: tuple[int, ...], normalise: bool) -> None:
        super().__init__()
        self.size = size
        self.before = Chain(_group_norm(inputs, normalise), nn.SiLU(), _conv(inputs, outputs, size))
        self.after = Chain(_group_norm(outputs, normalise), nn.SiLU(), _conv(outputs, outputs, size))
        self.skip = nn.Identity() if inputs == outputs else _conv(inputs, outputs, size, kernel=1)
        with torch.no_grad():
            for parameter in self.after[-1].parameters():
                parameter.mul_(INITIAL_SCALE)

    def forward(self, x: Tensor, condition: Condition = None) -> Tensor:
        """Features (n, outputs, *size)."""
        h = resize(self.before(x, condition), self.size)
        return apply_layer(self.skip, resize(x, self.size), condition) + self.after(h, condition)


def resize(x: Tensor, size: tuple[int, ...]) -> Tensor:
    """Resize maps, down by average pooling or up by repeating pixels; neither makes a checkerboard
    pattern."""
    sides = tuple(x.shape[2:])
    if any(side < target for side, target in zip(sides, size)):
        return F.interpolate(x, size, mode="nearest")
    return x if sides == size else BY_DIMENSIONS[len(size)].average(x, size)


def _output_layers(inputs: int, size: tuple[int, ...], outputs: int | Shape) -> list[nn.Module]:
    """Layers from features of a size to an encoder's outputs, flat or maps."""
    if isinstance(outputs, Shape):
        assert outputs.space == size, f"the maps are {size}, not {outputs.space}"
        return [_conv(inputs, outputs.channels, size)]
    return [nn.Flatten(), nn.Linear(inputs * math.prod(size), outputs)]


def _input_layers(codes: int | Shape, size: tuple[int, ...], outputs: int) -> list[nn.Module]:
    """Layers from codes, flat or maps, to a decoder's first features of a size."""
    if isinstance(codes, Shape):
        assert codes.space == size, f"the maps are {size}, not {codes.space}"
        return [_conv(codes.channels, outputs, size)]
    return [nn.Linear(codes, outputs * math.prod(size)), nn.Unflatten(1, (outputs, *size))]


def _conv(inputs: int, outputs: int, size: tuple[int, ...], kernel: int = 3) -> nn.Module:
    """A convolution of maps of a size, which keeps the size."""
    return layers_of(Shape(inputs, *size)).conv(inputs, outputs, kernel, padding=kernel // 2)


def _group_norm(channels: int, normalise: bool) -> nn.Module:
    """GroupNorm with at most eight groups; the identity if not `normalise`."""
    groups = max(g for g in range(1, 9) if channels % g == 0)
    return nn.GroupNorm(groups, channels) if normalise else nn.Identity()
