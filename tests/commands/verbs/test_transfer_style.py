"""`likeness transfer-style`: an image's style in other classes."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import likeness as package
from support.commands import Likeness, done, nearly, refused


@pytest.fixture
def digits(place: Path, styled: Path) -> Path:
    """Two digits, and a run that tells class from style."""
    Path("semi").symlink_to(styled)
    np.save("other.npy", 2 * np.load("digit.npy"))
    return place


@pytest.mark.usefixtures("digits")
def test_a_style_is_given_to_classes(likeness: Likeness) -> None:
    done(likeness("transfer-style", "semi", "digit.npy", "other.npy", "--labels", "3,5", "--out", "r.npz"))
    model = package.load("semi")
    x = model.images(["digit.npy", "other.npy"])
    style = model.encode(x).mean[:, 10:]
    classes = torch.eye(10)[[3, 5]]
    codes = torch.cat([torch.cat([y[None], z[None]], 1) for z in style for y in classes])
    made = np.load("r.npz")["images"]
    assert nearly(made, model.arrays(model.decode(codes)))
    assert not nearly(made[0], made[1]) and not nearly(made[0], made[2])


@pytest.mark.usefixtures("digits")
def test_every_class_is_taken_where_none_is_named(likeness: Likeness) -> None:
    done(likeness("transfer-style", "semi", "digit.npy"))
    assert Image.open("styles.png").size == (11 * 66 + 2, 66 + 2)
    done(likeness("transfer-style", "semi", "digit.npy", "--out", "all"))
    assert sorted(file.name for file in Path("all").iterdir()) == [f"digit-as-{k}.png" for k in range(10)]


@pytest.mark.usefixtures("digits")
def test_the_class_may_be_that_of_another_image(likeness: Likeness) -> None:
    model = package.load("semi")
    (label,) = model.class_probabilities(model.images(["other.npy"])).argmax(1).tolist()
    done(likeness("transfer-style", "semi", "digit.npy", "--like", "other.npy", "--out", "like"))
    assert [file.name for file in Path("like").iterdir()] == [f"digit-as-{label}.png"]


REFUSED = [
    (["run", "5.npy"], "vae_gan has no classes; train a method that has, such as aae_semi"),
    (["semi", "digit.npy", "--labels", "10"], "a label is not in 0 to 9"),
    (["semi", "digit.npy", "--labels", "x"], "--labels is 'x'; write whole numbers, 3,5"),
]


@pytest.mark.usefixtures("digits")
@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_restyled_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness
) -> None:
    assert message in refused(likeness("transfer-style", *words))
