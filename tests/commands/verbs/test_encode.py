"""`likeness encode`: the codes of a data set, with what is known of its images."""

from pathlib import Path

import numpy as np
import pytest
import torch

import likeness as package
from likeness.__main__ import main
from support.commands import TINY, Likeness, done, refused


def numbers(codes: dict[str, np.ndarray]) -> list[int]:
    """Where each image is in its file, by its name."""
    return [int(name.rpartition("[")[2].rstrip("]")) for name in codes["names"]]


def test_codes_keep_the_name_and_label_of_each_image(likeness: Likeness, place: Path) -> None:
    assert done(likeness("encode", "run", "cells.npz")).out == "codes.npz\n"
    codes = np.load("codes.npz")
    assert sorted(numbers(codes)) == list(range(40))
    assert codes["labels"].tolist() == [k % 4 for k in numbers(codes)]


def test_codes_are_those_of_the_attributes_that_the_data_have(likeness: Likeness, marked: Path) -> None:
    done(likeness("encode", "vae_gan", "marked.npz"))
    codes, data, model = np.load("codes.npz"), np.load("marked.npz"), package.load("vae_gan")
    rows = numbers(codes)[:9]
    x = model.scaling.to_unit(data["images"][rows])
    given = torch.from_numpy(np.stack([data["dark"][rows], data["striped"][rows]], 1)).float()
    np.testing.assert_allclose(codes["codes"][:9], model.encode(x, given).mean, atol=1e-5)
    assert not np.allclose(codes["codes"][:9], model.encode(x, 1 - given).mean, atol=1e-3)


@pytest.fixture
def twelve(tmp_path: Path) -> Path:
    """A file of images with labels 0 to 11, and beside it one without any."""
    images = np.random.default_rng(0).integers(0, 255, (60, 6, 5)).astype("u1")
    np.savez(tmp_path / "twelve.npz", images=images, labels=np.arange(60) % 12)
    np.savez(tmp_path / "none.npz", images=255 - images)
    return tmp_path / "twelve.npz"


def test_a_supervised_model_needs_the_label_of_what_it_encodes(likeness: Likeness, twelve: Path) -> None:
    run, out = twelve.parent / "run", twelve.parent / "codes.npz"
    words = ["train", "aae_supervised", str(run), "--data", str(twelve), *TINY, "--classes", "12"]
    assert main(words) == 0
    done(likeness("encode", run, twelve, "--out", out))
    found = np.load(out)
    assert found["codes"].shape == (60, 15)
    classes = np.eye(12)[found["labels"]]
    np.testing.assert_array_equal(found["codes"][:, 3:], classes)
    assert "needs the label of each image" in refused(likeness("encode", run, twelve.parent / "none.npz"))


REFUSED = [
    (["gan", "digits"], "gan has no encoder; train a method that has"),
    (["run", "digits"], "this model was trained on (3, 6, 5)"),
    (["run", "cells.npz", "--out", "codes.txt"], "codes.txt does not end in .npz; "),
    (["run", "cells.npz", "--out", "no/c.npz"], "no/c.npz could not be written"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_encoded_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("encode", *words))
    assert not (place / "codes.npz").exists()


def test_images_without_a_condition_are_not_encoded_by_a_model_with_one(
    likeness: Likeness, marked: Path
) -> None:
    np.savez("other.npz", images=255 - np.load("bare.npz")["images"])
    line = refused(likeness("encode", "vae_gan", "other.npz"))
    assert "there is no column 'dark'; the data have no columns" in line
