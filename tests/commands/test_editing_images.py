"""Editing images from the command line."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

import likeness as package
from support.commands import Said

Likeness = Callable[..., Said]


@pytest.fixture
def place(run: Path, cells: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with images, and two folders of examples."""
    monkeypatch.chdir(tmp_path)
    images = np.load(cells)["images"]
    for folder, rows in (("having", (0, 1, 2)), ("lacking", (3, 4)), (".", (5, 6, 7)), ("empty", ())):
        Path(folder).mkdir(exist_ok=True)
        for k in rows:
            np.save(f"{folder}/{k}.npy", images[k])
    Path("run").symlink_to(run)
    nine = np.zeros((1, 9))
    np.savez("other.npz", names=["a"], plain=nine, apart=nine, components=nine)
    return tmp_path


@pytest.fixture
def found(likeness: Likeness, place: Path) -> Path:
    """Directions of the run's classes."""
    assert likeness("directions", "run").code == 0
    return place / "directions.npz"


def test_directions_of_classes_are_differences_of_mean_codes(found: Path) -> None:
    from likeness.data.dataset import load

    held = np.load(found)
    assert held["names"].tolist() == ["0", "1", "2", "3"] and held["components"].shape == (3, 3)
    model = package.load("run")
    split = load(model.config.data, model.config.training.seed).train
    codes = model.encode(model.scaling.to_unit(split.images))
    has = torch.from_numpy(split.labels == 2)
    expected = codes[has].mean(0) - codes[~has].mean(0)
    np.testing.assert_allclose(held["plain"][2], expected, rtol=1e-3, atol=1e-5)


def nearly(a: np.ndarray, b: np.ndarray) -> bool:
    """The same whole numbers, but for rounding."""
    return bool(np.abs(a.astype(int) - b.astype(int)).max() <= 1)


def test_an_edit_ends_where_the_direction_leads(likeness: Likeness, found: Path) -> None:
    words = ["edit", "run", "5.npy", "6.npy", "--add", "2:1.5,0:-1", "--steps", 3, "--out", "e.npz"]
    assert likeness(*words).code == 0
    model, held = package.load("run"), np.load(found)
    z = model.encode(model.images(["6.npy"])) + torch.from_numpy(1.5 * held["plain"][2] - held["plain"][0])
    edited = np.load("e.npz")["images"]
    assert edited.shape == (6, 6, 5, 3) and nearly(edited[5:], model.arrays(model.decode(z)))


def test_a_component_swings_both_ways(likeness: Likeness, found: Path) -> None:
    words = ["edit", "run", "5.npy", "--component", 0, "--reach", 3, "--steps", 5, "--out", "c.npz"]
    assert likeness(*words).code == 0
    model, move = package.load("run"), torch.from_numpy(np.load(found)["components"][0])
    z = model.encode(model.images(["5.npy"]))
    ends = model.arrays(model.decode(torch.cat([z - 3 * move, z, z + 3 * move])))
    assert nearly(np.load("c.npz")["images"][[0, 2, 4]], ends)


def test_examples_in_two_folders_make_a_direction(likeness: Likeness, place: Path) -> None:
    words = ["directions", "run", "--having", "having", "--lacking", "lacking", "--name", "round"]
    assert likeness(*words).code == 0
    model, held = package.load("run"), np.load("directions.npz")
    sets = [model.encode(model.images(sorted(Path(f).iterdir()))).mean(0) for f in ("having", "lacking")]
    np.testing.assert_allclose(held["plain"][0], sets[0] - sets[1], rtol=1e-3, atol=1e-5)
    assert likeness("edit", "run", "5.npy", "--add", "round").code == 0
    assert Path("edited.png").stat().st_size > 100


def test_images_are_added_and_taken_away(likeness: Likeness, place: Path) -> None:
    assert likeness("combine", "run", "5.npy", "6.npy", "7.npy", "--out", "made.npz").code == 0
    model = package.load("run")
    a, b, c = model.encode(model.images(["5.npy", "6.npy", "7.npy"]))
    assert nearly(np.load("made.npz")["images"], model.arrays(model.decode((a - b + c)[None])))


def test_a_way_goes_through_several_images(likeness: Likeness, place: Path) -> None:
    words = ["interpolate", "run", "5.npy", "6.npy", "7.npy", "--steps", 4, "--way", "round"]
    assert likeness(*words, "--out", "way.npz").code == 0
    assert len(np.load("way.npz")["images"]) == 7


REFUSED = [
    (["edit", "run", "5.npy"], "one kind of edit is made; give --add or --component"),
    (["edit", "run", "5.npy", "--add", "7"], "there is no direction '7'; choose one of 0, 1, 2, 3"),
    (["edit", "run", "5.npy", "--add", "0:x"], "--add is '0:x'; write names with numbers"),
    (["edit", "run", "5.npy", "--component", "3"], "there is no component 3; choose 0 to 2"),
    (["edit", "run", "5.npy", "--add", "0", "--directions", "no.npz"], "no.npz holds no directions"),
    (["edit", "run", "5.npy", "--add", "0", "--directions", "other.npz"], "no directions of 3 dimensions"),
    (["edit", "run", "5.npy", "--add", "0", "--steps", "1"], "the way has a first and a last image"),
    (["directions", "run", "--having", "having"], "--having and --lacking go together"),
    (["directions", "run", "--having", "having", "--lacking", "empty"], "empty is no folder with images"),
    (["directions", "run", "--out", "d.txt"], "d.txt does not end in .npz"),
    (["directions", "GAN"], "has no encoder"),
    (["combine", "run", "5.npy", "6.npy"], "C"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_edited_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, found: Path, gan: Path
) -> None:
    said = likeness(*(str(gan) if word == "GAN" else word for word in words))
    assert said.code == 2 and message in said.err and said.err.count("\n") == 1
