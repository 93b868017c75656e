"""Layers with a condition: what they compute, and what happens where there is none."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from laws.games import objective_of
from likeness.errors import UserError
from likeness.nets._condition import Conditioned
from likeness.nets._layers import LAYERS_WITH_WEIGHTS
from likeness.shapes import Shape
from support.families import NAMES, family

ATTRIBUTES = torch.tensor([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0], [0.0, 0.0, 1.0]])
SHAPE = Shape(2, 8, 6)


@pytest.fixture(autouse=True)
def use_seed() -> None:
    """The same weights each time."""
    torch.manual_seed(0)


def given(x: Tensor, layer: nn.Module, attributes: Tensor = ATTRIBUTES) -> Tensor:
    """What a layer makes of inputs and attributes."""
    return layer(x, attributes)


def test_a_linear_layer_sees_attributes_concatenated() -> None:
    layer = Conditioned(nn.Linear(5, 7), 3)
    x = torch.randn(4, 5)
    weight = torch.cat([layer.layer.weight, layer.beside.weight], 1)  # type: ignore[list-item]
    expected = F.linear(torch.cat([x, ATTRIBUTES], 1), weight, layer.layer.bias)  # type: ignore[arg-type]
    torch.testing.assert_close(given(x, layer), expected)


def test_a_convolution_sees_attributes_tiled_as_channels() -> None:
    """By the middle of its kernel, with a stride and at the edges too."""
    conv = nn.Conv2d(2, 7, 5, stride=2, padding=2)
    layer = Conditioned(conv, 3)
    x = torch.randn(4, 2, 9, 6)
    kernel = torch.zeros(7, 3, 5, 5)
    kernel[:, :, 2, 2] = layer.beside.weight.detach()
    tiled = ATTRIBUTES[:, :, None, None].expand(-1, -1, 9, 6)
    weight = torch.cat([conv.weight, kernel], 1)
    expected = F.conv2d(torch.cat([x, tiled], 1), weight, conv.bias, stride=2, padding=2)
    torch.testing.assert_close(given(x, layer), expected)


def test_of_several_sets_in_one_batch_each_has_the_same_attributes() -> None:
    layer = Conditioned(nn.ConvTranspose2d(2, 3, 5), 3)
    x, y = torch.randn(2, 4, 2, 3, 3)
    together = given(torch.cat([x, y]), layer)
    torch.testing.assert_close(together, torch.cat([given(x, layer), given(y, layer)]))


def test_first_weights_are_drawn_from_those_of_the_layer() -> None:
    layer = Conditioned(nn.Linear(5, 7), 3)
    assert torch.isin(layer.beside.weight, layer.layer.weight).all()  # type: ignore[arg-type]


def test_a_layer_without_its_condition_says_what_to_do() -> None:
    layer = Conditioned(nn.Linear(5, 7), 3)
    with pytest.raises(UserError, match=r"is conditional, and no condition is given; give one"):
        layer(torch.randn(4, 5))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spectral", [False, True])
def test_every_layer_of_every_player_takes_the_condition(name: str, spectral: bool) -> None:
    objective = objective_of("vae_gan", latent=3)
    nets = objective.networks(family(name, spectral=spectral), SHAPE, 3)
    conditioned = [m for m in nets.modules() if isinstance(m, Conditioned)]
    inside = {id(m) for c in conditioned for m in c.modules()}
    without = [m for m in nets.modules() if isinstance(m, LAYERS_WITH_WEIGHTS) and id(m) not in inside]
    assert conditioned and not without
    normalised = [hasattr(h.beside, "parametrizations") for h in nets["discriminator"].modules()
                  if isinstance(h, Conditioned)]  # fmt: skip
    assert set(normalised) == {spectral}


@pytest.mark.parametrize("name", NAMES)
def test_without_a_condition_networks_are_the_same_bit_for_bit(name: str) -> None:
    objective, ends = objective_of("vae_gan", latent=3), []
    for made in (objective.networks, objective.players):
        torch.manual_seed(1)
        ends.append(made(family(name), SHAPE))
    assert all(torch.equal(a, b) for n in ends[1] for a, b in
               zip(ends[0][n].parameters(), ends[1][n].parameters(), strict=True))  # fmt: skip
