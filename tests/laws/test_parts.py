"""Parts of a batch add up to the whole of it, for every method; what is not valid changes nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch
from torch import Tensor

from laws import several
from laws.games import CONDITION, METHODS, altered, batch, game, objective_of
from likeness.batch import Batch, Parts
from likeness.noise import Noise, SeededNoise
from likeness.objectives import Objective
from likeness.shapes import UNLABELLED

pytestmark = pytest.mark.usefixtures("double")
SIZES = (3, 5)
FEW: dict[str, Any] = {"classes": 3}
CASES: list[tuple[str, dict[str, Any]]] = [
    *((method, {}) for method in METHODS if not method.startswith("aae_")),
    *((method, FEW) for method in METHODS if method.startswith("aae_")),
    ("vae", {"likelihood": "learned_normal", "condition": CONDITION}),
    ("vae", {"prior": {"name": "petals"}, "latent": 2}),
    ("vae_gan", {"r1": 1.0, "condition": CONDITION}),
    ("vae_gan", {"feature_likelihood": "normal", "layers": {"0": 1.0, "1": 0.5}}),
    ("aae", {"posterior": "gaussian", "code_noise": 0.3, "view.noise": 0.2, "r1": 0.5}),
    ("aae", {"posterior": "universal", "prior": {"name": "swiss_roll"}, "latent": 2}),
    ("aae_labels", FEW | {"prior": "petals", "latent": 2}),
    ("aae_semi", FEW | {"mutual_information": 0.7, "view.rotation": 10.0, "class_balance": 0.3}),
    ("aae_reduce", FEW | {"mutual_information": 0.7, "view.shift": 1.0, "condition": CONDITION}),
]  # fmt: skip


def eight(beside: bool = False) -> Batch:
    """A batch of eight, some of which have no label; or labelled ones beside it."""
    made = batch(2, 8)
    labels = torch.where(torch.arange(8) % 4 == 1, UNLABELLED, made.labels)
    return replace(made, labels=labels, labelled=batch(3, 8) if beside else None)


def whole_batch(method: str) -> Batch:
    """One that the method can learn from."""
    return batch(2, 8) if method == "aae_supervised" else eight(beside=method == "aae_semi")


def add_up(objective: Objective, family: str, given: Batch, share: Any = several.shared) -> None:
    """The law: gradients, sums that are decided by, and reports of two parts, added, are the whole's."""
    whole = several.of_whole(objective, family, given)
    parts = several.of_parts(objective, family, given, SIZES, share)
    for found, expected in zip(parts.gradients, whole.gradients, strict=True):
        assert found.keys() == expected.keys()
        for move in found:
            error = (found[move] - expected[move]).norm() / expected[move].norm().clamp_min(1e-6)
            assert float(error) < 1e-10, f"the gradient of {move} does not add up"
    for found, expected in zip([*parts.sums, parts.report], [*whole.sums, whole.report], strict=True):
        assert found.keys() == expected.keys()
        for name in found:
            assert float(found[name]) == pytest.approx(float(expected[name]), rel=1e-10), name


@pytest.mark.parametrize(("method", "settings"), CASES, ids=lambda value: str(value)[:60])
def test_what_two_unequal_parts_compute_adds_up_to_the_whole(method: str, settings: dict[str, Any]) -> None:
    add_up(objective_of(method, **settings), "mlp", whole_batch(method))


@pytest.mark.parametrize("method", ["vae_gan", "aae"])
def test_so_it_does_with_convolutions(method: str) -> None:
    add_up(objective_of(method), "resnet", whole_batch(method))


def test_a_part_without_a_label_has_its_share_of_the_cross_entropy() -> None:
    some = replace(eight(), labels=torch.tensor([UNLABELLED] * 3 + [0, 1, UNLABELLED, 2, 0]))
    add_up(objective_of("aae_semi", **FEW), "mlp", some)


def local_mean(given: Batch, parts: Parts) -> Batch:
    """Each process divides by the samples that it has itself."""

    class Local(Batch):
        @property
        def size(self) -> int:
            return self.x.shape[0]

    right = several.shared(given, parts)
    return Local(**{name: getattr(right, name) for name in Batch.__dataclass_fields__})


def local_noise(given: Batch, parts: Parts) -> Batch:
    """Each process draws for its own samples from the same seed."""
    return several.shared(given, parts).with_noise(SeededNoise((3, 0)))


def local_statistics(given: Batch, parts: Parts) -> Batch:
    """What is a function of statistics of the whole batch is computed of each process's own."""

    class Alone(Batch):
        def sum(self, value: Tensor) -> Tensor:
            return value

    right = several.shared(given, parts)
    return Alone(**{name: getattr(right, name) for name in Batch.__dataclass_fields__})


def counted_twice(given: Batch, parts: Parts) -> Batch:
    """A loss without samples is counted by each process."""

    class Twice(Batch):
        def once(self, loss: Tensor) -> Tensor:
            return loss

    right = several.shared(given, parts)
    return Twice(**{name: getattr(right, name) for name in Batch.__dataclass_fields__})


WRONG: list[tuple[Any, str, dict[str, Any]]] = [
    (local_mean, "ae", {}),
    (local_noise, "vae", {}),
    (local_noise, "vae_gan", {}),
    (local_statistics, "aae_semi", FEW | {"mutual_information": 0.7, "view.noise": 0.3}),
    (local_statistics, "aae_semi", FEW),
    (counted_twice, "aae_reduce", FEW | {"spacing": 50.0}),
]


@pytest.mark.parametrize(("share", "method", "settings"), WRONG)
def test_processes_that_take_their_part_for_the_whole_are_caught(
    share: Callable[[Batch, Parts], Batch], method: str, settings: dict[str, Any]
) -> None:
    objective = objective_of(method, **settings)
    some = replace(eight(), labels=torch.tensor([0] + [UNLABELLED] * 4 + [1, 2, 0]))
    add_up(objective, "mlp", some)
    with pytest.raises(AssertionError, match="does not add up"):
        add_up(objective, "mlp", some, share)


@dataclass(frozen=True)
class RunSummary(Noise):
    """A source that remembers what it was asked for."""

    asked: Counter[str]
    inside: str = ""

    def draw(self, name: str, kind: str, shape: Any) -> Tensor:
        self.asked[f"{self.inside}/{name}"] += 1
        return SeededNoise((self.inside,)).draw(name, kind, shape)

    def of(self, name: str) -> "RunSummary":
        return RunSummary(self.asked, f"{self.inside}/{name}")


@pytest.mark.parametrize(("method", "settings"), CASES, ids=lambda value: str(value)[:60])
def test_no_name_of_noise_is_used_twice_in_a_step(method: str, settings: dict[str, Any]) -> None:
    """Else two draws that are to be independent would be the same."""
    objective, asked = objective_of(method, **settings), Counter[str]()
    nets = game(objective, "mlp").nets
    several.played(objective, nets, whole_batch(method).with_noise(RunSummary(asked)))
    assert all(times == 1 for times in asked.values()), asked.most_common(1)
    assert asked or method == "ae"


def half_valid(given: Batch, fill: float) -> Batch:
    """The batch with its left half not valid, and this there; nothing of one image is valid."""
    valid = torch.ones_like(given.x[:, :1], dtype=torch.bool)
    valid[:, :, :, :4] = False
    valid[2] = False
    return replace(given, x=given.x.where(valid, fill), valid=valid)


@pytest.mark.parametrize("family", ["mlp", "larsen", "resnet"])
@pytest.mark.parametrize("method", METHODS)
def test_pixels_that_are_not_valid_change_no_loss_gradient_or_report(method: str, family: str) -> None:
    objective = objective_of(method, **(FEW if method.startswith("aae_") else {}))
    ends = []
    for fill in (0.7, -30.0, float("nan")):
        nets = game(objective, family).nets
        given = half_valid(whole_batch(method), fill).with_noise(SeededNoise((1,)))
        ends.append(several.played(objective, nets, given))
    for other in ends[1:]:
        for one, two in zip(ends[0].gradients, other.gradients, strict=True):
            assert all(torch.equal(one[move], two[move]) and one[move].isfinite().all() for move in one)
        assert ends[0].report == other.report


def unlike(objective: Objective, family: str, by: float, batch_: type[Batch] = Batch) -> several.Played:
    """A step whose decoder makes other values where pixels are not valid."""
    nets = game(objective, family).nets
    given = half_valid(whole_batch(method_of(objective)), 0.3).with_noise(SeededNoise((1,)))
    given = batch_(**{name: getattr(given, name) for name in Batch.__dataclass_fields__})
    assert given.valid is not None
    valid = given.valid
    nets["decoder"].register_forward_hook(lambda _, __, made: made.where(valid, made + by))
    return several.played(objective, nets, given)


def method_of(objective: Objective) -> str:
    """The name of a method."""
    return type(objective).__module__.rpartition(".")[2]


def same(one: several.Played, two: several.Played) -> bool:
    """Whether no gradient and no report differs."""
    phases = zip(one.gradients, two.gradients, strict=True)
    equal = all(torch.equal(a[move], b[move]) for a, b in phases for move in a)
    return equal and one.report == two.report


@pytest.mark.parametrize("family", ["mlp", "larsen"])
@pytest.mark.parametrize("method", METHODS)
def test_nor_does_what_a_decoder_makes_where_pixels_are_not_valid(method: str, family: str) -> None:
    objective = objective_of(method, **(FEW if method.startswith("aae_") else {}))
    assert same(unlike(objective, family, 0.0), unlike(objective, family, 7.0))


class Unweighed(Batch):
    """Pixels that are not valid count."""

    weight = None  # type: ignore[assignment]


class Unfilled(Batch):
    """Made images are not filled."""

    def fill(self, images: Tensor) -> Tensor:
        return images


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_forgets_what_is_valid_is_caught(method: str) -> None:
    objective = objective_of(method, **(FEW if method.startswith("aae_") else {}))
    in_features = method in ("gan", "vae_dis_l", "vae_gan")
    wrong = Unfilled if in_features else Unweighed
    assert not same(unlike(objective, "mlp", 0.0, wrong), unlike(objective, "mlp", 7.0, wrong))


@pytest.mark.parametrize("method", ["ae", "vae", "aae"])
def test_an_error_where_pixels_are_not_valid_costs_nothing(method: str) -> None:
    """The reconstruction error of half the pixels is that of those alone, in closed form."""
    objective = objective_of(method)
    nets = game(objective, "mlp").nets
    with torch.no_grad():
        for parameter in nets["decoder"].parameters():
            parameter.zero_()  # reconstructions are nought
    given = half_valid(batch(2, 8), 9.0).with_noise(SeededNoise((1,)))
    report = several.played(objective, nets, given).report
    assert given.valid is not None
    squares = batch(2, 8).x.square() * given.valid
    assert float(report["llike"]) == pytest.approx(0.5 * float(squares.sum()) / 8, rel=1e-12)
    counted = (2 * given.valid.flatten(1).sum(1)).clamp_min(1)
    assert float(report["pixels"]) == pytest.approx(float((squares.flatten(1).sum(1) / counted).mean()))


def test_features_are_weighed_by_the_share_of_valid_pixels_beneath_them() -> None:
    """Of conv1 of larsen, a feature for each two by two pixels, of which three columns are not valid."""
    objective = objective_of("vae_dis_l", layers={"conv1": 1.0}, feature_likelihood="normal")
    nets = game(objective, "larsen").nets
    valid = torch.ones(8, 1, 8, 8, dtype=torch.bool)
    valid[..., :3] = False
    given = replace(batch(2, 8), valid=valid).with_noise(SeededNoise((1,)))
    Dis, seen = nets["discriminator"], {}

    def spy(nets_: Any, batch_: Batch, real: Any, made: Any) -> Tensor:
        seen["error"] = 0.5 * (real.features["conv1"] - made.features["conv1"]) ** 2
        return right(nets_, batch_, real, made)

    right = objective.features.llike  # type: ignore[attr-defined]
    watched = altered(objective)
    object.__setattr__(watched, "features", altered(watched.features, llike=lambda _, *a: spy(*a)))
    report = several.played(watched, nets, given).report
    share = torch.tensor([0.0, 0.5, 1.0, 1.0])
    expected = (seen["error"] * share).flatten(1).sum(1).mean()
    assert Dis.resolve_layer("conv1") == "conv1"
    assert float(report["llike"]) == pytest.approx(float(expected.detach()), rel=1e-12)
