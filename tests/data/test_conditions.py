"""Conditions: kinds from columns, their encoding and the way back, and what is refused."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.data.columns import Column, of_words
from likeness.data.condition_kinds import BinaryCondition, ClassCondition, NumberCondition, Word
from likeness.data.conditions import (
    MAX_CLASSES,
    Conditions,
    find,
    rows_of,
)
from likeness.data.dataset import Dataset
from likeness.errors import UserError
from support.loading import Load, three
from support.made_images import noise

RealData = Callable[[str], Path]
HAIR = ["red", "black", "blond"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Forty images of three classes, with a column of each kind."""
    rows, random = np.arange(40), np.random.default_rng(0)
    columns = {"labels": rows % 3, "label_names": ["disc", "ring", "star"], "dark": rows % 2}
    columns |= {"hair": np.array(HAIR)[rows % 3], "age": random.normal(40, 12, 40)}
    np.savez(tmp_path / "table.npz", allow_pickle=False, images=noise(40, 4, 5, 1), **columns)
    return tmp_path / "table.npz"


@pytest.fixture
def data(table: Path, loaded: Load) -> Dataset:
    """They, loaded."""
    return loaded(table)


def test_kinds_are_found_from_columns(data: Dataset) -> None:
    found = data.with_conditions(["age", "dark", "hair", "label", "labels"]).conditions
    assert [c.kind for c in found.items] == ["number", "binary", "class", "class", "class"]
    assert found.names == ("age", "dark", "hair", "label", "labels") and found.width == 1 + 1 + 3 + 3 + 3
    assert isinstance(found.items[2], ClassCondition) and found.items[2].classes == tuple(sorted(HAIR))
    assert isinstance(found.items[3], ClassCondition) and found.items[3].classes == ("disc", "ring", "star")


def test_numbers_are_standardised_by_the_training_split_alone(data: Dataset) -> None:
    conditioned = data.with_conditions(["age"])
    ages, rows = [s.columns["age"].values for s in three(data)], [s.condition for s in three(conditioned)]
    mean, std = ages[0].mean(), ages[0].std()
    for age, row in zip(ages, rows):
        assert row is not None and row.dtype == np.float32
        np.testing.assert_allclose(row[:, 0], (age - mean) / std, atol=1e-6)
    (found,) = conditioned.conditions.items
    assert isinstance(found, NumberCondition)
    assert (found.least, found.most) == (ages[0].min(), ages[0].max())


def test_rows_are_one_hot_for_classes_and_go_back_to_what_was_in_the_table(data: Dataset) -> None:
    conditioned = data.with_conditions(["hair", "dark", "age"])
    for split in three(conditioned):
        assert split.condition is not None
        hair = [split.columns["hair"].names[k] for k in split.columns["hair"].values]  # type: ignore[index]
        assert (split.condition[:, :3] == [[h == name for name in sorted(HAIR)] for h in hair]).all()
        words = conditioned.conditions.words(torch.from_numpy(split.condition))
        assert [row["hair"] for row in words] == hair
        assert [row["dark"] for row in words] == split.columns["dark"].values.tolist()
        np.testing.assert_allclose(
            [float(row["age"]) for row in words], split.columns["age"].values, rtol=1e-5
        )
        again = torch.cat([conditioned.conditions.row(row) for row in words])
        assert torch.allclose(again, torch.from_numpy(split.condition), atol=1e-5)


def test_conditions_go_through_json_unchanged(data: Dataset) -> None:
    found = data.with_conditions(["hair", "dark", "age"]).conditions
    assert Conditions.from_document(json.loads(json.dumps(found.document()))) == found
    with pytest.raises(ValueError, match="conditions are 0"):
        Conditions.from_document([{"name": "age", "kind": "count"}])


def test_rows_of_a_split_keep_their_conditions(data: Dataset) -> None:
    split = data.with_conditions(["hair", "age"]).train
    assert split.condition is not None
    some = split.rows(np.array([5, 2]))
    np.testing.assert_array_equal(some.condition, split.condition[[5, 2]])
    assert some.columns["age"].values.tolist() == split.columns["age"].values[[5, 2]].tolist()


def test_other_data_are_encoded_as_the_training_data_were(data: Dataset) -> None:
    found = Conditions((NumberCondition("age", 100.0, 50.0, 0.0, 200.0), BinaryCondition("dark")))
    row = data.with_conditions_of(found).test.condition
    assert row is not None
    np.testing.assert_allclose(row[:, 0], (data.test.columns["age"].values - 100) / 50, rtol=1e-6)
    with pytest.raises(UserError, match="there is no column 'tall'"):
        data.with_conditions_of(Conditions((BinaryCondition("tall"),)))


def test_a_class_of_no_training_image_is_refused() -> None:
    found = Conditions((ClassCondition("hair", ("black", "red")),))
    with pytest.raises(UserError, match=r"hair of b\.png is 'rad', a class of no training image; did you"):
        found.values({"hair": of_words(np.array(["red", "rad"]))}, ["a.png", "b.png"])
    with pytest.raises(UserError, match="hair has no class 'rad'; did you mean red"):
        found.row({"hair": "rad"})


@pytest.mark.parametrize("gap", ["", "-1"])
def test_a_missing_value_is_named_with_its_image(tmp_path: Path, loaded: Load, gap: str) -> None:
    """An empty cell of whole numbers stands for itself, though -1 may be a value."""
    with (tmp_path / "table.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file_name", "label", "count"])
        for k in range(20):
            Image.fromarray(noise(4, 4, 3, seed=k)).save(tmp_path / f"{k:02}.png")
            rows.writerow([f"{k:02}.png", "ab"[k % 2], gap if k == 7 else k])
    data = loaded(tmp_path)
    if gap:
        assert data.with_conditions(["count"]).conditions.width == 1
        return
    with pytest.raises(UserError, match=r"count of 07\.png is missing; fill it in, or leave count out of"):
        data.with_conditions(["count"])


def test_attributes_with_gaps_are_no_attributes_but_binary_conditions_with_gaps() -> None:
    column = Column(np.array([0, 1, -1, 1]), absent=np.array([False, False, True, False]))
    assert not column.binary
    found = find(["dark"], {"dark": column}, {"dark": column})
    assert isinstance(found.items[0], BinaryCondition)
    with pytest.raises(UserError, match="dark of c is missing"):
        found.values({"dark": column}, ["a", "b", "c", "d"])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.full(4, 3.0), "'x' is 3 for every training image"),
        (np.full(4, np.nan), "'x' has no value for a training image"),
        (np.array([1.0, 2.0, np.inf, 3.0]), "'x' has values that are not finite"),
    ],
)
def test_a_column_that_says_nothing_is_refused(values: np.ndarray, said: str) -> None:
    with pytest.raises(UserError, match=said):
        find(["x"], {"x": Column(values)}, {"x": Column(values)})


def test_names_that_are_twice_or_unknown_and_too_many_classes_are_refused(data: Dataset) -> None:
    with pytest.raises(UserError, match="'age' is named twice"):
        data.with_conditions(["age", "dark", "age"])
    with pytest.raises(UserError, match="there is no column 'hare'; did you mean hair"):
        data.with_conditions(["hare"])
    column = of_words(np.array([f"person {k}" for k in range(MAX_CLASSES + 1)]))
    with pytest.raises(UserError, match="has 1001 classes, more than 1000"):
        find(["who"], {"who": column}, {"who": column})


SAID = Conditions((BinaryCondition("dark"), NumberCondition("age", 40.0, 10.0, 20.0, 60.0)))


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"dark": "2", "age": 3}, "dark is '2'; write 0 or 1"),
        ({"dark": 1, "age": "old"}, "age is 'old'; write a number, such as 40"),
        ({"dark": 1, "age": "nan"}, "age is 'nan'; write a number"),
        ({"dark": 1}, "age is not said; give --condition dark:1,age:40"),
        ({"dork": 1}, "no condition 'dork'; did you mean dark"),
    ],
)
def test_what_is_no_condition_is_said_in_one_line(said: dict[str, Word], line: str) -> None:
    with pytest.raises(UserError, match=line):
        SAID.row(said)


def test_a_condition_is_of_all_inputs_or_of_each() -> None:
    row = SAID.row({"dark": 1, "age": 55})
    assert row.tolist() == [[1.0, 1.5]]
    every = rows_of(SAID, {"dark": 1, "age": 55}, 3)
    assert every is not None and torch.equal(every, row.repeat(3, 1))
    assert rows_of(SAID, every, 3) is every and rows_of(Conditions(), None, 3) is None
    with pytest.raises(UserError, match="conditioned on dark, age, which is not said"):
        rows_of(SAID, None, 3)
    with pytest.raises(UserError, match="there are 2 conditions for 3 inputs"):
        rows_of(SAID, torch.zeros(2, 2), 3)
    with pytest.raises(UserError, match="this model takes 2 numbers for each"):
        rows_of(SAID, torch.zeros(3, 5), 3)
    with pytest.raises(UserError, match="trained without --condition"):
        rows_of(Conditions(), {"dark": 1}, 3)


def test_some_values_of_rows_are_replaced_and_the_rows_that_were_stay() -> None:
    rows = torch.tensor([[0.0, -1.0], [1.0, 2.0]])
    changed = SAID.with_values(rows, {"age": "50"})
    assert changed.tolist() == [[0.0, 1.0], [1.0, 1.0]] and rows[0].tolist() == [0.0, -1.0]


def test_conditions_of_real_faces_and_speakers(real_data: RealData, loaded: Load) -> None:
    faces = loaded(real_data("faces"), limit=200)
    found = faces.with_conditions(["Smiling", "Male"])
    assert [c.kind for c in found.conditions.items] == ["binary", "binary"]
    columns = [faces.attribute_names.index(name) for name in ("Smiling", "Male")]
    for before, after in zip(three(faces), three(found)):
        assert before.attributes is not None
        np.testing.assert_array_equal(after.condition, before.attributes[:, columns])
    speakers = loaded(real_data("spectrograms")).with_conditions(["speaker", "label"]).conditions
    assert [c.kind for c in speakers.items] == ["class", "class"]
    assert isinstance(speakers.items[0], ClassCondition) and "george" in speakers.items[0].classes
    assert speakers.width == len(speakers.items[0].classes) + 10
