"""NumPy arrays as images with their labels."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from likeness.data.settings import DataSettings
from likeness.data.sources.arrays import Arrays
from likeness.errors import UserError
from support.loading import Load, numbers
from support.made_images import noise

IMAGES = noise(20, 6, 6, 3)


def test_an_npz_gives_images_labels_and_names(tmp_path: Path, loaded: Load) -> None:
    labels = np.arange(20) % 4
    np.savez(tmp_path / "x.npz", images=IMAGES, labels=labels, label_names=list("abcd"))
    data = loaded(tmp_path / "x.npz")
    rows = numbers(data.train)
    np.testing.assert_array_equal(data.train.images, IMAGES[rows])
    np.testing.assert_array_equal(data.train.labels, labels[rows])
    assert data.label_names == tuple("abcd")


def test_a_folder_of_npz_files_gives_its_own_splits(tmp_path: Path, loaded: Load) -> None:
    np.savez(tmp_path / "train.npz", images=IMAGES, y=np.arange(20))
    np.savez(tmp_path / "test.npz", images=IMAGES[:5], y=np.arange(5))
    data = loaded(tmp_path)
    assert [len(s) for s in (data.train, data.validation, data.test)] == [18, 2, 5]
    np.testing.assert_array_equal(data.test.images, IMAGES[:5])


def test_an_npy_is_read_with_channels_first_too(tmp_path: Path, loaded: Load) -> None:
    array = noise(20, 3, 24, 24)
    np.save(tmp_path / "x.npy", array)
    data = loaded(tmp_path / "x.npy")
    assert data.shape == (3, 24, 24)
    rows = numbers(data.train)
    np.testing.assert_array_equal(data.train.images, array[rows].transpose(0, 2, 3, 1))


def test_channels_are_chosen_with_their_names(tmp_path: Path, loaded: Load) -> None:
    np.savez(tmp_path / "x.npz", images=IMAGES, channels=["r", "g", "b"])
    data = loaded(tmp_path / "x.npz", channels=(2, 0))
    rows = numbers(data.train)
    np.testing.assert_array_equal(data.train.images, IMAGES[rows][..., [2, 0]])
    assert data.channel_names == ("b", "r")
    with pytest.raises(UserError, match="no channel 3"):
        loaded(tmp_path / "x.npz", channels=(3,))


@pytest.mark.parametrize(
    ("arrays", "word"),
    [
        ({"images": noise(20, 36)}, r"shape \(20, 36\)"),
        ({"images": noise(2, 2, 2, 2, 3)}, "shape"),
        ({"images": np.empty((0, 4, 4, 1), np.uint8)}, "shape"),
        ({"images": np.full((9, 4, 4), "a")}, "no pixels"),
        ({"images": IMAGES, "labels": np.arange(19)}, "20 images, but labels has shape"),
        ({"images": IMAGES, "y": np.zeros((20, 2))}, "one label for each image"),
        ({"pictures": IMAGES}, "only pictures"),
        ({"images": IMAGES, "labels": np.linspace(0, 1, 20)}, "fractions"),
        ({"images": IMAGES, "labels": np.arange(20), "label_names": ["a"]}, "names of 1 classes"),
    ],
)
def test_arrays_that_are_no_labelled_images_are_refused(
    tmp_path: Path, loaded: Load, arrays: dict[str, np.ndarray], word: str
) -> None:
    np.savez(tmp_path / "x.npz", allow_pickle=False, **arrays)
    with pytest.raises(UserError, match=word):
        loaded(tmp_path / "x.npz")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_pixel_that_is_no_number_is_refused_by_name(tmp_path: Path, loaded: Load, value: float) -> None:
    images = IMAGES.astype(np.float32)
    images[7, 2, 2, 1] = value
    np.savez(tmp_path / "x.npz", images=images)
    with pytest.raises(UserError, match=r"x.npz\[7\] \(NaN or infinite pixels\)"):
        loaded(tmp_path / "x.npz")
    assert len(loaded(tmp_path / "x.npz", bad="skip").skipped) == 1


def test_cells_keep_sixteen_bits_and_channel_names(real_data: Callable[[str], Path], loaded: Load) -> None:
    data = loaded(real_data("cells"))
    assert data.train.images.dtype == np.uint16
    assert data.channel_names == ("bright_field", "dna_stain", "dark_field")
    assert len(data.test) == 682
    assert data.label_names[0] == "G1"


def test_columns_beside_the_images_are_words_numbers_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    words = np.array(["b", "a"] * 10)
    np.savez(path, x=IMAGES, kind=words, age=np.arange(20), codes=np.zeros((20, 2)), note=np.array("?"))
    columns = Arrays().read(str(path), DataSettings(data=str(path))).columns
    assert set(columns) == {"kind", "age"}
    assert columns["kind"].names == ("a", "b")
    np.testing.assert_array_equal(columns["kind"].values, words == "b")


def test_files_of_several_shapes_or_types_are_refused_with_both(tmp_path: Path, loaded: Load) -> None:
    np.savez(tmp_path / "train.npz", images=IMAGES)
    np.savez(tmp_path / "test.npz", images=IMAGES.astype(np.uint16))
    with pytest.raises(UserError, match=r"test.npz holds uint16 .*train.npz uint8 .*; give both one shape"):
        loaded(tmp_path)


def test_a_folder_is_claimed_for_files_named_after_splits_alone(tmp_path: Path) -> None:
    np.save(tmp_path / "notes.npy", IMAGES)
    assert not Arrays().claims(str(tmp_path))
    np.save(tmp_path / "test.npy", IMAGES)
    assert Arrays().claims(str(tmp_path))
    assert Arrays().claims(str(tmp_path / "notes.npy"))


def test_the_fingerprint_of_a_file_is_that_of_its_contents(tmp_path: Path, loaded: Load) -> None:
    for name in ("one", "copy", "other"):
        np.save(tmp_path / f"{name}.npy", noise(20, 4, 4, seed=name == "other"))
    one, copy, other = (loaded(tmp_path / f"{name}.npy").fingerprint for name in ("one", "copy", "other"))
    assert one == copy != other


def test_an_array_is_read_in_the_layout_and_the_range_that_are_said(tmp_path: Path, loaded: Load) -> None:
    array = np.random.default_rng(0).random((20, 6, 4, 5)).astype(np.float32)
    np.save(tmp_path / "x.npy", array)
    first = loaded(tmp_path / "x.npy", layout="nchw", range="0,1")
    assert (first.shape, first.scaling.low, first.scaling.high) == ((6, 4, 5), (0.0,) * 6, (1.0,) * 6)
    assert np.array_equal(first.train.images[0], array[numbers(first.train)[0]].transpose(1, 2, 0))
    own = loaded(tmp_path / "x.npy").scaling
    assert own.low == loaded(tmp_path / "x.npy", range="data").scaling.low != (0.0,) * 5
    with pytest.raises(UserError, match="not nhw"):
        loaded(tmp_path / "x.npy", layout="nhw")
