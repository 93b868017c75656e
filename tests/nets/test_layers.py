"""Layers by the number of dimensions, and that what is done to all layers with weights misses none."""

import pytest
import torch
from torch import nn
from torch.nn.utils.parametrize import is_parametrized

from laws.games import objective_of
from likeness.errors import UserError
from likeness.nets import LAYERS_WITH_WEIGHTS, Networks, layers_of, share_of_valid
from likeness.nets._condition import Conditioned
from likeness.nets._family import apply_spectral_norm
from likeness.shapes import Shape
from likeness.training.loop import networks
from likeness.training.settings import TrainingSettings
from support.families import NAMES, family, images, players

SHAPES = [Shape(2, 16), Shape(3, 9, 6), Shape(1, 8, 5, 6)]
NORMALISATIONS = nn.modules.batchnorm._BatchNorm | nn.GroupNorm
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
every_family = pytest.mark.parametrize("name", NAMES)


def with_weights(network: nn.Module) -> list[nn.Module]:
    """Modules with a weight of their own that are no normalisations, whatever their classes are."""
    return [m for m in network.modules() if hasattr(m, "weight") and not isinstance(m, NORMALISATIONS)]


@each_shape
@every_family
def test_layers_with_weights_are_of_the_classes_that_are_gone_over(name: str, shape: Shape) -> None:
    for player in players(name, shape).values():
        found = with_weights(player)
        assert found and all(type(layer) in LAYERS_WITH_WEIGHTS for layer in found)
        own = [p for p in player.parameters() if p.dim() > 1]
        assert {id(p) for p in own} == {id(layer.weight) for layer in found}, "a weight is in no such layer"


@each_shape
@pytest.mark.parametrize("name", ["larsen", "mlp"])
def test_first_weights_are_drawn_in_every_layer(name: str, shape: Shape) -> None:
    """Of a standard deviation that is nobody's default, so that weights left as they were would be seen."""
    torch.manual_seed(0)
    for player in players(name, shape, std=7.0).values():
        for layer in with_weights(player):
            assert 2.0 < float(layer.get_parameter("weight").detach().std()) < 14.0, layer
            bias = getattr(layer, "bias", None)
            assert bias is None or not bias.any()


@each_shape
@every_family
def test_every_layer_of_a_discriminator_is_spectrally_normalised(name: str, shape: Shape) -> None:
    plain, spectral = (family(name, spectral=s).discriminator(shape) for s in (False, True))
    count = len(with_weights(plain))
    normalised = [m for m in spectral.modules() if is_parametrized(m, "weight")]
    assert count == len(normalised) > 0


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_transposed_convolutions_are_spectrally_normalised_too(dimensions: int) -> None:
    layer = layers_of(Shape(1, *(4,) * dimensions)).conv_transpose(2, 3, 3)
    assert is_parametrized(apply_spectral_norm(layer), "weight")


@each_shape
@every_family
def test_every_layer_of_every_player_has_its_condition(name: str, shape: Shape) -> None:
    nets = objective_of("vae_gan", latent=3).networks(family(name), shape, 2)
    plain = objective_of("vae_gan", latent=3).networks(family(name), shape)
    for player in ("encoder", "decoder", "discriminator"):
        conditioned = [m for m in nets[player].modules() if isinstance(m, Conditioned)]
        assert [type(m.layer) for m in conditioned] == [type(m) for m in with_weights(plain[player])]
    x, condition = images(shape, 4), torch.ones(4, 2)
    assert nets.of(condition)["encoder"](x).shape == (4, 6)
    assert nets.of(condition)["decoder"](torch.randn(4, 3)).shape == x.shape


@each_shape
@every_family
def test_training_lays_weights_out_as_convolutions_of_their_dimensions_like_them(
    name: str, shape: Shape
) -> None:
    wanted = layers_of(shape).memory_format
    nets: Networks = networks(objective_of("vae_gan", latent=3), family(name), shape, TrainingSettings())
    kernels = [p for p in nets.parameters() if p.dim() == len(shape) + 1 and p.dim() > 2]
    assert kernels or name == "mlp"
    assert all(kernel.is_contiguous(memory_format=wanted) for kernel in kernels)


@pytest.mark.parametrize("space", [(), (2, 2, 2, 2)], ids=str)
def test_other_numbers_of_dimensions_are_refused(space: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match=rf"have {len(space)} dimensions beside channels; give 1, 2, 3"):
        layers_of(Shape(1, *space))


def test_a_feature_counts_as_much_as_there_is_valid_beneath_it() -> None:
    """Two columns of four are valid in the first image, none in the second, all in the third."""
    valid = torch.zeros(3, 1, 2, 4, dtype=torch.bool)
    valid[0, :, :, :2] = valid[2] = True
    halves = share_of_valid(valid, torch.zeros(3, 5, 1, 2))
    assert halves is not None and halves[:, 0, 0].tolist() == [[1, 0], [0, 0], [1, 1]]
    thirds = share_of_valid(valid, torch.zeros(3, 5, 2, 3))
    assert thirds is not None and thirds[0, 0].tolist() == [[1, 0.5, 0]] * 2, "columns 2 and 3 overlap"
    rows = share_of_valid(valid, torch.zeros(3, 5))
    assert rows is not None and rows.tolist() == [[0.5], [0], [1]]
    assert share_of_valid(None, torch.zeros(3, 5)) is None
