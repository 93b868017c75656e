"""What each family says of its own design: the paper's table, first weights, normalisation."""

import math

import pytest
import torch
from torch import nn

from likeness.config import net_class, objective_class
from likeness.nets.mlp import MLP
from likeness.shapes import ImageShape
from likeness.training.size import parameter_counts
from support.families import NAMES, family, images, weights

FACES = ImageShape(3, 64, 64)
NORMALS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.GroupNorm)


def conv(inputs: int, outputs: int, bias: int = 0) -> int:
    """Parameters of a 5x5 convolution."""
    return 25 * inputs * outputs + bias * outputs


def norm(channels: int) -> int:
    """Parameters of a BatchNorm."""
    return 2 * channels


def players(name: str, shape: ImageShape, **settings: object) -> dict[str, nn.Module]:
    """The three players of a family, as a VAE/GAN has them with 16 codes."""
    net = family(name, **settings)
    return {
        "encoder": net.encoder(shape, 32),
        "decoder": net.decoder(16, shape),
        "discriminator": net.discriminator(shape),
    }


def test_larsen_has_the_parameters_of_the_papers_table():
    """papers.md: 5x5 convolutions 64, 128, 256; linear 2048; a mean and a log-variance of 128."""
    flat = 8 * 8 * 256
    counted = parameter_counts(objective_class("vae_gan")(latent=128), net_class("larsen")(), FACES)
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


def test_larsens_layers_have_the_papers_sizes():
    with torch.device("meta"):
        Dis = net_class("larsen")().discriminator(FACES)
        shapes = Dis.shapes(FACES)
    convolutions = [shapes[f"conv{k}"] for k in range(4)]
    assert convolutions == [(32, 64, 64), (128, 32, 32), (256, 16, 16), (256, 8, 8)]
    assert shapes["hidden"] == (512,)
    assert Dis.default_layer == "conv3"


def test_larsens_layer_l_comes_before_its_batchnorm_and_relu():
    Dis = family("larsen").discriminator(ImageShape(3, 16, 16))
    features = Dis(images(ImageShape(3, 16, 16), 4)).features
    assert isinstance(Dis.layers["conv3"], nn.Conv2d)
    assert (features["conv3"] < 0).any()
    assert (features["relu3"] >= 0).all()


def test_larsens_first_discriminator_layer_has_no_batchnorm_and_no_stride():
    Dis = family("larsen").discriminator(ImageShape(3, 16, 16))
    assert Dis.shapes(ImageShape(3, 16, 16))["conv0"][1:] == (16, 16)
    assert isinstance(Dis.layers["relu0"], nn.ReLU)


def test_larsens_batchnorm_keeps_nine_tenths():
    Enc = family("larsen").encoder(ImageShape(1, 8, 8), 2).train()
    normal = next(m for m in Enc.modules() if isinstance(m, nn.BatchNorm2d))
    normal.running_mean.fill_(1.0)
    with torch.no_grad():
        Enc(torch.zeros(4, 1, 8, 8))
    torch.testing.assert_close(normal.running_mean, torch.full_like(normal.running_mean, 0.9))


def test_width_multiplies_channels_and_quarters_the_parameters():
    counts = [
        parameter_counts(objective_class("ae")(latent=128), net_class("larsen")(width=width), FACES)
        for width in (1.0, 0.5)
    ]
    assert 3.5 < counts[0]["encoder"] / counts[1]["encoder"] < 4.0


@pytest.mark.parametrize("name, std", [("larsen", 0.02), ("mlp", 0.01), ("larsen", 0.3), ("mlp", 0.3)])
def test_first_weights_are_normal_of_the_stated_width_and_biases_zero(name, std):
    torch.manual_seed(0)
    default = {"larsen": 0.02, "mlp": 0.01}[name]
    wide = {"larsen": {"width": 0.3}, "mlp": {"hidden": 60}}[name]
    settings = wide | ({} if std == default else {"std": std})
    for player in players(name, ImageShape(3, 16, 16), **settings).values():
        for weight in map(torch.Tensor.detach, weights(player).values()):
            n = weight.numel()
            assert float(weight.std()) == pytest.approx(std, rel=5 / math.sqrt(2 * n))
            assert abs(float(weight.mean())) < 5 * std / math.sqrt(n)
            assert float(weight.abs().max()) > std  # the uniform law of PyTorch is bounded
        for key, value in player.named_parameters():
            if key.endswith("bias"):
                assert (value == 0).all()


def test_resnet_starts_as_pytorch_does_and_what_blocks_add_at_a_tenth():
    torch.manual_seed(0)
    for player in players("resnet", ImageShape(3, 16, 16), base=8).values():
        for name, weight in weights(player).items():
            bound = 1 / math.sqrt(weight[0].numel())
            factor = 0.1 if ".after." in f".{name}." else 1.0
            assert factor * bound * 0.9 < float(weight.detach().abs().max()) <= factor * bound * 1.0001


def test_resnet_has_no_batchnorm_in_any_player():
    made = players("resnet", ImageShape(3, 16, 16))
    assert not [
        m for p in made.values() for m in p.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)
    ]
    assert not [m for m in made["discriminator"].modules() if isinstance(m, NORMALS)]


def test_no_sample_of_resnet_sees_another():
    shape = ImageShape(3, 8, 8)
    x = images(shape, 3)
    made = players("resnet", shape)
    for player, given in (("encoder", x), ("decoder", torch.randn(3, 16))):
        torch.testing.assert_close(made[player](given)[:1], made[player](given[:1]))
    torch.testing.assert_close(made["discriminator"](x).logits[:1], made["discriminator"](x[:1]).logits)


@pytest.mark.parametrize("name", NAMES)
def test_spectral_normalisation_holds_every_weight_at_norm_one(name):
    torch.manual_seed(0)
    shape = ImageShape(3, 12, 9)
    Dis = family(name, spectral=True).discriminator(shape).train()
    for _ in range(60):
        judged = Dis(images(shape, 4))
    assert torch.isfinite(judged.logits).all()
    found = {k: float(torch.linalg.matrix_norm(w.flatten(1), 2)) for k, w in weights(Dis).items()}
    assert found == pytest.approx(dict.fromkeys(found, 1.0), abs=0.05)


@pytest.mark.parametrize("name", NAMES)
def test_only_the_discriminator_is_spectrally_normalised_and_only_where_asked(name):
    shape = ImageShape(3, 12, 9)
    plain, spectral = players(name, shape), players(name, shape, spectral=True)
    normalised = {
        k: any("parametrizations" in n for n, _ in p.named_parameters()) for k, p in spectral.items()
    }
    assert normalised == {"encoder": False, "decoder": False, "discriminator": True}
    assert not any("parametrizations" in n for p in plain.values() for n, _ in p.named_parameters())


def test_batch_norm_of_an_mlp_is_in_its_encoder_alone() -> None:
    net, shape = MLP(hidden=9, batch_norm=True), ImageShape(1, 4, 4)
    norms = [sum(isinstance(layer, nn.BatchNorm1d) for layer in player.modules()) for player in (
        net.encoder(shape, 3), net.decoder(3, shape), net.discriminator(shape), net.critic(3)
    )]  # fmt: skip
    assert norms == [2, 0, 0, 0]
