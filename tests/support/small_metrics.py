"""A learned metric without a run."""

import torch
from torch import Tensor

from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.nets.larsen import Larsen
from likeness.noise import seeded
from likeness.shapes import Shape
from likeness.similarity.learned_metric import LearnedMetric, Parts

SHAPE = Shape(2, 6, 5)


def untrained_metric() -> LearnedMetric:
    """Of an untrained discriminator, with two layers of different weight, of images of 16 bits."""
    net = Larsen(width=0.03)
    with seeded(1):
        Dis = net.discriminator(SHAPE)
        Dis(torch.randn(16, *SHAPE))  # so that the statistics of BatchNorm are not the first
    scaling = Scaling("uint16", (0.0, -100.0), (65535.0, 66000.0))
    layers = {Dis.layer_names[0]: 0.3, Dis.default_layer: 2.0}
    return LearnedMetric(
        Parts(net, Dis.eval(), layers, SHAPE, scaling, DataSettings(data="mine"), unit=False)
    )


def images(n: int, seed: int = 0) -> Tensor:
    """Images in [-1, 1] that it compares."""
    return 2 * torch.rand(n, *SHAPE, generator=torch.Generator().manual_seed(seed)) - 1
