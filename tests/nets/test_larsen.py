"""The networks of Larsen et al. 2016: the paper's table, first weights, BatchNorm."""

import pytest
import torch
from torch import nn

from laws.games import objective_of
from likeness.nets.larsen import Larsen
from likeness.shapes import Shape
from likeness.training.size import parameter_counts
from support.families import check_first_weights, family, images, players

FACES = Shape(3, 64, 64)


def conv(inputs: int, outputs: int, bias: int = 0) -> int:
    """Parameters of a 5x5 convolution."""
    return 25 * inputs * outputs + bias * outputs


def norm(channels: int) -> int:
    """Parameters of a BatchNorm."""
    return 2 * channels


def test_larsen_has_the_parameters_of_the_papers_table() -> None:
    """5x5 convolutions 64, 128, 256; linear 2048; a mean and a log-variance of 128."""
    flat = 8 * 8 * 256
    counted = parameter_counts(objective_of("vae_gan", latent=128), Larsen(), FACES)
    assert counted["encoder"] == sum(
        [
            conv(3, 64) + norm(64),
            conv(64, 128) + norm(128),
            conv(128, 256) + norm(256),
            flat * 2048 + norm(2048),
            2048 * (128 + 128) + (128 + 128),
        ]
    )
    assert counted["decoder"] == sum(
        [
            128 * flat + norm(flat),
            conv(256, 256) + norm(256),
            conv(256, 128) + norm(128),
            conv(128, 32) + norm(32),
            conv(32, 3, bias=1),
        ]
    )
    assert counted["discriminator"] == sum(
        [
            conv(3, 32, bias=1),
            conv(32, 128, bias=0) + norm(128),
            conv(128, 256, bias=0) + norm(256),
            conv(256, 256, bias=0) + norm(256),
            flat * 512 + norm(512),
            512 + 1,
        ]
    )


def test_larsens_layers_have_the_papers_sizes() -> None:
    with torch.device("meta"):
        Dis = Larsen().discriminator(FACES)
        shapes = Dis.feature_shapes(FACES)
    convolutions = [shapes[f"conv{k}"] for k in range(4)]
    assert convolutions == [(32, 64, 64), (128, 32, 32), (256, 16, 16), (256, 8, 8)]
    assert shapes["hidden"] == (512,)
    assert Dis.default_layer == "conv3"


def test_larsens_layer_l_comes_before_its_batchnorm_and_relu() -> None:
    Dis = family("larsen").discriminator(Shape(3, 16, 16))
    features = Dis(images(Shape(3, 16, 16), 4)).features
    assert isinstance(Dis.layers["conv3"], nn.Conv2d)
    assert (features["conv3"] < 0).any()
    assert (features["relu3"] >= 0).all()


def test_larsens_first_discriminator_layer_has_no_batchnorm_and_no_stride() -> None:
    Dis = family("larsen").discriminator(Shape(3, 16, 16))
    assert Dis.feature_shapes(Shape(3, 16, 16))["conv0"][1:] == (16, 16)
    assert isinstance(Dis.layers["relu0"], nn.ReLU)


def test_larsens_batchnorm_keeps_nine_tenths() -> None:
    Enc = family("larsen").encoder(Shape(1, 8, 8), 2).train()
    means = next(m for m in Enc.modules() if isinstance(m, nn.BatchNorm2d)).get_buffer("running_mean")
    means.fill_(1.0)
    with torch.no_grad():
        Enc(torch.zeros(4, 1, 8, 8))
    torch.testing.assert_close(means, torch.full_like(means, 0.9))


def test_width_multiplies_channels_and_quarters_the_parameters() -> None:
    counts = [
        parameter_counts(objective_of("ae", latent=128), Larsen(width=width), FACES) for width in (1.0, 0.5)
    ]
    assert 3.5 < counts[0]["encoder"] / counts[1]["encoder"] < 4.0


@pytest.mark.parametrize("settings", [{}, {"std": 0.3}], ids=str)
def test_first_weights_are_normal_of_the_stated_width_and_biases_zero(settings: dict[str, float]) -> None:
    torch.manual_seed(0)
    for player in players("larsen", Shape(3, 16, 16), width=0.3, **settings).values():
        check_first_weights(player, settings.get("std", 0.02))


@pytest.mark.parametrize("sides", [(64, 64), (7, 13), (33, 17)], ids=str)
def test_a_decoder_goes_back_through_the_sizes_that_the_encoder_went_down(sides: tuple[int, int]) -> None:
    net, shape = family("larsen"), Shape(1, *sides)
    down = sizes_met(net.encoder(shape, 4), images(shape))
    up = sizes_met(net.decoder(4, shape), torch.randn(2, 4))
    assert [sides, *down] == up[::-1]


def sizes_met(player: nn.Module, given: torch.Tensor) -> list[tuple[int, int]]:
    """Height and width of images between the blocks of a player, in turn."""
    met: list[tuple[int, int]] = []
    for block in player.children():
        given = block(given)
        if given.dim() == 4 and (not met or met[-1] != tuple(given.shape[2:])):
            met.append((given.shape[2], given.shape[3]))
    return met
