"""The base class of network families, and discriminators."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from likeness import registry
from likeness.errors import UserError
from likeness.nets._condition import Condition, ConditionalModule, apply_layer
from likeness.nets._layers import LAYERS_WITH_WEIGHTS
from likeness.registry import Entry
from likeness.settings import Count, Rare, settings
from likeness.shapes import Images, Logits, Shape


class DiscriminatorOutput(NamedTuple):
    """Output of a discriminator for n images."""

    logits: Logits
    """Log-odds (n,) that images are real."""
    features: dict[str, Tensor]
    """Outputs (n, channels, ...) of the layers, by name, from the first to the last."""


class Discriminator(ConditionalModule):
    """A sequence of named layers. The last gives one logit; the others are the layers l of Dis_l."""

    def __init__(self, layers: Mapping[str, nn.Module], default_layer: str) -> None:
        super().__init__()
        self.layers = nn.ModuleDict(layers)
        self.default_layer = default_layer

    @property
    def layer_names(self) -> list[str]:
        """Names of the layers whose outputs are features."""
        return list(self.layers)[:-1]

    def forward(self, x: Images, condition: Condition = None) -> DiscriminatorOutput:
        """Logits and features of images (n, c, *sides)."""
        features = {}
        for name, layer in self.layers.items():
            features[name] = x = apply_layer(layer, x, condition)
        return DiscriminatorOutput(features.popitem()[1].flatten(), features)

    def resolve_layer(self, layer: str) -> str:
        """Name of a layer given by name or index (-1 is the last). Raises UserError, with similar names, if
        there is none."""
        names = self.layer_names
        if layer.lstrip("-").isdigit() and -len(names) <= int(layer) < len(names):
            return names[int(layer)]
        if layer not in names:
            raise UserError(
                f"the discriminator has no layer {layer!r}; {registry.suggestion(layer, names)}"
            )
        return layer

    @torch.no_grad()
    def feature_shapes(self, shape: Shape) -> dict[str, tuple[int, ...]]:
        """Shapes of the features of one image of `shape`, by layer; changes no statistics."""
        training, weight = self.training, next(self.parameters())
        zeros = torch.zeros(1, *shape, device=weight.device, dtype=weight.dtype)
        features = self.eval()(zeros).features
        self.train(training)
        return {name: tuple(f.shape[1:]) for name, f in features.items()}


@settings
class Family(Entry, ABC):
    """A family of networks: encoders, decoders and discriminators of one design, for inputs of any
    shape."""

    spectral: Annotated[bool, Rare()] = False
    """Apply spectral normalisation to the layers of the discriminator (Miyato et al. 2018)."""
    critic_hidden: Annotated[Count, Rare()] = 1000
    """Number of units in each of the two hidden layers of a discriminator of codes."""

    @abstractmethod
    def encoder(self, shape: Shape, outputs: int | Shape) -> nn.Module:
        """An encoder of images (n, c, *sides) in [-1, 1] to (n, outputs), with a linear last layer.

        If `outputs` is a Shape, the encoder gives maps with the sides of `code_sides`. Raises UserError if
        the family has no maps.
        """

    @abstractmethod
    def decoder(self, codes: int | Shape, shape: Shape) -> nn.Module:
        """A decoder of codes (n, codes), or of maps, to images (n, c, *sides) in [-1, 1]. Raises UserError
        as `encoder` does."""

    @abstractmethod
    def layers(self, shape: Shape) -> tuple[dict[str, nn.Module], str]:
        """Layers of a discriminator by name, and the name of the one recommended for the feature error."""

    def code_sides(self, shape: Shape) -> tuple[int, ...]:
        """Sides of maps of codes for images of `shape`. Raises UserError if the family has no maps, or the
        images are too small."""
        raise self._no_maps_error()

    def flat_size(self, size: int | Shape) -> int:
        """`size`, for families without maps. Raises UserError if it is the shape of a map."""
        if isinstance(size, Shape):
            raise self._no_maps_error()
        return size

    def _no_maps_error(self) -> UserError:
        """The error for maps of codes in a family that has none."""
        return UserError(f"{type(self).__name__} has flat codes only; take --net resnet")

    def critic(self, inputs: int) -> nn.Module:
        """A discriminator of codes (n, inputs), which gives log-odds (n,) that they come from the prior:
        two hidden layers with ReLU, without normalisation."""
        h = self.critic_hidden
        layers = [nn.Linear(inputs, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU()]
        return nn.Sequential(*layers, nn.Linear(h, 1), nn.Flatten(0))

    def discriminator(self, shape: Shape) -> Discriminator:
        """A discriminator of images of `shape`, with spectral normalisation if `spectral`."""
        layers, default = self.layers(shape)
        if self.spectral:
            layers = {name: apply_spectral_norm(layer) for name, layer in layers.items()}
        return Discriminator(layers, default)


def apply_spectral_norm(network: nn.Module) -> nn.Module:
    """Apply spectral normalisation, which sets the largest singular value to 1, to all convolutions and
    linear layers."""
    for layer in network.modules():
        if isinstance(layer, LAYERS_WITH_WEIGHTS):
            spectral_norm(layer)
    return network


@torch.no_grad()
def initialise(network: nn.Module, std: float) -> nn.Module:
    """Initialise convolutions and linear layers: weights from N(0, std^2), biases 0."""
    for layer in network.modules():
        if isinstance(layer, LAYERS_WITH_WEIGHTS):
            nn.init.normal_(layer.weight, 0.0, std)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network


def halvings(sides: tuple[int, ...], max_count: int, min_side: int = 1) -> list[tuple[int, ...]]:
    """Sizes from `sides` on, each half of the previous one, rounded up: at most `max_count` halvings, while
    all sides are longer than `min_side`."""
    sizes = [sides]
    while len(sizes) <= max_count and min(sizes[-1]) > min_side:
        sizes.append(tuple(-(-side // 2) for side in sizes[-1]))
    return sizes
