"""`likeness edit`: images moved along directions of their codes."""

from pathlib import Path

import numpy as np
import pytest
import torch

import likeness as package
from likeness.analysis.directions import Directions
from support.commands import Likeness, done, nearly, refused


@pytest.fixture
def found(likeness: Likeness, place: Path) -> Path:
    """Directions of the run's classes."""
    done(likeness("directions", "run"))
    nine = torch.zeros(1, 9)
    Directions(("a",), nine, nine, nine).write(Path("other.npz"))
    return place / "directions.npz"


def test_an_edit_ends_where_the_direction_leads(likeness: Likeness, found: Path) -> None:
    words = ["edit", "run", "5.npy", "6.npy", "--add", "2:1.5,0:-1", "--steps", 3, "--out", "e.npz"]
    done(likeness(*words))
    model, held = package.load("run"), np.load(found)
    z = model.encode(model.images(["6.npy"])).mean + torch.from_numpy(
        1.5 * held["plain"][2] - held["plain"][0]
    )
    edited = np.load("e.npz")["images"]
    assert edited.shape == (6, 6, 5, 3) and nearly(edited[5:], model.arrays(model.decode(z)))


def test_a_decorrelated_edit_is_along_the_direction_apart_from_the_others(
    likeness: Likeness, place: Path
) -> None:
    plain, apart, _ = 2 * torch.eye(3)[:, None]
    Directions(("a",), plain, apart, torch.eye(3)).write(Path("directions.npz"))
    model = package.load("run")
    z = model.encode(model.images(["5.npy"])).mean
    for direction, words in ((plain, []), (apart, ["--decorrelated"])):
        done(likeness("edit", "run", "5.npy", "--add", "a:2", *words, "--steps", 2, "--out", "e.npz"))
        moved = model.arrays(model.decode(z + 2 * direction))
        assert nearly(np.load("e.npz")["images"][1:], moved)


def test_a_component_swings_both_ways(likeness: Likeness, found: Path) -> None:
    words = ["edit", "run", "5.npy", "--component", 0, "--reach", 3, "--steps", 5, "--out", "c.npz"]
    done(likeness(*words))
    model, move = package.load("run"), torch.from_numpy(np.load(found)["components"][0])
    z = model.encode(model.images(["5.npy"])).mean
    ends = model.arrays(model.decode(torch.cat([z - 3 * move, z, z + 3 * move])))
    assert nearly(np.load("c.npz")["images"][[0, 2, 4]], ends)


def test_what_the_explorer_names_is_edited(likeness: Likeness, place: Path) -> None:
    done(likeness("directions", "run", "--max-images", 20))
    held, model = np.load("directions.npz"), package.load("run")
    np.savez("code.npz", codes=np.ones((1, 3), np.float32))
    add = "component-1:2,dimension-0:-1,2:0.5"
    done(likeness("edit", "run", "code.npz", "--add", add, "--steps", 2, "--out", "e.npz"))
    move = 2 * held["components"][1] + 0.5 * held["plain"][2] - np.array([1, 0, 0])
    z = torch.from_numpy((1 + move).astype(np.float32))[None]
    assert nearly(np.load("e.npz")["images"][1:], model.arrays(model.decode(z)))


def test_dimensions_alone_need_no_file_of_directions(likeness: Likeness, place: Path) -> None:
    words = ["edit", "run", "5.npy", "--add", "dimension-1:2", "--directions", "none.npz"]
    done(likeness(*words, "--steps", 2, "--out", "d.npz"))
    model = package.load("run")
    z = model.encode(model.images(["5.npy"])).mean + torch.tensor([[0.0, 2.0, 0.0]])
    assert nearly(np.load("d.npz")["images"][1:], model.arrays(model.decode(z)))


REFUSED = [
    ([], "one kind of edit is made; give --add or --component"),
    (["--add", "7"], "there is no direction '7'; choose one of 0, 1, 2, 3"),
    (["--add", "0:x"], "--add is '0:x'; write names with numbers"),
    (["--component", "3"], "there is no component 3; choose 0 to 2"),
    (["--add", "0", "--directions", "no.npz"], "no.npz holds no directions"),
    (["--add", "0", "--directions", "other.npz"], "no directions of 3 dimensions"),
    (["--add", "0", "--steps", "1"], "input should be greater than or equal to 2"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_edited_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, found: Path
) -> None:
    assert message in refused(likeness("edit", "run", "5.npy", *words))
    assert not Path("edited.png").exists()
