"""The residual design: first weights, no BatchNorm, no sample that sees another, and how sizes change."""

import math

import pytest
import torch
from torch import nn

from likeness import config
from likeness.errors import UserError
from likeness.nets import Networks, add_condition
from likeness.nets.resnet import ResNet, resize
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
    twice = resize(x, (4, 6))
    torch.testing.assert_close(twice, x.repeat_interleave(2, 2).repeat_interleave(2, 3))
    torch.testing.assert_close(resize(twice, (2, 3)), x)
    assert torch.equal(resize(x, (2, 3)), x)


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
        shapes = ResNet(base=4).discriminator(shape).feature_shapes(shape)
    assert [shape[1] for shape in shapes.values()] == sides
    assert [shape[0] for shape in shapes.values()] == channels


SPATIAL = [
    (Shape(2, 16), 4, (4,)),
    (Shape(1, 13), 4, (4,)),
    (Shape(3, 9, 6), 2, (5, 3)),
    (Shape(3, 16, 24), 8, (2, 3)),
    (Shape(1, 7, 13), 4, (2, 4)),
    (Shape(2, 5, 3), 1, (5, 3)),
    (Shape(1, 8, 5, 6), 4, (2, 2, 2)),
]
"""Shapes of images, factors, and the sides of spatial codes."""
each_spatial = pytest.mark.parametrize(("shape", "factor", "sides"), SPATIAL, ids=str)


def sizes_met(player: nn.Module, given: torch.Tensor) -> list[tuple[int, ...]]:
    """Sides of what goes in and of what each layer of a player makes, each change once."""
    met = [tuple(given.shape[2:])]
    for layer in player.children():
        given = layer(given)
        met += [size] if (size := tuple(given.shape[2:])) != met[-1] else []
    return met


@each_spatial
def test_spatial_codes_have_sides_as_many_times_smaller_as_asked_for(
    shape: Shape, factor: int, sides: tuple[int, ...]
) -> None:
    net, maps = ResNet(base=4, factor=factor), Shape(6, *sides)
    assert net.code_sides(shape) == sides
    Enc, Dec = net.encoder(shape, maps), net.decoder(maps.with_channels(3), shape)
    x = images(shape)
    assert Enc(x).shape == (2, *maps)
    made = Dec(1e3 * torch.randn(2, 3, *sides))
    assert made.shape == x.shape and made.abs().max() <= 1
    convolutions = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
    assert all(isinstance(m, convolutions) for p in (Enc, Dec) for m in p.modules() if hasattr(m, "stride"))
    assert not any(isinstance(m, nn.Linear | nn.Flatten) for p in (Enc, Dec) for m in p.modules())


@each_spatial
def test_a_decoder_of_maps_goes_back_through_the_sizes_of_the_encoder(
    shape: Shape, factor: int, sides: tuple[int, ...]
) -> None:
    net, maps = ResNet(base=4, factor=factor), Shape(6, *sides)
    down = sizes_met(net.encoder(shape, maps), images(shape))
    assert len(down) == math.log2(factor) + 1
    assert sizes_met(net.decoder(maps, shape), torch.randn(2, *maps)) == down[::-1]


@each_spatial
def test_gradients_reach_every_weight_and_every_place_of_spatial_codes(
    shape: Shape, factor: int, sides: tuple[int, ...]
) -> None:
    torch.manual_seed(0)
    net, maps = ResNet(base=4, factor=factor), Shape(3, *sides)
    Enc, Dec, x = net.encoder(shape, maps), net.decoder(maps, shape), images(shape, 1).requires_grad_()
    z = Enc(x)
    z.retain_grad()
    Dec(z).square().sum().backward()
    assert x.grad is not None and (x.grad != 0).all()
    assert z.grad is not None and (z.grad != 0).all()
    biases = [p.grad for p in (*Enc.parameters(), *Dec.parameters())]
    assert all(g is not None and g.any() for g in biases)


@pytest.mark.parametrize("width", [0, 2])
@pytest.mark.parametrize("shape", [Shape(2, 16), Shape(1, 7, 13), Shape(1, 8, 5, 6)], ids=str)
def test_spatial_networks_take_a_condition(shape: Shape, width: int) -> None:
    torch.manual_seed(0)
    net = ResNet(base=4)
    maps = Shape(3, *net.code_sides(shape))
    players = {"encoder": net.encoder(shape, maps), "decoder": net.decoder(maps, shape)}
    nets = Networks({k: add_condition(p, width) if width else p for k, p in players.items()})
    x, ends = images(shape), []
    for condition in (torch.zeros(2, 2), torch.ones(2, 2)):
        bound = nets.of(condition if width else None)
        z = bound["encoder"](x)
        assert z.shape == (2, *maps) and bound["decoder"](z).shape == x.shape
        ends.append(z)
    assert bool((ends[0] != ends[1]).any()) == bool(width)


def test_flat_codes_do_not_depend_on_the_factor() -> None:
    made = []
    for factor in (1, 8):
        torch.manual_seed(0)
        made.append(ResNet(base=4, factor=factor).encoder(Shape(1, 7, 13), 5).state_dict())
    assert all(torch.equal(v, made[1][k]) for k, v in made[0].items())


@pytest.mark.parametrize("factor", [3, 6, 12])
def test_a_factor_that_is_no_power_of_two_is_refused(factor: int) -> None:
    with pytest.raises(UserError, match=rf"^net\.factor is {factor}; it must be a power of two$"):
        config.check(ResNet, {"factor": factor}, "net")


@pytest.mark.parametrize("factor", [0, -4])
def test_a_factor_below_one_is_refused(factor: int) -> None:
    with pytest.raises(UserError, match=r"net\.factor is .*; input should be greater than or equal to 1"):
        config.check(ResNet, {"factor": factor}, "net")


@pytest.mark.parametrize("space", [(2,), (64, 2), (8, 1, 8)], ids=str)
def test_images_too_small_for_the_factor_are_refused(space: tuple[int, ...]) -> None:
    net, shape = ResNet(base=4, factor=4), Shape(1, *space)
    refused = r"too small for codes with sides 4 times smaller; lower --net\.factor$"
    with pytest.raises(UserError, match=refused):
        net.code_sides(shape)
    with pytest.raises(UserError, match=refused):
        net.encoder(shape, Shape(3, *space))
    assert net.encoder(shape, 3)(images(shape)).shape == (2, 3), "flat codes are made of any"
