"""`likeness reconstruct`: images encoded and decoded, in the data's own values."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import likeness as package
from support.commands import Likeness, done, refused


def in_own_range(images: np.ndarray) -> bool:
    """Whether values are 16-bit and each channel is within the range it was drawn from."""
    low, high = images.min((0, 1, 2)), images.max((0, 1, 2))
    return (
        images.dtype == np.uint16 and (low >= [100, 0, 5000]).all() and (high <= [1500, 3000, 60000]).all()
    )


def test_a_picture_of_reconstructions_has_originals_above(likeness: Likeness, place: Path) -> None:
    done(likeness("reconstruct", "run", "5.npy", "6.npy", "--out", "x.png"))
    done(likeness("reconstruct", "run", "6.npy", "6.npy", "--out", "y.png"))
    x, y = (np.asarray(Image.open(name)) for name in ("x.png", "y.png"))
    assert x.shape == y.shape and x.shape[0] > x.shape[1]
    left, right = np.hsplit(x[:, 1:-1], 2)
    assert (right == np.hsplit(y[:, 1:-1], 2)[1]).all() and (left != right).any()
    done(likeness("reconstruct", "run", "5.npy", "--out", "x.npy"))
    assert in_own_range(np.load("x.npy"))


def test_reconstructions_are_named_by_their_images(likeness: Likeness, place: Path) -> None:
    done(likeness("reconstruct", "run", "5.npy", "7.npy", "--out", "made"))
    assert sorted(file.name for file in (place / "made").iterdir()) == ["5.npy", "7.npy"]
    assert in_own_range(np.load(place / "made" / "5.npy")[None])


REFUSED = [
    (["run", "nowhere.png"], "there is no file nowhere.png"),
    (["run", "two\nlines.png"], "there is no file two lines.png"),
    (["gan", "digit.npy"], "gan has no encoder; train a method that has"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_reconstructed_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("reconstruct", *words))


@pytest.mark.parametrize(("shape", "said"), [((7, 5, 3), "3x7x5"), ((6, 5, 2), "2x6x5")])
def test_an_image_of_another_size_or_channels_is_refused(
    shape: tuple[int, ...], said: str, likeness: Likeness, place: Path
) -> None:
    np.save("other.npy", np.zeros(shape, np.uint16))
    assert f"other.npy is {said}" in refused(likeness("reconstruct", "run", "other.npy"))


def test_an_image_alone_is_not_enough_for_a_model_with_conditions(likeness: Likeness, marked: Path) -> None:
    line = refused(likeness("reconstruct", "vae_gan", "one.npy"))
    assert "conditioned on dark, striped, which is not said; give --condition dark:1,striped:1" in line
    line = refused(likeness("reconstruct", "vae_gan", "one.npy", "--condition", "dark"))
    assert "striped is not said; give --condition dark:1,striped:1" in line
    done(likeness("reconstruct", "vae_gan", "one.npy", "--condition", "dark,striped:0", "--out", "r.npy"))
    model = package.load("vae_gan")
    x = model.images(["one.npy"])
    expected = model.reconstruct(x, condition=torch.tensor([[1.0, 0.0]]))
    assert np.array_equal(np.load("r.npy"), model.arrays(expected))
