"""Small networks of every family that a file holds."""

import math

import torch
from torch import Tensor, nn

from likeness import registry
from likeness.config import net_class
from likeness.nets import LAYERS_WITH_WEIGHTS, Family
from likeness.shapes import Shape

NAMES = registry.names("likeness.nets")
SMALL = {"larsen": {"width": 0.06}, "mlp": {"hidden": 12}, "resnet": {"base": 4}}
"""Settings that keep networks tiny; a family that is not named here is taken as it is."""


def family(name: str, **settings: object) -> Family:
    """A tiny family of that name."""
    return net_class(name)(**SMALL.get(name, {}) | settings)


def images(shape: Shape, n: int = 2) -> Tensor:
    """Random images in [-1, 1]."""
    return torch.rand(n, *shape) * 2 - 1


def weights(network: nn.Module) -> dict[str, Tensor]:
    """Weights of convolutions and linear layers, as they are used, by the name of the layer."""
    return {name: m.weight for name, m in network.named_modules() if isinstance(m, LAYERS_WITH_WEIGHTS)}


def players(name: str, shape: Shape, **settings: object) -> dict[str, nn.Module]:
    """The three players of a family, as a VAE/GAN has them with 16 codes."""
    net = family(name, **settings)
    return {
        "encoder": net.encoder(shape, 32),
        "decoder": net.decoder(16, shape),
        "discriminator": net.discriminator(shape),
    }


def check_first_weights(player: nn.Module, std: float) -> None:
    """Fails unless weights are as if drawn from N(0, std^2), and biases zero."""
    for weight in map(Tensor.detach, weights(player).values()):
        n = weight.numel()
        assert abs(float(weight.std()) / std - 1) < 5 / math.sqrt(2 * n)
        assert abs(float(weight.mean())) < 5 * std / math.sqrt(n)
        assert float(weight.abs().max()) > std, "the uniform law of PyTorch is bounded"
    for key, value in player.named_parameters():
        if key.endswith("bias"):
            assert (value == 0).all()
