"""Fully connected networks: Makhzani et al. 2015, appendix A."""

import math

import pytest
import torch
from torch import nn

from likeness.nets.mlp import MLP
from likeness.shapes import Shape
from support.families import check_first_weights, players, weights


def test_batch_norm_of_an_mlp_is_in_its_encoder_alone() -> None:
    net, shape = MLP(hidden=9, batch_norm=True), Shape(1, 4, 4)
    norms = [sum(isinstance(layer, nn.BatchNorm1d) for layer in player.modules()) for player in (
        net.encoder(shape, 3), net.decoder(3, shape), net.discriminator(shape), net.critic(3)
    )]  # fmt: skip
    assert norms == [2, 0, 0, 0]


@pytest.mark.parametrize("settings", [{}, {"std": 0.3}], ids=str)
def test_first_weights_are_normal_of_the_stated_width_and_biases_zero(settings: dict[str, float]) -> None:
    torch.manual_seed(0)
    for player in players("mlp", Shape(3, 16, 16), hidden=60, **settings).values():
        check_first_weights(player, settings.get("std", 0.01))


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_every_player_has_as_many_hidden_layers_as_asked_for(depth: int) -> None:
    net, shape = MLP(hidden=9, depth=depth), Shape(1, 4, 4)
    for player in (net.encoder(shape, 3), net.decoder(3, shape), net.discriminator(shape)):
        assert [w.shape[0] for w in weights(player).values()][:-1] == [9] * depth
    assert net.discriminator(shape).default_layer == f"hidden{depth}"


def test_a_critics_first_weights_are_pytorchs_where_none_are_asked_for() -> None:
    torch.manual_seed(0)
    usual, narrow = MLP(critic_std=0).critic(2), MLP(critic_std=0.01).critic(2)
    first, *_ = weights(usual).values()
    assert 0.9 / math.sqrt(2) < float(first.detach().abs().max()) <= 1 / math.sqrt(2)
    check_first_weights(narrow, 0.01)
