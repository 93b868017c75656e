"""Small networks of every family that a file holds."""

import torch
from torch import Tensor, nn

from likeness import registry
from likeness.config import net_class
from likeness.nets import Family
from likeness.shapes import ImageShape

NAMES = registry.names("likeness.nets")
SMALL = {"larsen": {"width": 0.06}, "mlp": {"hidden": 12}, "resnet": {"base": 4}}
"""Settings that keep networks tiny; a family that is not named here is taken as it is."""


def family(name: str, **settings: object) -> Family:
    """A tiny family of that name."""
    return net_class(name)(**SMALL.get(name, {}) | settings)


def images(shape: ImageShape, n: int = 2) -> Tensor:
    """Random images in [-1, 1]."""
    return torch.rand(n, *shape) * 2 - 1


def weights(network: nn.Module) -> dict[str, Tensor]:
    """Weights of convolutions and linear layers, as they are used, by the name of the layer."""
    kinds = nn.Conv2d | nn.ConvTranspose2d | nn.Linear
    return {name: m.weight for name, m in network.named_modules() if isinstance(m, kinds)}
