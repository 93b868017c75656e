"""The residual design: first weights, no BatchNorm, no sample that sees another, and how sizes change."""

import math

import pytest
import torch
from torch import nn

from likeness.nets.resnet import ResNet, resized
from likeness.shapes import Shape
from support.families import images, players, weights

NORMALS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.GroupNorm)


def test_resnet_starts_as_pytorch_does_and_what_blocks_add_at_a_tenth() -> None:
    torch.manual_seed(0)
    for player in players("resnet", Shape(3, 16, 16), base=8).values():
        for name, weight in weights(player).items():
            bound = 1 / math.sqrt(weight[0].numel())
            factor = 0.1 if ".after." in f".{name}." else 1.0
            assert factor * bound * 0.9 < float(weight.detach().abs().max()) <= factor * bound * 1.0001


def test_resnet_has_no_batchnorm_in_any_player() -> None:
    made = players("resnet", Shape(3, 16, 16))
    assert not [
        m for p in made.values() for m in p.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)
    ]
    assert not [m for m in made["discriminator"].modules() if isinstance(m, NORMALS)]


def test_no_sample_of_resnet_sees_another() -> None:
    shape = Shape(3, 8, 8)
    x = images(shape, 3)
    made = players("resnet", shape)
    for player, given in (("encoder", x), ("decoder", torch.randn(3, 16))):
        torch.testing.assert_close(made[player](given)[:1], made[player](given[:1]))
    torch.testing.assert_close(made["discriminator"](x).logits[:1], made["discriminator"](x[:1]).logits)


def test_up_repeats_pixels_and_down_averages_them() -> None:
    x = torch.arange(12.0).view(1, 2, 2, 3)
    twice = resized(x, (4, 6))
    torch.testing.assert_close(twice, x.repeat_interleave(2, 2).repeat_interleave(2, 3))
    torch.testing.assert_close(resized(twice, (2, 3)), x)
    assert torch.equal(resized(x, (2, 3)), x)


SIDES = [
    (4, [4, 4], [4, 4]),
    (9, [9, 5, 3, 3], [4, 8, 16, 16]),
    (128, [128, 64, 32, 16, 8, 4, 4], [4, 8, 16, 32, 32, 32, 32]),
]
"""Sides of an image, of each layer's features, and the channels of these, of 4 at first."""


@pytest.mark.parametrize(("side", "sides", "channels"), SIDES)
def test_channels_double_at_each_halving_up_to_eight_times(
    side: int, sides: list[int], channels: list[int]
) -> None:
    shape = Shape(1, side, side)
    with torch.device("meta"):
        shapes = ResNet(base=4).discriminator(shape).shapes(shape)
    assert [shape[1] for shape in shapes.values()] == sides
    assert [shape[0] for shape in shapes.values()] == channels
