"""A metric kept alone in a folder is the same without its run, and what does not fit is refused."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from likeness.data.condition_kinds import BinaryCondition
from likeness.data.conditions import Conditions
from likeness.data.settings import DataSettings
from likeness.errors import LikenessError, RunError, UserError
from likeness.nets.larsen import Larsen
from likeness.similarity.parts import is_metric, layer_weights, read_parts
from likeness.similarity.perceptual_metric import PerceptualMetric
from support.small_metrics import images, parts_of, untrained_metric
from support.small_runs import pixels


@pytest.fixture(scope="module")
def metric() -> PerceptualMetric:
    """One that no test changes."""
    return untrained_metric()


def test_a_metric_that_was_saved_measures_the_same(metric: PerceptualMetric, tmp_path: Path) -> None:
    folder = metric.save(tmp_path / "kept")
    again = PerceptualMetric(read_parts(folder))
    a, b = images(5), images(5, seed=1)
    assert torch.equal(again(a, b), metric(a, b))
    assert (again.weights, again.unit, again.parts.data) == (
        metric.weights,
        False,
        DataSettings(data="mine"),
    )
    stored = pixels(3, 6, 5, 2, dtype="uint16")
    assert torch.equal(again.scale(stored), metric.parts.scaling.to_unit(stored))


@pytest.mark.parametrize("of_weights", [torch.float16, torch.bfloat16, torch.float64])
def test_a_metric_of_another_type_is_written_in_float32(of_weights: torch.dtype, tmp_path: Path) -> None:
    """As far as its weights go: what a program used it in, and its reduction, are not kept."""
    net, condition = Larsen(width=0.03), torch.tensor([[1.0, 0.0, -0.3]])
    conditions = Conditions(tuple(map(BinaryCondition, ("dark", "striped", "old"))))
    parts = parts_of(net, condition=condition, conditions=conditions)
    metric = PerceptualMetric(parts, "sum").to(of_weights)
    again = PerceptualMetric(read_parts(metric.save(tmp_path / "kept")))
    assert {v.dtype for v in again.state_dict().values() if v.is_floating_point()} == {torch.float32}
    assert again.reduction == "none"
    a, b = images(5), images(5, seed=1)
    expected = copy.deepcopy(metric).float()(a, b)
    assert torch.equal(again(a, b).sum(), expected)


def test_of_a_metric_that_was_saved_other_layers_can_be_taken(tmp_path: Path) -> None:
    """Also those beyond the last that it used."""
    first, last = (parts_of(Larsen(width=0.03), layers={name: 1.0}) for name in ("conv1", "hidden"))
    folder = PerceptualMetric(first).save(tmp_path / "kept")
    taken = PerceptualMetric(replace(read_parts(folder), layers={"hidden": 1.0}))
    a, b = images(5), images(5, seed=1)
    assert torch.equal(taken(a, b), PerceptualMetric(last)(a, b))


def test_only_a_folder_with_a_metric_is_one(metric: PerceptualMetric, tmp_path: Path) -> None:
    assert is_metric(metric.save(tmp_path / "kept"))
    assert not is_metric(tmp_path) and not is_metric(tmp_path / "none")


def test_a_metric_is_not_written_over_what_is_there(metric: PerceptualMetric, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    for place in (tmp_path / "mine", tmp_path, Path("/")):
        with pytest.raises(UserError, match="is there already, or is no name; choose another folder"):
            metric.save(place)
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_layers_are_written_with_weights_or_given_as_a_mapping() -> None:
    assert layer_weights("conv2:0.5,conv3") == {"conv2": 0.5, "conv3": 1.0}
    assert layer_weights({"conv1": 2.0}) == {"conv1": 2.0}
    with pytest.raises(UserError, match=r"write names with weights, conv2:0\.5,conv3"):
        layer_weights("conv2:half")


WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], type[LikenessError], str]] = {
    "another shape": (lambda said: said | {"shape": [3, 6, 5]}, RunError, "holds no metric"),
    "no layers": (lambda said: said | {"layers": None}, RunError, "holds no metric"),
    "a list": (lambda said: [said], RunError, "holds no metric"),
    "a scaling of words": (
        lambda said: said | {"scaling": {"dtype": "uint8", "low": "a", "high": "b"}},
        UserError, "the scaling is not readable; restore it",
    ),
    "a setting of no family": (
        lambda said: said | {"net": {"name": "larsen", "wdith": 1}}, UserError, "wdith.*did you mean width",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "kind", "message"), WRONG.values(), ids=WRONG)
def test_a_kept_metric_that_was_tampered_with_is_refused(
    metric: PerceptualMetric, tmp_path: Path,
    change: Callable[[dict[str, Any]], object], kind: type[LikenessError], message: str,
) -> None:  # fmt: skip
    folder = metric.save(tmp_path / "kept")
    said = json.loads((folder / "metric.json").read_text())
    (folder / "metric.json").write_text(json.dumps(change(said)))
    with pytest.raises(kind, match=message) as error:
        read_parts(folder)
    assert "\n" not in str(error.value)
