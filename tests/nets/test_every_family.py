"""Every family builds every player for images of any shape."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from laws.games import objective_of
from likeness import registry
from likeness.batch import Batch
from likeness.nets import Networks
from likeness.noise import SeededNoise
from likeness.shapes import Shape
from likeness.training.loop import begin
from likeness.training.settings import TrainingSettings
from likeness.training.step import advance
from support.families import NAMES, family, images

SHAPES = [
    Shape(*shape)
    for shape in [
        (1, 1, 1),
        (3, 1, 9),
        (2, 2, 1),
        (1, 3, 3),
        (1, 7, 13),
        (5, 13, 7),
        (1, 28, 28),
        (4, 5, 32),
        (3, 33, 17),
        (3, 64, 64),
    ]
]
METHODS = registry.names("likeness.objectives")
SHAPE = Shape(3, 9, 6)

every_family = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def use_seed() -> None:
    """The same weights and images each time."""
    torch.manual_seed(0)


def check_shapes(name: str, shape: Shape) -> None:
    """Shapes and bounds of what the three players of a family give, in both modes."""
    net, x = family(name), images(shape)
    players = net.encoder(shape, 6), net.decoder(3, shape), net.discriminator(shape)
    Enc, Dec, Dis = players
    for training in (True, False):
        for player in players:
            player.train(training)
        assert Enc(x).shape == (2, 6)
        made = Dec(1e3 * torch.randn(2, 3))
        assert made.shape == x.shape
        assert made.abs().max() <= 1
        judged = Dis(x)
        assert judged.logits.shape == (2,)
        assert list(judged.features) == Dis.layer_names
        assert all(len(f) == 2 for f in judged.features.values())


@every_family
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_players_fit_images_of_any_shape(name: str, shape: Shape) -> None:
    check_shapes(name, shape)


@every_family
@settings(max_examples=12, deadline=None, derandomize=True)
@given(sides=st.tuples(st.integers(1, 5), st.integers(1, 20), st.integers(1, 20)))
def test_players_fit_images_of_shapes_not_thought_of(name: str, sides: tuple[int, int, int]) -> None:
    check_shapes(name, Shape(*sides))


@every_family
def test_an_encoder_ends_in_a_linear_layer(name: str) -> None:
    """Its outputs are means and log-variances, which must be able to have any sign and size."""
    Enc = family(name).encoder(SHAPE, 6)
    last = [m for m in Enc.modules() if not list(m.children())][-1]
    assert isinstance(last, nn.Linear)
    assert last.out_features == 6


@every_family
def test_a_decoder_reaches_both_ends_of_the_range(name: str) -> None:
    Dec = family(name).decoder(3, SHAPE).eval()
    bias = [m for m in Dec.modules() if isinstance(m, nn.Conv2d | nn.Linear)][-1].get_parameter("bias")
    with torch.no_grad():
        bias.fill_(-50.0)
    assert (Dec(torch.randn(2, 3)) == -1).all()
    with torch.no_grad():
        bias.fill_(50.0)
    assert (Dec(torch.randn(2, 3)) == 1).all()


@every_family
def test_every_output_depends_on_every_part_of_the_image(name: str) -> None:
    """No pixel of an odd side is cut off by a stride."""
    shape = Shape(2, 7, 13)
    Enc, x = family(name).encoder(shape, 4).eval(), images(shape, 1).requires_grad_()
    (g,) = torch.autograd.grad(Enc(x).square().sum(), [x])
    assert (g != 0).all(dim=1).float().mean() > 0.9
    assert (g[..., -1, :] != 0).any()
    assert (g[..., -1] != 0).any()


@every_family
@pytest.mark.parametrize("shape", SHAPES[::3], ids=str)
def test_the_recommended_layer_is_one_of_the_layers(name: str, shape: Shape) -> None:
    Dis = family(name).discriminator(shape)
    assert Dis.default_layer in Dis.layer_names
    assert Dis.default_layer not in ("logit", list(Dis.layers)[-1])


def test_the_layers_of_each_family_have_the_names_that_runs_are_configured_with() -> None:
    names = {name: family(name).discriminator(Shape(3, 16, 16)).layer_names for name in NAMES}
    assert names["larsen"] == [f"{kind}{k}" for k in range(4) for kind in ("conv", "relu")] + ["hidden"]
    assert names["mlp"] == ["hidden1", "hidden2"]
    assert names["resnet"] == ["conv", "block1", "block2", "block3"]


@every_family
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("spectral", [False, True])
def test_a_family_plays_every_objective(name: str, method: str, spectral: bool) -> None:
    objective = objective_of(method, latent=3)
    shape = Shape(2, 5, 6)
    nets = Networks(objective.players(family(name, spectral=spectral), shape))
    state = begin(objective, nets, TrainingSettings(lr=1e-3))
    n = torch.arange(4)
    report = advance(
        objective, nets, state.moves, [Batch(images(shape, 4), n, n).with_noise(SeededNoise())], 0
    )
    assert all(torch.isfinite(value) for value in report.values())
    assert all(torch.isfinite(v).all() for v in nets.state_dict().values())
