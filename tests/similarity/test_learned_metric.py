"""A metric kept alone in a folder is the same without its run, and what does not fit is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from likeness.data.settings import DataSettings
from likeness.errors import LikenessError, RunError, UserError
from likeness.similarity.learned_metric import LearnedMetric, Parts, is_metric, layer_weights, read_parts
from support.small_metrics import SHAPE, images, untrained_metric
from support.small_runs import pixels


@pytest.fixture(scope="module")
def metric() -> LearnedMetric:
    """One that no test changes."""
    return untrained_metric()


def test_a_metric_that_was_saved_measures_the_same(metric: LearnedMetric, tmp_path: Path) -> None:
    folder = metric.save(tmp_path / "kept")
    again = LearnedMetric(read_parts(folder))
    a, b = images(5), images(5, seed=1)
    assert torch.equal(again(a, b), metric(a, b))
    assert (again.weights, again.unit, again.parts.data) == (
        metric.weights,
        False,
        DataSettings(data="mine"),
    )
    stored = pixels(3, 6, 5, 2, dtype="uint16")
    assert torch.equal(again.scaled(stored), metric.parts.scaling.to_unit(stored))


def test_only_a_folder_with_a_metric_is_one(metric: LearnedMetric, tmp_path: Path) -> None:
    assert is_metric(metric.save(tmp_path / "kept"))
    assert not is_metric(tmp_path) and not is_metric(tmp_path / "none")


def test_a_metric_is_not_written_over_what_is_there(metric: LearnedMetric, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    for place in (tmp_path / "mine", tmp_path, Path("/")):
        with pytest.raises(UserError, match="is there already, or is no name; choose another folder"):
            metric.save(place)
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_many_pairs_are_measured_as_they_are_one_by_one(metric: LearnedMetric) -> None:
    a, b = images(300), images(300, seed=1)
    found = metric.measured(a, b)
    assert found.shape == (300,)
    torch.testing.assert_close(found[255:258], metric(a[255:258], b[255:258]))


def test_images_of_another_type_are_not_scaled(metric: LearnedMetric) -> None:
    with pytest.raises(UserError, match="images are uint8, the metric was trained on uint16; convert them"):
        metric.scaled(pixels(2, 6, 5, 2))


def test_image_files_are_read_by_the_rules_of_its_data(metric: LearnedMetric, tmp_path: Path) -> None:
    stored = pixels(2, 6, 5, 2, dtype="uint16")
    for k in range(2):
        np.save(tmp_path / f"{k}.npy", stored[k])
    found = metric.images([tmp_path / "1.npy", tmp_path / "0.npy"])
    assert torch.equal(found, metric.scaled(stored).flip(0))


def test_layers_without_weights_are_the_familys_own_choice(metric: LearnedMetric) -> None:
    parts = metric.parts
    plain = LearnedMetric(Parts(parts.net, parts.Dis, {}, SHAPE, parts.scaling, parts.data))
    assert plain.weights == {parts.Dis.default_layer: 1.0}


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
    metric: LearnedMetric, tmp_path: Path,
    change: Callable[[dict[str, Any]], object], kind: type[LikenessError], message: str,
) -> None:  # fmt: skip
    folder = metric.save(tmp_path / "kept")
    said = json.loads((folder / "metric.json").read_text())
    (folder / "metric.json").write_text(json.dumps(change(said)))
    with pytest.raises(kind, match=message) as error:
        read_parts(folder)
    assert "\n" not in str(error.value)
