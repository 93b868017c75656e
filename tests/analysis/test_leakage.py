"""Effects and leakage are what they are written down to be."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from likeness.analysis.directions import Directions
from likeness.analysis.leakage import (
    MAX_IMAGES,
    Leakage,
    effects_in_data,
    effects_of_directions,
    measure_leakage,
)
from likeness.data.dataset import Dataset
from likeness.errors import UserError
from likeness.models.codes import load_own_data
from likeness.predictors.regressor import Regressor, RegressorInfo
from support.small_runs import Known

NAMES = ("a", "b", "c")


def test_a_shift_is_the_mean_over_images_without_the_attribute() -> None:
    """With a decoder that doubles each code and a reader that squares it."""
    codes = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    has = torch.tensor([[True, False], [False, False], [False, True]])
    directions = torch.tensor([[1.0, 0.0], [0.0, -1.0]])
    found = effects_of_directions(
        lambda z: (2 * z)[:, :, None, None], lambda x: x[:, :, 0, 0] ** 2, codes, directions, has
    )
    first = 4 * ((4.0**2 - 3.0**2) + (6.0**2 - 5.0**2)) / 2
    second = 4 * ((1.0**2 - 2.0**2) + (3.0**2 - 4.0**2)) / 2
    torch.testing.assert_close(found, torch.tensor([[first, 0.0], [0.0, second]]))


def test_at_most_so_many_images_are_moved() -> None:
    seen: list[int] = []

    def decode(z: torch.Tensor) -> torch.Tensor:
        seen.append(len(z))
        return z[:, :, None, None]

    codes, has = torch.zeros(MAX_IMAGES + 9, 2), torch.zeros(MAX_IMAGES + 9, 1, dtype=torch.bool)
    effects_of_directions(decode, lambda x: x[:, :, 0, 0], codes, torch.ones(1, 2), has)
    assert seen == [MAX_IMAGES, MAX_IMAGES]


def test_in_the_data_attributes_come_together() -> None:
    read = torch.tensor([[1.0, 0.5], [0.0, -0.5], [-1.0, 0.0]])
    has = torch.tensor([[True, True], [False, True], [False, False]])
    torch.testing.assert_close(effects_in_data(read, has), torch.tensor([[1.5, 0.75], [1.5, 0.0]]))


def test_leakage_is_what_others_change_whatever_the_sign() -> None:
    effects = torch.tensor([[1.0, -0.4, 0.2], [0.1, 0.8, 0.0], [0.0, 0.0, 0.5]])
    found = Leakage(NAMES, {"plain": effects})
    torch.testing.assert_close(found.leaks("plain"), torch.tensor([0.3, 0.05, 0.0]))
    assert found.most("plain")[:2] == [("b", pytest.approx(-0.4)), ("a", pytest.approx(0.1))]
    assert found.means("plain") == (pytest.approx(2.3 / 3), pytest.approx(0.35 / 3))


class Pixels(nn.Module):
    """Reads the first three pixels."""

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1)[:, :3]


READS = Regressor(RegressorInfo(["light", "dark", "none"], [1, 6, 5], "", 0, 0.0), Pixels())
MOVES = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
FOUND = Directions(("light", "dark", "none"), MOVES, 2 * MOVES, MOVES)


@pytest.fixture(scope="module")
def marked(known: Known) -> Dataset:
    """Its data, whose test images have two attributes that are read off them, and one that is not."""
    data = load_own_data(known.model)
    test = data.test.rows(np.array([0, 1, 2, 3]))
    has = np.array([[1, 0, 1], [1, 1, 0], [0, 0, 1], [0, 1, 0]], np.float32)
    images = test.images.copy()
    images.reshape(4, -1)[:, :3] = 200 * has + 20 * (1 - has)
    images.reshape(4, -1)[:, 2] = 128
    return replace(data, test=replace(test, images=images, attributes=has))


def test_an_effect_is_a_share_of_how_far_images_with_and_without_are_apart(
    known: Known, marked: Dataset
) -> None:
    model = known.model
    found = measure_leakage(model, FOUND, READS, marked)
    assert found.names == ("light", "dark"), "what the regressor does not tell apart is left out"
    torch.testing.assert_close(found.effects["data"], torch.eye(2))
    apart = 2 * (200 - 20) / 255
    without = model.encode(model.scaling.to_unit(marked.test.images[2:])).mean
    moved = (model.decode(without + MOVES[0]) - model.decode(without)).flatten(1)[:, :2].mean(0)
    torch.testing.assert_close(found.effects["plain"][0], moved / apart, rtol=1e-3, atol=1e-5)
    assert found.effects["apart"].shape == (2, 2) and list(found.effects) == ["plain", "apart", "data"]


def test_leakage_is_not_measured_without_test_images_or_attributes_that_are_read(
    known: Known, marked: Dataset
) -> None:
    empty = replace(marked, test=marked.test.rows(np.array([], dtype=int)))
    with pytest.raises(UserError, match=r"there are no test images, .* raise --test"):
        measure_leakage(known.model, FOUND, READS, empty)
    plain = replace(marked, test=replace(marked.test, images=np.full_like(marked.test.images, 100)))
    with pytest.raises(UserError, match="the regressor reads fewer than two of these attributes"):
        measure_leakage(known.model, FOUND, READS, plain)


def test_every_effect_is_a_row_of_the_file(tmp_path: Path) -> None:
    found = Leakage(("a", "b"), {"plain": torch.tensor([[1.0, -0.25], [0.5, 2.0]]), "data": torch.eye(2)})
    with found.write(tmp_path / "leakage.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 8
    assert rows[1] == {"direction": "a", "kind": "plain", "attribute": "b", "effect": "-0.25"}
    assert {row["effect"] for row in rows if row["kind"] == "data"} == {"1", "0"}
