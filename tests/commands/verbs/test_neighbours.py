"""`likeness neighbours`: the images of a run's data that are nearest to one."""

from pathlib import Path

import numpy as np
import pytest

from support.commands import Likeness, done, nearly, refused


def test_the_nearest_image_is_the_image_itself(likeness: Likeness, place: Path) -> None:
    said = done(likeness("neighbours", "run", "5.npy", "-n", 3, "--out", "n.npz"))
    pixels, learned = (line.split(", ") for line in said.out.splitlines()[:2])
    assert pixels[0].endswith("[5] 0") and "[5] " in learned[0] and len(pixels) == len(learned) == 3
    made = np.load("n.npz")["images"]
    assert len(made) == 8 and nearly(made[0], made[1]) and nearly(made[0], np.load("5.npy"))


def test_they_are_the_nearest_in_mean_squared_error_one_after_the_other(
    likeness: Likeness, place: Path
) -> None:
    words = done(likeness("neighbours", "run", "5.npy", "-n", 4)).out.splitlines()[0]
    said = [word.split()[-2:] for word in words.removeprefix("pixels").split(", ")]
    images = np.load("cells.npz")["images"].astype(float)
    low, high = images.min((0, 1, 2)), images.max((0, 1, 2))
    far = (((images - images[5]) / (high - low)) ** 2).mean((1, 2, 3))
    assert [int(name.partition("[")[2].rstrip("]")) for name, _ in said] == far.argsort()[:4].tolist()
    distances = [float(distance) for _, distance in said]
    assert distances == sorted(distances)


REFUSED = [
    (["5.npy", "-n", "0"], "-n is '0'; input should be greater than or equal to 1"),
    (["5.npy", "--max-images", "1"], "--max-images is '1'; input should be greater than or equal to 2"),
    (["digit.npy"], "digit.npy is 3x8x8 (channels x height x width), but the model takes 3x6x5"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_has_no_neighbours_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("neighbours", "run", *words))
