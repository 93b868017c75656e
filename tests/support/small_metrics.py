"""Perceptual metrics without a run."""

from typing import Any

import torch
from torch import Tensor

from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.nets import Discriminator, Family, add_condition
from likeness.nets.larsen import Larsen
from likeness.nets.mlp import MLP
from likeness.nets.resnet import ResNet
from likeness.noise import use_seed
from likeness.shapes import Shape
from likeness.similarity.parts import Parts
from likeness.similarity.perceptual_metric import PerceptualMetric

FAMILIES: dict[str, Family] = {
    "larsen": Larsen(width=0.05, std=0.2),
    "mlp": MLP(hidden=9, std=0.3),
    "resnet": ResNet(base=4),
}
SHAPE = Shape(2, 6, 5)


def untrained(net: Family, shape: Shape, condition: int = 0) -> Discriminator:
    """A discriminator in training mode, whose statistics of BatchNorm are not the first."""
    with use_seed(3):
        Dis = net.discriminator(shape)
        Dis(torch.randn(16, *shape))
        if condition:
            add_condition(Dis, condition)
    return Dis


def parts_of(net: Family, shape: Shape = SHAPE, condition: Tensor | None = None, **settings: Any) -> Parts:
    """The parts of a metric of an untrained discriminator, of images of 16 bits, with two layers of
    different weight and the condition that images are compared under, or other settings."""
    Dis = untrained(net, shape, 0 if condition is None else condition.shape[1])
    layers = {Dis.layer_names[0]: 0.3, Dis.default_layer: 2.0}
    scaling = Scaling("uint16", (0.0, -100.0)[: shape[0]], (65535.0, 66000.0)[: shape[0]])
    of = {"layers": layers, "data": DataSettings(data="mine"), "condition": condition} | settings
    return Parts(net, Dis, shape=shape, scaling=scaling, **of)


def untrained_metric() -> PerceptualMetric:
    """One whose features are left at their own length."""
    return PerceptualMetric(parts_of(Larsen(width=0.03), unit=False))


def images(n: int, seed: int = 0, shape: Shape = SHAPE) -> Tensor:
    """Images in [-1, 1] that it compares."""
    return 2 * torch.rand(n, *shape, generator=torch.Generator().manual_seed(seed)) - 1
