"""What families have from their base: layers found by name, spectral norms, first weights, sizes."""

import pytest
import torch
from torch import nn

from likeness.errors import UserError
from likeness.nets._family import Discriminator, halvings, initialise
from likeness.shapes import Shape
from support.families import NAMES, family, images, players, weights

SHAPE = Shape(3, 9, 6)

every_family = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def use_seed() -> None:
    """The same weights and images each time."""
    torch.manual_seed(0)


@every_family
def test_a_layer_is_found_by_name_by_index_and_from_the_end(name: str) -> None:
    Dis = family(name).discriminator(SHAPE)
    names = Dis.layer_names
    assert (
        Dis.resolve_layer(names[0])
        == Dis.resolve_layer("0")
        == Dis.resolve_layer(str(-len(names)))
        == names[0]
    )
    assert Dis.resolve_layer("-1") == Dis.resolve_layer(str(len(names) - 1)) == names[-1]


@every_family
@pytest.mark.parametrize("wrong", ["logit", "99", "-99", "", "-", "1.0"])
def test_an_unknown_layer_is_refused(name: str, wrong: str) -> None:
    Dis = family(name).discriminator(SHAPE)
    with pytest.raises(UserError, match="has no layer"):
        Dis.resolve_layer(wrong)


def test_an_unknown_layer_lists_the_near_ones() -> None:
    Dis = family("larsen").discriminator(SHAPE)
    with pytest.raises(UserError, match=r"no layer 'conv9'; did you mean .*conv3"):
        Dis.resolve_layer("conv9")
    with pytest.raises(UserError, match="choose one of conv0, relu0, conv1"):
        Dis.resolve_layer("zzzz")


@every_family
@pytest.mark.parametrize("spectral", [False, True])
def test_asking_for_shapes_changes_no_statistic_and_no_mode(name: str, spectral: bool) -> None:
    Dis = family(name, spectral=spectral).discriminator(SHAPE).train()
    before = {k: v.clone() for k, v in Dis.state_dict().items()}
    shapes = Dis.feature_shapes(SHAPE)
    assert all(torch.equal(v, before[k]) for k, v in Dis.state_dict().items())
    assert all(m.training for m in Dis.modules())
    features = Dis(images(SHAPE)).features
    assert shapes == {layer: tuple(f.shape[1:]) for layer, f in features.items()}


@every_family
def test_asking_for_shapes_keeps_evaluation_mode(name: str) -> None:
    Dis = family(name).discriminator(SHAPE).eval()
    Dis.feature_shapes(SHAPE)
    assert not any(m.training for m in Dis.modules())


@pytest.mark.parametrize("name", NAMES)
def test_spectral_normalisation_holds_every_weight_at_norm_one(name: str) -> None:
    torch.manual_seed(0)
    shape = Shape(3, 12, 9)
    Dis = family(name, spectral=True).discriminator(shape).train()
    for _ in range(60):
        judged = Dis(images(shape, 4))
    assert torch.isfinite(judged.logits).all()
    found = {k: float(torch.linalg.matrix_norm(w.detach().flatten(1), 2)) for k, w in weights(Dis).items()}
    assert found == pytest.approx(dict.fromkeys(found, 1.0), abs=0.05)


@pytest.mark.parametrize("name", NAMES)
def test_only_the_discriminator_is_spectrally_normalised_and_only_where_asked(name: str) -> None:
    shape = Shape(3, 12, 9)
    plain, spectral = players(name, shape), players(name, shape, spectral=True)
    normalised = {
        k: any("parametrizations" in n for n, _ in p.named_parameters()) for k, p in spectral.items()
    }
    assert normalised == {"encoder": False, "decoder": False, "discriminator": True}
    assert not any("parametrizations" in n for p in plain.values() for n, _ in p.named_parameters())


def test_sizes_are_halved_and_rounded_up_as_often_as_asked() -> None:
    assert halvings((7, 13), 3) == [(7, 13), (4, 7), (2, 4), (1, 2)]
    assert halvings((64, 64), 3)[-1] == (8, 8)
    assert halvings((64, 1), 3) == [(64, 1)]
    assert halvings((9,), 3) == [(9,), (5,), (3,), (2,)]
    assert halvings((4, 8, 3), 1) == [(4, 8, 3), (2, 4, 2)]
    assert halvings((28, 28), 8, 4) == [(28, 28), (14, 14), (7, 7), (4, 4)]


def test_features_are_what_layers_give_in_turn_and_the_last_gives_the_logit() -> None:
    torch.manual_seed(0)
    first, last = nn.Conv2d(1, 3, 2), nn.Sequential(nn.Flatten(), nn.Linear(12, 1))
    Dis, x = Discriminator({"a": first, "b": nn.ReLU(), "c": last}, "b"), torch.randn(5, 1, 3, 3)
    judged = Dis(x)
    assert Dis.layer_names == list(judged.features) == ["a", "b"]
    assert torch.equal(judged.features["a"], first(x))
    assert torch.equal(judged.features["b"], first(x).relu())
    assert torch.equal(judged.logits, last(first(x).relu())[:, 0])


def test_normalisations_are_left_as_they_are_by_first_weights() -> None:
    norm = nn.BatchNorm1d(4)
    with torch.no_grad():
        norm.weight.fill_(3.0)
        norm.bias.fill_(2.0)
    initialise(nn.Sequential(nn.Linear(3, 4), norm), 0.02)
    assert (norm.weight == 3).all() and (norm.bias == 2).all()


@every_family
def test_a_critic_of_codes_has_two_hidden_layers_and_no_normalisation(name: str) -> None:
    critic = family(name, critic_hidden=7, spectral=True).critic(5)
    assert [tuple(w.shape) for w in weights(critic).values()] == [(7, 5), (7, 7), (1, 7)]
    assert critic(torch.randn(3, 5)).shape == (3,)
    z = torch.randn(3, 5)
    torch.testing.assert_close(critic(z)[:1], critic(z[:1]))
    assert not any("parametrizations" in n for n, _ in critic.named_parameters())


@pytest.mark.parametrize("name", sorted({*NAMES} - {"resnet"}))
def test_families_of_flat_codes_alone_say_so(name: str) -> None:
    net, maps = family(name), Shape(4, 3, 2)
    for make in (
        lambda: net.code_sides(SHAPE),
        lambda: net.encoder(SHAPE, maps),
        lambda: net.decoder(maps, SHAPE),
    ):
        with pytest.raises(UserError, match=rf"(?i)^{name} has flat codes only; take --net resnet$"):
            make()
