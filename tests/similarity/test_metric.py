"""The learned distance against its formula in NumPy, its gradients, and what it refuses."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from likeness.errors import UserError
from likeness.nets import Discriminator, Family
from likeness.nets.larsen import Larsen
from likeness.nets.mlp import MLP
from likeness.nets.resnet import ResNet
from likeness.shapes import Shape
from likeness.similarity.metric import Similarity

SHAPE = Shape(2, 12, 10)


def discriminator(family: str = "larsen") -> Discriminator:
    """An untrained one, in training mode, whose statistics are not the first."""
    torch.manual_seed(3)
    net = Larsen(width=0.05) if family == "larsen" else MLP(hidden=9, std=0.3)
    Dis = net.discriminator(SHAPE)
    Dis(torch.randn(16, *SHAPE))
    return Dis


def metric(layers: dict[str, float] | None = None, unit: bool = True, family: str = "larsen") -> Similarity:
    """A metric of it."""
    Dis = discriminator(family)
    return Similarity(Dis, layers or {Dis.default_layer: 1.0}, SHAPE, unit)


def images(n: int = 5, seed: int = 0) -> Tensor:
    """Images in [-1, 1]."""
    return 2 * torch.rand(n, *SHAPE, generator=torch.Generator().manual_seed(seed)) - 1


@pytest.mark.parametrize("family", ["larsen", "mlp"])
@pytest.mark.parametrize("unit", [True, False])
def test_the_distance_is_the_formula(family: str, unit: bool) -> None:
    Dis = discriminator(family)
    names = Dis.layer_names[-2:]
    found = Similarity(Dis, {names[0]: 0.3, names[1]: 2.0}, SHAPE, unit)(images(), images(seed=1))
    expected = np.zeros(5)
    with torch.no_grad():
        of_a, of_b = Dis.eval()(images()).features, Dis(images(seed=1)).features
    for name, weight in zip(names, (0.3, 2.0)):
        f, g = of_a[name].double().numpy(), of_b[name].double().numpy()
        if unit:
            f, g = (
                f / np.linalg.norm(f, axis=1, keepdims=True),
                g / np.linalg.norm(g, axis=1, keepdims=True),
            )
            places = ((f - g) ** 2).sum(1).reshape(5, -1).mean(1)
        else:
            places = ((f - g) ** 2).reshape(5, -1).mean(1)
        expected += weight * places
    assert np.allclose(found, expected, rtol=1e-4)


def test_an_image_is_no_distance_from_itself_and_distances_are_symmetric() -> None:
    learned, a, b = metric(), images(), images(seed=1)
    assert torch.equal(learned(a, a), torch.zeros(5))
    assert torch.equal(learned(a, b), learned(b, a))
    assert (learned(a, b) > 0).all()


def test_a_distance_does_not_depend_on_what_stands_beside_the_pair() -> None:
    """As BatchNorm in training mode would make it."""
    learned, a, b = metric(), images(), images(seed=1)
    alone = torch.cat([learned(a[k : k + 1], b[k : k + 1]) for k in range(5)])
    assert torch.allclose(learned(a, b), alone, rtol=1e-5)


def test_nothing_that_is_done_with_it_changes_it() -> None:
    learned = metric()
    before = {name: value.clone() for name, value in learned.state_dict().items()}
    part = nn.ModuleDict({"loss": learned, "mine": nn.Linear(2, 2)}).train()
    made = images().requires_grad_()
    learned(made, images(seed=1)).mean().backward()
    assert not learned.training and not any(m.training for m in learned.modules())
    assert all(p.grad is None and not p.requires_grad for p in part["loss"].parameters())
    assert all(torch.equal(before[name], value) for name, value in learned.state_dict().items())


def test_descending_it_brings_an_image_nearer_to_another() -> None:
    learned, b = metric(), images(1, seed=1)
    a = images(1).requires_grad_()
    first = float(learned(a, b).detach())
    step = torch.optim.Adam([a], 0.02)
    for _ in range(60):
        step.zero_grad()
        learned(a, b).mean().backward()
        step.step()
    assert float(learned(a, b).detach()) < 0.3 * first


@pytest.mark.parametrize("which", [0, 1])
def test_gradients_to_either_image_are_those_of_finite_differences(which: int) -> None:
    learned = metric(unit=True).double()
    pair = [images(1).double(), images(1, seed=1).double()]
    pair[which].requires_grad_()
    assert torch.autograd.gradcheck(lambda x: learned(*[*pair[:which], x, *pair[which + 1 :]]), pair[which])


def test_the_map_says_where_images_differ() -> None:
    learned, a = metric({"conv1": 1.0}), images(1)
    b = a.clone()
    b[:, :, :4, :4] = -a[:, :, :4, :4]
    where = learned.map(a, b)
    assert where.shape == (1, 12, 10)
    assert where[0, :4, :4].mean() > 20 * where[0, 8:, 7:].mean()


@pytest.mark.parametrize("family", ["larsen", "mlp"])
@pytest.mark.parametrize("unit", [True, False])
def test_squared_distances_of_embeddings_are_those_of_the_metric(family: str, unit: bool) -> None:
    names = discriminator(family).layer_names[-2:]
    learned, a, b = metric({names[0]: 0.3, names[1]: 2.0}, unit, family), images(), images(seed=1)
    apart = (learned.embedded(a) - learned.embedded(b)).square().sum(1)
    torch.testing.assert_close(apart, learned(a, b), rtol=1e-4, atol=1e-6)


def test_the_mean_of_the_map_is_about_the_distance() -> None:
    learned, a, b = metric(), images(), images(seed=1)
    torch.testing.assert_close(learned.map(a, b).mean((1, 2)), learned(a, b), rtol=0.1, atol=0)


def test_layers_that_come_after_the_last_chosen_are_left_out() -> None:
    names = discriminator().layer_names
    assert list(metric({"conv1": 1.0, "conv2": 1.0}).layers) == names[: names.index("conv2") + 1]
    with pytest.raises(UserError, match="no layer 'conv9'; did you mean"):
        metric({"conv9": 1.0})


REFUSED = [
    (images(2)[:, :1], images(2), "images are .1, 12, 10., this metric compares .2, 12, 10."),
    (images(2), images(3), "2 images are compared with 3; give pairs"),
    (images(2) * 127, images(2), "this metric takes -1 to 1; scale them"),
]


@pytest.mark.parametrize(("a", "b", "message"), REFUSED)
def test_images_that_it_cannot_compare_are_refused(a: Tensor, b: Tensor, message: str) -> None:
    with pytest.raises(UserError, match=message):
        metric()(a, b)


@pytest.mark.parametrize("shape", [Shape(2, 24), Shape(1, 8, 9, 7)], ids=str)
@pytest.mark.parametrize("net", [Larsen(width=0.05), ResNet(base=4), MLP(hidden=9, std=0.3)], ids=str)
@pytest.mark.parametrize("unit", [True, False])
def test_waves_and_volumes_are_compared_as_images_are(shape: Shape, net: Family, unit: bool) -> None:
    torch.manual_seed(0)
    Dis = net.discriminator(shape)
    learned = Similarity(Dis, {Dis.layer_names[0]: 0.5, Dis.default_layer: 1.0}, shape, unit)
    a, b = 2 * torch.rand(2, 3, *shape) - 1
    assert torch.equal(learned(a, a), torch.zeros(3)) and (learned(a, b) > 0).all()
    apart = (learned.embedded(a) - learned.embedded(b)).square().sum(1)
    torch.testing.assert_close(apart, learned(a, b), rtol=1e-4, atol=1e-6)
    assert learned.map(a, b).shape == (3, *shape.space)
    torch.testing.assert_close(learned.map(a, b).flatten(1).mean(1), learned(a, b), rtol=0.25, atol=0)


@pytest.mark.parametrize("family", ["larsen", "mlp"])
@pytest.mark.parametrize("unit", [True, False])
def test_pixels_that_are_not_valid_change_no_distance(family: str, unit: bool) -> None:
    measure, a, b = metric(unit=unit, family=family), images(), images(seed=1)
    valid = torch.ones(5, 1, *SHAPE.space, dtype=torch.bool)
    valid[:, :, :, 6:] = False
    valid[4] = False
    found = measure(a, b, valid)
    assert torch.equal(found, measure(a.where(valid, float("nan")), b.where(valid, 40.0), valid))
    assert float(found[4]) == 0 and bool((found[:4] > 0).all())
    torch.testing.assert_close(measure(a, b, torch.ones_like(valid)), measure(a, b))
