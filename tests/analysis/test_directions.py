"""Directions of codes by their names, and files of them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.analysis.directions import (
    Directions,
    directions_of_data,
    directions_of_folders,
    empty_directions,
    read,
)
from likeness.errors import UserError
from likeness.models.codes import encode_split, load_own_data
from support.small_runs import Known, Models

MADE = Directions(
    ("smile", "hat"),
    plain=torch.tensor([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]]),
    apart=torch.tensor([[0.9, 0.1, 0.0], [0.0, 1.5, 0.5]]),
    components=torch.tensor([[0.0, 0.0, 4.0], [3.0, 0.0, 0.0]]),
)


def test_a_move_is_the_sum_of_what_is_named_so_many_times() -> None:
    said = {"smile": 2.0, "component-0": -0.5, "dimension-1": 10.0}
    assert MADE.move(said).tolist() == [2.0, 10.0, -2.0]
    assert MADE.move(said, decorrelated=True).tolist() == pytest.approx([1.8, 10.2, -2.0])
    assert MADE.move({}).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("name", ["smiles", "component-2", "dimension-3", "component--1", "component-", ""])
def test_a_name_of_no_direction_is_refused_with_near_ones(name: str) -> None:
    with pytest.raises(UserError, match=rf"^there is no direction {name!r}; ") as error:
        MADE.move({name: 1.0})
    assert any(known in str(error.value) for known in MADE.all_names())


def test_every_name_names_a_direction() -> None:
    names = MADE.all_names()
    assert names == ["smile", "hat", "component-0", "component-1", *(f"dimension-{k}" for k in range(3))]
    assert all(MADE.move({name: 1.0}).any() for name in names)


def test_a_component_swings_as_far_as_it_is_told() -> None:
    assert MADE.scaled_component(1, 2.5).tolist() == [7.5, 0.0, 0.0]
    for wrong in (-1, 2):
        with pytest.raises(UserError, match=f"there is no component {wrong}; choose 0 to 1"):
            MADE.scaled_component(wrong, 1.0)


def test_directions_come_back_from_their_file_bit_by_bit(tmp_path: Path) -> None:
    found = read(MADE.write(tmp_path / "d.npz"), 3)
    assert found.names == MADE.names
    for mine, theirs in (
        (found.plain, MADE.plain),
        (found.apart, MADE.apart),
        (found.components, MADE.components),
    ):
        assert torch.equal(mine, theirs)


def test_directions_are_written_only_to_npz(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"d\.npy does not end in \.npz; choose another --out"):
        MADE.write(tmp_path / "d.npy")


def test_directions_of_another_size_or_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no directions of 4 dimensions; make them from this run"):
        read(MADE.write(tmp_path / "d.npz"), 4)
    broken = Directions(MADE.names, MADE.plain * torch.inf, MADE.apart, MADE.components)
    with pytest.raises(UserError, match="holds no directions of 3 dimensions"):
        read(broken.write(tmp_path / "e.npz"), 3)


@pytest.mark.parametrize("content", [b"", b"PK", b"words", None], ids=["empty", "cut", "words", "other"])
def test_files_that_hold_no_directions_are_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        np.savez(tmp_path / "d.npz", codes=np.zeros((2, 3), np.float32))
    else:
        (tmp_path / "d.npz").write_bytes(content)
    with pytest.raises(UserError, match=r"holds no directions.*; make them with `likeness directions`"):
        read(tmp_path / "d.npz", 3)


def test_directions_of_classes_are_from_the_other_images_to_those_of_the_class(known: Known) -> None:
    model = known.model
    found = directions_of_data(model, str(known.data))
    train = load_own_data(model).train
    codes, labels = encode_split(model, train), torch.from_numpy(train.labels)
    assert found.names == ("0", "1", "2", "3")
    for k in range(4):
        torch.testing.assert_close(found.plain[k], codes[labels == k].mean(0) - codes[labels != k].mean(0))
    assert torch.equal(found.apart, found.plain), "every image has exactly one class"


def test_some_images_are_enough(known: Known) -> None:
    few, every = (directions_of_data(known.model, str(known.data), most) for most in (12, None))
    assert few.names == every.names and not torch.equal(few.plain, every.plain)


def test_data_that_tell_nothing_apart_have_components_alone(models: Models) -> None:
    model, *_, data = models()
    with pytest.raises(UserError, match="no attribute or class tells some images from others"):
        directions_of_data(model, str(data))
    found = directions_of_data(model, str(data), named=False)
    assert found.names == () and found.components.shape == (3, 3)
    assert found.components.norm(dim=1).diff().max() <= 0, "the widest is the first"


def test_examples_in_two_folders_make_one_direction(known: Known, tmp_path: Path) -> None:
    model, stored, *_ = known
    for name, rows in (("with", (0, 1, 2)), ("without", (3, 4))):
        (tmp_path / name).mkdir()
        for row in rows:
            Image.fromarray(stored[row, :, :, 0]).save(tmp_path / name / f"{row}.png")
    found = directions_of_folders(model, str(tmp_path / "with"), str(tmp_path / "without"), "odd")
    codes = model.encode(model.scaling.to_unit(stored[:5])).mean
    assert found.names == ("odd",)
    torch.testing.assert_close(found.plain[0], codes[:3].mean(0) - codes[3:].mean(0))
    torch.testing.assert_close(found.apart, found.plain, atol=1e-5, rtol=1e-4)
    for wrong in ("none", "with/0.png"):
        with pytest.raises(UserError, match=f"{wrong} is no folder with images; give one with examples"):
            directions_of_folders(model, str(tmp_path / "with"), str(tmp_path / wrong), "odd")


def test_of_nothing_only_dimensions_have_names() -> None:
    assert empty_directions(2).all_names() == ["dimension-0", "dimension-1"]
    assert empty_directions(2).move({"dimension-1": 3.0}).tolist() == [0.0, 3.0]
