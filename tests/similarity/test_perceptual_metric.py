"""The learned distance against its formula in NumPy, gradients, types, traces, and what it refuses."""

import copy
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import jaxtyping
import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode

from likeness.errors import UserError
from likeness.nets import Discriminator, Family
from likeness.nets.larsen import Larsen
from likeness.nets.mlp import MLP
from likeness.nets.resnet import ResNet
from likeness.shapes import Shape
from likeness.similarity.perceptual_metric import PerceptualMetric, Reduction
from support.small_metrics import FAMILIES, parts_of, untrained, untrained_metric
from support.small_metrics import images as images_of
from support.small_runs import pixels

SHAPE = Shape(2, 12, 10)
CONDITION = torch.tensor([[1.0, -0.5, 0.25]])


def discriminator(family: str = "larsen") -> Discriminator:
    """An untrained one, in training mode."""
    return untrained(FAMILIES[family], SHAPE)


def metric(
    layers: dict[str, float] | None = None, unit: bool = True, family: str = "larsen",
    condition: Tensor | None = None, reduction: Reduction = "none",
) -> PerceptualMetric:  # fmt: skip
    """A metric of it."""
    parts = parts_of(FAMILIES[family], SHAPE, condition, layers=layers or {}, unit=unit)
    return PerceptualMetric(parts, reduction)


def images(n: int = 5, seed: int = 0) -> Tensor:
    """Images in [-1, 1]."""
    return images_of(n, seed, SHAPE)


@pytest.mark.parametrize("family", ["larsen", "mlp"])
@pytest.mark.parametrize("unit", [True, False])
def test_the_distance_is_the_formula(family: str, unit: bool) -> None:
    Dis = discriminator(family)
    names = Dis.layer_names[-2:]
    found = metric({names[0]: 0.3, names[1]: 2.0}, unit, family)(images(), images(seed=1))
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


@pytest.mark.parametrize("family", FAMILIES)
def test_the_distance_under_a_condition_is_of_features_under_it(family: str) -> None:
    """And another condition is another distance."""
    Dis = untrained(FAMILIES[family], SHAPE, 3).eval().double()
    a, b = images().double(), images(seed=1).double()
    f, g = (Dis(x, CONDITION).features[Dis.default_layer] for x in (a, b))
    f, g = (h / h.norm(dim=1, keepdim=True) for h in (f, g))
    expected = (f - g).square().sum(1).reshape(5, -1).mean(1)
    found = metric(family=family, condition=CONDITION).double()(a, b)
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=0)
    assert not torch.allclose(found, metric(family=family, condition=-CONDITION).double()(a, b), rtol=1e-3)


def test_reductions_are_the_mean_and_the_sum_of_all_pairs() -> None:
    a, b = images(), images(seed=1)
    each = metric()(a, b)
    assert each.shape == (5,)
    assert torch.equal(metric(reduction="mean")(a, b), each.mean())
    assert torch.equal(metric(reduction="sum")(a, b), each.sum())
    assert torch.equal(metric(reduction="mean").distances(a, b), each)


def test_a_reduction_that_there_is_not_is_refused_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # which is what users have
    wrong: Any = "maen"
    with pytest.raises(UserError, match=r"^there is no reduction 'maen'; did you mean mean\?$"):
        metric(reduction=wrong)


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


def test_the_discriminator_that_it_is_made_of_goes_on_as_it_was() -> None:
    parts = parts_of(Larsen(width=0.05), SHAPE)
    learned, a, b = PerceptualMetric(parts), images(), images(seed=1)
    before = learned(a, b)
    assert parts.Dis.training and all(p.requires_grad for p in parts.Dis.parameters())
    with torch.no_grad():
        for p in parts.Dis.parameters():
            p.zero_()
    assert torch.equal(learned(a, b), before)


def test_descending_it_brings_an_image_nearer_to_another() -> None:
    learned, b = metric(reduction="mean"), images(1, seed=1)
    a = images(1).requires_grad_()
    first = float(learned(a, b).detach())
    step = torch.optim.Adam([a], 0.02)
    for _ in range(60):
        step.zero_grad()
        learned(a, b).backward()
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
    apart = (learned.embed(a) - learned.embed(b)).square().sum(1)
    torch.testing.assert_close(apart, learned(a, b), rtol=1e-4, atol=1e-6)


def test_the_mean_of_the_map_is_about_the_distance() -> None:
    learned, a, b = metric(), images(), images(seed=1)
    torch.testing.assert_close(learned.map(a, b).mean((1, 2)), learned(a, b), rtol=0.1, atol=0)


def test_layers_that_come_after_the_last_chosen_are_left_out() -> None:
    names = discriminator().layer_names
    learned = metric({"conv1": 1.0, "conv2": 1.0})
    assert list(learned.layers) == names[: names.index("conv2") + 1]
    assert {name.split(".")[1] for name in learned.state_dict()} <= {*learned.layers}
    with pytest.raises(UserError, match="no layer 'conv9'; did you mean"):
        metric({"conv9": 1.0})


REFUSED = [
    (images(2)[:, :1], images(2), "images are .1, 12, 10., this metric compares .2, 12, 10."),
    (images(2), images(3), "2 images are compared with 3; give pairs"),
    (images(2), images(1), "2 images are compared with 1; give pairs"),
    (images(2) * 127, images(2), "this metric takes -1 to 1; scale them"),
]


@pytest.mark.parametrize(("a", "b", "message"), REFUSED)
def test_images_that_it_cannot_compare_are_refused(a: Tensor, b: Tensor, message: str) -> None:
    for measure in (metric(), metric().map):
        with pytest.raises(UserError, match=message):
            measure(a, b)


@pytest.mark.parametrize("wrong", [REFUSED[0][0], REFUSED[3][0]])
def test_images_that_it_cannot_look_at_are_refused(wrong: Tensor) -> None:
    for look in (metric().embed, metric().features):
        with pytest.raises(UserError, match=r"this metric (compares|takes)"):
            look(wrong)


@pytest.mark.parametrize("shape", [Shape(2, 24), Shape(1, 8, 9, 7)], ids=str)
@pytest.mark.parametrize("net", [Larsen(width=0.05), ResNet(base=4), MLP(hidden=9, std=0.3)], ids=str)
@pytest.mark.parametrize("unit", [True, False])
def test_waves_and_volumes_are_compared_as_images_are(shape: Shape, net: Family, unit: bool) -> None:
    learned = PerceptualMetric(parts_of(net, shape, unit=unit))
    a, b = images_of(3, 0, shape), images_of(3, 1, shape)
    assert torch.equal(learned(a, a), torch.zeros(3)) and (learned(a, b) > 0).all()
    apart = (learned.embed(a) - learned.embed(b)).square().sum(1)
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


TYPES = [(torch.float32, 1e-6), (torch.float64, 1e-6), (torch.float16, 0.02), (torch.bfloat16, 0.1)]
"""With by how much a distance may differ, as a share of it, where weights or images are of that type."""


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("condition", [None, CONDITION], ids=["plain", "conditional"])
def test_weights_and_images_of_any_type_go_together(family: str, condition: Tensor | None) -> None:
    """Each result is near that of a metric in float64, and float32 but for images of float64."""
    learned, a, b = metric(family=family, condition=condition), images(), images(seed=1)
    exact = copy.deepcopy(learned).double()
    for of_weights, most in TYPES:
        cast = copy.deepcopy(learned).to(of_weights)
        for of_images, also in TYPES:
            x, y, rtol = a.to(of_images), b.to(of_images), max(most, also)
            result = torch.float64 if of_images == torch.float64 else torch.float32
            vectors, features = cast.embed(x), cast.features(x).values()
            found, mapped = cast(x, y), cast.map(x, y)
            assert {v.dtype for v in (found, mapped, vectors, *features)} == {result}
            torch.testing.assert_close(found.double(), exact(a.double(), b.double()), rtol=rtol, atol=0)
            apart = (vectors - cast.embed(y)).square().sum(1)
            torch.testing.assert_close(apart, found, rtol=1e-3, atol=1e-6)
            torch.testing.assert_close(mapped.mean((1, 2)), found, rtol=0.25, atol=0)
    mixed = learned(a.double(), b)
    assert mixed.dtype == torch.float64
    assert torch.equal(mixed.float(), learned(a, b)), "float32 weights compute in float32"


@pytest.mark.parametrize("of_weights", [torch.float16, torch.bfloat16, torch.float32])
def test_places_without_features_and_those_with_huge_ones_are_numbers(of_weights: torch.dtype) -> None:
    """In half precision a small number beneath a length of zero would be zero too, and squares of features
    of 300 overflow. In closed form: two features at right angles are 2 apart, equal ones not at all."""
    net = MLP(hidden=2, depth=1)
    parts = parts_of(net, Shape(2, 1), layers={"hidden1": 1.0})
    linear: Any = next(m for m in parts.Dis.modules() if isinstance(m, nn.Linear))
    with torch.no_grad():
        linear.weight.copy_(300 * torch.eye(2))
        linear.bias.zero_()
    learned = PerceptualMetric(parts).to(of_weights)
    a = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])[..., None].to(of_weights)
    b = torch.tensor([[0.0, 1.0], [0.5, 0.0], [0.0, 0.0], [0.0, 1.0]])[..., None].to(of_weights)
    a.requires_grad_()
    found = learned(a, b)
    assert torch.allclose(found, torch.tensor([2.0, 0.0, 0.0, 1.0]))
    found.sum().backward()
    assert a.grad is not None and a.grad.dtype == of_weights and bool(a.grad.isfinite().all())
    own_length = PerceptualMetric(parts_of(net, Shape(2, 1), layers={"hidden1": 1.0}, unit=False))
    own_length.load_state_dict(learned.state_dict())
    assert torch.equal(own_length.to(of_weights)(a, b)[:2].detach(), torch.tensor([90000.0, 11250.0]))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("of_images", [torch.float32, torch.bfloat16, torch.float16])
def test_under_autocast_it_is_a_loss_in_float32(family: str, of_images: torch.dtype) -> None:
    learned = metric(family=family, condition=CONDITION, reduction="mean")
    a, b = images().to(of_images).requires_grad_(), images(seed=1).to(of_images)
    with torch.autocast("cpu", torch.bfloat16):
        loss = learned(a, b)
    loss.backward()
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, learned(a.detach(), b), rtol=0.05, atol=0)
    exact = images().requires_grad_()
    learned(exact, images(seed=1)).backward()
    assert a.grad is not None and exact.grad is not None
    assert a.grad.dtype == of_images and bool(a.grad.isfinite().all())
    assert torch.cosine_similarity(a.grad.double().flatten(), exact.grad.double().flatten(), 0) > 0.98


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("condition", [None, CONDITION], ids=["plain", "conditional"])
def test_functions_of_pairs_are_mapped_and_differentiated_over_them(
    family: str, condition: Tensor | None
) -> None:
    learned, a, b = metric(family=family, condition=condition), images(), images(seed=1)

    def one(x: Tensor, y: Tensor) -> Tensor:
        return learned(x[None], y[None])[0]

    torch.testing.assert_close(torch.func.vmap(one)(a, b), learned(a, b))
    a.requires_grad_()
    (expected,) = torch.autograd.grad(learned(a, b).sum(), a)
    torch.testing.assert_close(torch.func.vmap(torch.func.grad(one))(a.detach(), b), expected)
    mapped = torch.func.vmap(lambda x, y: learned.map(x[None], y[None])[0])(a.detach(), b)
    torch.testing.assert_close(mapped, learned.map(a, b).detach())
    vectors = torch.func.vmap(lambda x: learned.embed(x[None])[0])(b)
    torch.testing.assert_close(vectors, learned.embed(b))


def test_it_is_the_same_where_it_is_exported_or_compiled() -> None:
    """At a number of images that was not traced."""
    here = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "support.traced_metrics"]
    said = subprocess.run(command, cwd=here, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout.splitlines()[-1])
    families, ways = ("mlp", "larsen, conditional"), ("exported", "compiled", "compiled gradient")
    assert found.keys() == {f"{family}: {way}" for family in families for way in ways}
    assert {way: far for way, far in found.items() if not far < 1e-6} == {}


def test_shapes_are_checked_where_there_are_no_values() -> None:
    """Values are, in the memory of a CPU alone."""
    learned = metric(condition=CONDITION)
    with FakeTensorMode(allow_non_fake_inputs=True) as mode:
        assert learned(mode.from_tensor(images() * 9), mode.from_tensor(images())).shape == (5,)
    far = torch.func.vmap(lambda x, y: learned(x[None], y[None])[0])(images() * 9, images())
    assert far.isfinite().all()
    elsewhere = copy.deepcopy(learned).to("meta")
    assert elsewhere(images().to("meta"), images().to("meta")).device.type == "meta"
    with pytest.raises(UserError, match=r"images are \(1, 12, 10\)"):
        elsewhere(images()[:, :1].to("meta"), images().to("meta"))


def test_a_copy_is_a_metric_of_its_own(tmp_path: Path) -> None:
    learned, a, b = metric(condition=CONDITION), images(), images(seed=1)
    other, state = copy.deepcopy(learned), {name: v.clone() for name, v in learned.state_dict().items()}
    before = learned(a, b)
    assert torch.equal(other(a, b), before)
    assert torch.equal(pickle.loads(pickle.dumps(learned))(a, b), before)
    other.half().load_state_dict({name: v * 0 for name, v in state.items()})
    assert torch.equal(learned(a, b), before) and torch.equal(other(a, b), torch.zeros(5))
    other.float().load_state_dict(state)
    assert torch.equal(other(a, b), before)


def test_many_pairs_is_measurement_as_they_are_one_by_one() -> None:
    learned, a, b = untrained_metric(), images_of(300), images_of(300, seed=1)
    found = learned.distances(a, b)
    assert found.shape == (300,)
    torch.testing.assert_close(found[255:258], learned(a[255:258], b[255:258]))


def test_images_of_another_type_are_not_scaled() -> None:
    with pytest.raises(UserError, match="images are uint8, the metric was trained on uint16; convert them"):
        untrained_metric().scale(pixels(2, 6, 5, 2))


def test_image_files_are_read_by_the_rules_of_its_data(tmp_path: Path) -> None:
    stored, learned = pixels(2, 6, 5, 2, dtype="uint16"), untrained_metric()
    for k in range(2):
        np.save(tmp_path / f"{k}.npy", stored[k])
    found = learned.images([tmp_path / "1.npy", tmp_path / "0.npy"])
    assert torch.equal(found, learned.scale(stored).flip(0))


def test_layers_without_weights_are_the_familys_own_choice() -> None:
    assert metric().weights == {discriminator().default_layer: 1.0}
