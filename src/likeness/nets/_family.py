"""What a family of networks is: it builds encoders, decoders and discriminators for inputs of any shape.

To add one: a file beside this, with one subclass of `Family`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from likeness import registry
from likeness.errors import UserError
from likeness.nets._condition import Condition, ConditionalModule, apply_layer
from likeness.nets._layers import LAYERS_WITH_WEIGHTS
from likeness.registry import Entry
from likeness.settings import Count, settings
from likeness.shapes import Images, Logits, Shape


class DiscriminatorOutput(NamedTuple):
    """What a discriminator says of images."""

    logits: Logits
    """Log-odds of each being real."""
    features: dict[str, Tensor]
    """Output (n, channels, ...) of each named layer, from the first to the last."""


class Discriminator(ConditionalModule):
    """Named layers, one after the other; the last gives one logit. Any other is a layer l of Dis_l."""

    def __init__(self, layers: Mapping[str, nn.Module], default_layer: str) -> None:
        super().__init__()
        self.layers = nn.ModuleDict(layers)
        self.default_layer = default_layer

    @property
    def layer_names(self) -> list[str]:
        """The layers whose outputs are features."""
        return list(self.layers)[:-1]

    def forward(self, x: Images, condition: Condition = None) -> DiscriminatorOutput:
        features = {}
        for name, layer in self.layers.items():
            features[name] = x = apply_layer(layer, x, condition)
        return DiscriminatorOutput(features.popitem()[1].flatten(), features)

    def resolve_layer(self, layer: str) -> str:
        """The layer of that name or index (-1 is the last); UserError lists the near ones."""
        names = self.layer_names
        if layer.lstrip("-").isdigit() and -len(names) <= int(layer) < len(names):
            return names[int(layer)]
        if layer not in names:
            near = registry.suggestion(layer, names)
            raise UserError(f"the discriminator has no layer {layer!r}; {near}")
        return layer

    @torch.no_grad()
    def feature_shapes(self, shape: Shape) -> dict[str, tuple[int, ...]]:
        """Shape of each layer's features of one image, leaving all statistics as they are."""
        training, at = self.training, next(self.parameters())
        zeros = torch.zeros(1, *shape, device=at.device, dtype=at.dtype)
        features = self.eval()(zeros).features
        self.train(training)
        return {name: tuple(f.shape[1:]) for name, f in features.items()}


@settings
class Family(Entry, ABC):
    """Networks of one design for every player."""

    spectral: bool = False
    """Spectrally normalise the discriminator's layers (Miyato et al. 2018)."""
    critic_hidden: Count = 1000
    """Units of each of the two hidden layers of a discriminator of codes."""

    @abstractmethod
    def encoder(self, shape: Shape, outputs: int | Shape) -> nn.Module:
        """Images (n, c, sides) in [-1, 1] to (n, outputs), linear at the end; a Shape is that of maps,
        with the sides of `sides`. UserError for maps where the family makes none."""

    @abstractmethod
    def decoder(self, codes: int | Shape, shape: Shape) -> nn.Module:
        """Codes (n, codes), or maps of them, to images (n, c, sides) in [-1, 1]. UserError as above."""

    @abstractmethod
    def layers(self, shape: Shape) -> tuple[dict[str, nn.Module], str]:
        """The discriminator's layers by name, and the one recommended as a measure of likeness."""

    def code_sides(self, shape: Shape) -> tuple[int, ...]:
        """The sides of spatial codes of images of `shape`. UserError where the family makes none, or they
        are too small for it."""
        raise self._refusal()

    def flat_size(self, size: int | Shape) -> int:
        """`size` if it is that of flat codes. UserError if it is that of maps: for families without."""
        if isinstance(size, Shape):
            raise self._refusal()
        return size

    def _refusal(self) -> UserError:
        return UserError(f"{type(self).__name__} makes flat codes alone; take --net resnet")

    def critic(self, inputs: int) -> nn.Module:
        """Codes (n, inputs) to log-odds (n,) of coming from the prior: two hidden layers of ReLU,
        without normalisation, in every family."""
        h = self.critic_hidden
        layers = [nn.Linear(inputs, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU()]
        return nn.Sequential(*layers, nn.Linear(h, 1), nn.Flatten(0))

    def discriminator(self, shape: Shape) -> Discriminator:
        """A discriminator of images, with spectral normalisation where asked for."""
        layers, default = self.layers(shape)
        if self.spectral:
            layers = {name: apply_spectral_norm(layer) for name, layer in layers.items()}
        return Discriminator(layers, default)


def apply_spectral_norm(network: nn.Module) -> nn.Module:
    """Every convolution and linear layer of `network` with its largest singular value held at one."""
    for layer in network.modules():
        if isinstance(layer, LAYERS_WITH_WEIGHTS):
            spectral_norm(layer)
    return network


@torch.no_grad()
def initialise(network: nn.Module, std: float) -> nn.Module:
    """`network` with weights of N(0, std^2) and biases of zero; normalisations are left as they are."""
    for layer in network.modules():
        if isinstance(layer, LAYERS_WITH_WEIGHTS):
            nn.init.normal_(layer.weight, 0.0, std)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network


def halvings(sides: tuple[int, ...], most: int, smallest: int = 1) -> list[tuple[int, ...]]:
    """Sizes from `sides` down, halved and rounded up while all stay at least `smallest`."""
    sizes = [sides]
    while len(sizes) <= most and min(sizes[-1]) > smallest:
        sizes.append(tuple(-(-side // 2) for side in sizes[-1]))
    return sizes
