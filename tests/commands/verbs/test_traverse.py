"""`likeness traverse`: ways along single directions of the codes."""

from pathlib import Path

import numpy as np
import pytest
import torch

import likeness as package
from likeness.analysis.editing import traverse
from support.commands import Likeness, done, nearly, refused


def test_a_traversal_goes_along_each_dimension(likeness: Likeness, place: Path) -> None:
    words = ["--dimensions", "0,2", "--reach", 2, "--steps", 5, "--out", "t.npz"]
    done(likeness("traverse", "run", "5.npy", *words))
    model = package.load("run")
    z = model.encode(model.images(["5.npy"])).mean
    ways = torch.cat([z + far * torch.eye(3)[[k]] for k in (0, 2) for far in (-2, -1, 0, 1, 2)])
    assert nearly(np.load("t.npz")["images"], model.arrays(model.decode(ways)))
    torch.testing.assert_close(traverse(z, torch.eye(3)[[0, 2]], 2.0, 5), ways)


def test_components_are_traversed_from_the_origin(likeness: Likeness, place: Path) -> None:
    done(likeness("traverse", "run", "--components", 2, "--steps", 3, "--out", "t.npz"))
    model, made = package.load("run"), np.load("t.npz")["images"]
    assert len(made) == 6 and nearly(made[[1, 4]], model.arrays(model.decode(torch.zeros(2, 3))))


def test_a_folder_names_each_image_by_its_direction(likeness: Likeness, place: Path) -> None:
    done(likeness("traverse", "run", "--dimensions", "1", "--steps", 2, "--out", "way"))
    assert sorted(p.name for p in Path("way").iterdir()) == ["dimension-1-00.npy", "dimension-1-01.npy"]


REFUSED = [
    ([], "give --dimensions or --components"),
    (["--dimensions", "0", "--components", "1"], "give --dimensions or --components"),
    (["--dimensions", "3"], "there is no direction 'dimension-3'"),
    (["--dimensions", "0", "--steps", "1"], "input should be greater than or equal to 2"),
    (["--components", "0"], "--components is '0'; input should be greater than or equal to 1"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_traversed_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("traverse", "run", *words))
