"""A current residual design: GroupNorm and SiLU, and no BatchNorm in any player."""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from likeness.nets._condition import Chain, Condition, TakesCondition, through
from likeness.nets._family import Family, halvings
from likeness.settings import Count, settings
from likeness.shapes import ImageShape

SMALLEST = 4
"""Pixels: images are halved while their shorter side is longer than this."""
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

    def encoder(self, shape: ImageShape, outputs: int) -> nn.Module:
        sizes, channels = self._plan(shape)
        blocks = [Block(a, b, size, True) for (a, b), size in zip(pairwise(channels), sizes[1:])]
        last = channels[-1]
        middle = Block(last, last, sizes[-1], True)
        head = [_norm(last, True), nn.SiLU(), nn.Flatten(), nn.Linear(last * _area(sizes[-1]), outputs)]
        first = nn.Conv2d(shape.channels, channels[0], 3, padding=1)
        return Chain(first, *blocks, middle, *head)

    def decoder(self, codes: int, shape: ImageShape) -> nn.Module:
        down, wide = self._plan(shape)
        sizes, channels = down[::-1], wide[::-1]
        first = channels[0]
        start = [nn.Linear(codes, first * _area(sizes[0])), nn.Unflatten(1, (first, *sizes[0]))]
        middle = Block(first, first, sizes[0], True)
        blocks = [Block(a, b, size, True) for (a, b), size in zip(pairwise(channels), sizes[1:])]
        last = channels[-1]
        image = [_norm(last, True), nn.SiLU(), nn.Conv2d(last, shape.channels, 3, padding=1), nn.Tanh()]
        return Chain(*start, middle, *blocks, *image)

    def layers(self, shape: ImageShape) -> tuple[dict[str, nn.Module], str]:
        """The block in the middle is recommended: past single pixels, before the whole image."""
        sizes, channels = self._plan(shape)
        layers: dict[str, nn.Module] = {"conv": nn.Conv2d(shape.channels, channels[0], 3, padding=1)}
        for k, ((a, b), size) in enumerate(zip(pairwise(channels), sizes[1:]), 1):
            layers[f"block{k}"] = Block(a, b, size, False)
        last = channels[-1]
        layers[f"block{len(sizes)}"] = Block(last, last, sizes[-1], False)
        flat = last * _area(sizes[-1])
        layers["logit"] = Chain(nn.SiLU(), nn.Flatten(), nn.Linear(flat, 1))
        return layers, f"block{max(1, len(sizes) // 2)}"

    def _plan(self, shape: ImageShape) -> tuple[list[tuple[int, int]], list[int]]:
        """Sizes from the image down, and the channels at each."""
        sizes = halvings(shape.height, shape.width, 8, SMALLEST)
        return sizes, [self.base * min(2**k, 8) for k in range(len(sizes))]


class Block(TakesCondition):
    """x resized, plus two convolutions of it; the second starts small."""

    def __init__(self, inputs: int, outputs: int, size: tuple[int, int], normalise: bool) -> None:
        super().__init__()
        self.size = size
        self.before = Chain(_norm(inputs, normalise), nn.SiLU(), nn.Conv2d(inputs, outputs, 3, padding=1))
        self.after = Chain(_norm(outputs, normalise), nn.SiLU(), nn.Conv2d(outputs, outputs, 3, padding=1))
        self.skip = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)
        with torch.no_grad():
            for parameter in self.after[-1].parameters():
                parameter.mul_(FIRST)

    def forward(self, x: Tensor, condition: Condition = None) -> Tensor:
        h = resized(self.before(x, condition), self.size)
        return through(self.skip, resized(x, self.size), condition) + self.after(h, condition)


def resized(x: Tensor, size: tuple[int, int]) -> Tensor:
    """Down by averaging, up by repeating pixels: neither makes a checkerboard."""
    if x.shape[2] < size[0] or x.shape[3] < size[1]:
        return F.interpolate(x, size, mode="nearest")
    return x if tuple(x.shape[2:]) == size else F.adaptive_avg_pool2d(x, size)


def _norm(channels: int, normalise: bool) -> nn.Module:
    groups = max(g for g in range(1, 9) if channels % g == 0)
    return nn.GroupNorm(groups, channels) if normalise else nn.Identity()


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]
