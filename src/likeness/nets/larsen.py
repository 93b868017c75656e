"""The convolutional networks of Larsen et al. 2016, for images of any size and number of channels."""

from itertools import pairwise
from typing import Any

from torch import nn

from likeness.nets._condition import Chain
from likeness.nets._family import Family, halvings, initialised
from likeness.settings import Positive, settings
from likeness.shapes import ImageShape

KERNEL: dict[str, Any] = {"kernel_size": 5, "padding": 2}


@settings
class Larsen(Family):
    """5x5 convolutions with BatchNorm and ReLU; at 64 x 64 x 3 and width 1, the paper's table.

    Three strides of two, fewer where a side would fall below one; sizes are rounded up, and the
    decoder goes back through the very same sizes. Weights are drawn from N(0, std^2), biases are
    zero. BatchNorm keeps 0.9 of its running statistics at each pass.
    """

    width: Positive = 1.0
    """Factor on all channels and hidden units; 0.5 takes about a quarter of the time."""
    std: Positive = 0.02
    """Standard deviation of the first weights."""

    def encoder(self, shape: ImageShape, outputs: int) -> nn.Module:
        sizes = halvings(shape.height, shape.width, 3)
        channels = [shape.channels, *map(self._wide, (64, 128, 256))][: len(sizes)]
        blocks = [
            Chain(nn.Conv2d(a, b, stride=2, bias=False, **KERNEL), nn.BatchNorm2d(b), nn.ReLU())
            for a, b in pairwise(channels)
        ]
        hidden = self._wide(2048)
        ends = [_linear(channels[-1] * _area(sizes[-1]), hidden), nn.Linear(hidden, outputs)]
        return initialised(Chain(*blocks, nn.Flatten(), *ends), self.std)

    def decoder(self, codes: int, shape: ImageShape) -> nn.Module:
        sizes = halvings(shape.height, shape.width, 3)[::-1]
        first = self._wide(256)
        channels = [first, *map(self._wide, (256, 128, 32))][: len(sizes)]
        start = [_linear(codes, first * _area(sizes[0])), nn.Unflatten(1, (first, *sizes[0]))]
        blocks = [_up(a, b, *size) for (a, b), size in zip(pairwise(channels), pairwise(sizes))]
        image = [nn.Conv2d(channels[-1], shape.channels, **KERNEL), nn.Tanh()]
        return initialised(Chain(*start, *blocks, *image), self.std)

    def layers(self, shape: ImageShape) -> tuple[dict[str, nn.Module], str]:
        """`conv3` is recommended: the third strided convolution, before its BatchNorm and ReLU."""
        sizes = halvings(shape.height, shape.width, 3)
        channels = [*map(self._wide, (32, 128, 256, 256))][: len(sizes)]
        layers: dict[str, nn.Module] = {
            "conv0": nn.Conv2d(shape.channels, channels[0], **KERNEL),
            "relu0": nn.ReLU(),
        }
        for k, (a, b) in enumerate(pairwise(channels), 1):
            layers[f"conv{k}"] = nn.Conv2d(a, b, stride=2, bias=False, **KERNEL)
            layers[f"relu{k}"] = Chain(nn.BatchNorm2d(b), nn.ReLU())
        hidden = self._wide(512)
        flat = channels[-1] * _area(sizes[-1])
        layers["hidden"] = Chain(nn.Flatten(), _linear(flat, hidden))
        layers["logit"] = nn.Linear(hidden, 1)
        return {k: initialised(v, self.std) for k, v in layers.items()}, f"conv{len(sizes) - 1}"

    def _wide(self, channels: int) -> int:
        return max(4, round(channels * self.width))


def _linear(inputs: int, outputs: int) -> nn.Module:
    return Chain(nn.Linear(inputs, outputs, bias=False), nn.BatchNorm1d(outputs), nn.ReLU())


def _up(a: int, b: int, small: tuple[int, int], large: tuple[int, int]) -> nn.Module:
    """A transposed convolution from one size to exactly the other, with BatchNorm and ReLU."""
    extra = (large[0] - (2 * small[0] - 1), large[1] - (2 * small[1] - 1))
    layer = nn.ConvTranspose2d(a, b, stride=2, output_padding=extra, bias=False, **KERNEL)
    return Chain(layer, nn.BatchNorm2d(b), nn.ReLU())


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]
