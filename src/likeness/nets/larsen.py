"""The convolutional networks of Larsen et al. 2016, for inputs of any size and number of channels."""

import math
from itertools import pairwise
from typing import Annotated, Any

from torch import nn

from likeness.nets._condition import Chain
from likeness.nets._family import Family, halvings, initialise
from likeness.nets._layers import Layers, layers_of
from likeness.settings import Positive, Rare, settings
from likeness.shapes import Shape

KERNEL: dict[str, Any] = {"kernel_size": 5, "padding": 2}


@settings
class Larsen(Family):
    """Convolutional networks of Larsen et al. 2016: kernels of 5, BatchNorm and ReLU; the paper's table at
    64 x 64 x 3 and width 1.

    Three convolutions have stride 2, or fewer for small images; sizes are rounded up, and the decoder has
    the same sizes in reverse. Weights are initialised from N(0, std^2), biases with 0. The decay of
    BatchNorm's running statistics is 0.9.
    """

    width: Positive = 1.0
    """Factor on all channels and hidden units; 0.5 takes about a quarter of the time."""
    std: Annotated[Positive, Rare()] = 0.02
    """Standard deviation of the initial weights."""

    def encoder(self, shape: Shape, outputs: int | Shape) -> nn.Module:
        of, sizes = layers_of(shape), halvings(shape.space, 3)
        channels = [shape.channels, *map(self._channels, (64, 128, 256))][: len(sizes)]
        blocks = [
            Chain(of.conv(a, b, stride=2, bias=False, **KERNEL), of.batch_norm(b), nn.ReLU())
            for a, b in pairwise(channels)
        ]
        hidden = self._channels(2048)
        head = [
            _linear_block(channels[-1] * math.prod(sizes[-1]), hidden),
            nn.Linear(hidden, self.flat_size(outputs)),
        ]
        return initialise(Chain(*blocks, nn.Flatten(), *head), self.std)

    def decoder(self, codes: int | Shape, shape: Shape) -> nn.Module:
        of, sizes = layers_of(shape), halvings(shape.space, 3)[::-1]
        first = self._channels(256)
        channels = [first, *map(self._channels, (256, 128, 32))][: len(sizes)]
        start = [
            _linear_block(self.flat_size(codes), first * math.prod(sizes[0])),
            nn.Unflatten(1, (first, *sizes[0])),
        ]
        blocks = [
            _upsampling_block(of, a, b, *size) for (a, b), size in zip(pairwise(channels), pairwise(sizes))
        ]
        image = [of.conv(channels[-1], shape.channels, **KERNEL), nn.Tanh()]
        return initialise(Chain(*start, *blocks, *image), self.std)

    def layers(self, shape: Shape) -> tuple[dict[str, nn.Module], str]:
        """Layers of the discriminator; `conv3` is recommended, the third strided convolution before
        BatchNorm and ReLU."""
        of, sizes = layers_of(shape), halvings(shape.space, 3)
        channels = [*map(self._channels, (32, 128, 256, 256))][: len(sizes)]
        layers: dict[str, nn.Module] = {
            "conv0": of.conv(shape.channels, channels[0], **KERNEL),
            "relu0": nn.ReLU(),
        }
        for k, (a, b) in enumerate(pairwise(channels), 1):
            layers[f"conv{k}"] = of.conv(a, b, stride=2, bias=False, **KERNEL)
            layers[f"relu{k}"] = Chain(of.batch_norm(b), nn.ReLU())
        hidden = self._channels(512)
        flat = channels[-1] * math.prod(sizes[-1])
        layers["hidden"] = Chain(nn.Flatten(), _linear_block(flat, hidden))
        layers["logit"] = nn.Linear(hidden, 1)
        return {k: initialise(v, self.std) for k, v in layers.items()}, f"conv{len(sizes) - 1}"

    def _channels(self, channels: int) -> int:
        """Number of channels at this width, at least 4."""
        return max(4, round(channels * self.width))


def _linear_block(inputs: int, outputs: int) -> nn.Module:
    """A linear layer with BatchNorm and ReLU."""
    return Chain(nn.Linear(inputs, outputs, bias=False), nn.BatchNorm1d(outputs), nn.ReLU())


def _upsampling_block(
    of: Layers, a: int, b: int, small: tuple[int, ...], large: tuple[int, ...]
) -> nn.Module:
    """A transposed convolution from the size `small` to exactly `large`, with BatchNorm and ReLU."""
    padding: Any = tuple(after - (2 * before - 1) for before, after in zip(small, large))
    layer = of.conv_transpose(a, b, stride=2, output_padding=padding, bias=False, **KERNEL)
    return Chain(layer, of.batch_norm(b), nn.ReLU())
