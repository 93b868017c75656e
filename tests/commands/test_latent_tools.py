"""Traversing, projecting, restyling and walking, from the command line and in Python."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import likeness as package
from likeness.__main__ import main
from likeness.analysis.editing import loop, traversed
from likeness.analysis.projection import Nearness, projected
from likeness.training.projection import project
from support.commands import TINY, Said

Likeness = Callable[..., Said]


@pytest.fixture(scope="session")
def styled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that tells class from style."""
    path = tmp_path_factory.mktemp("runs") / "semi"
    assert main(["train", "aae_semi", str(path), "--data", "digits", "--labels", "100", *TINY]) == 0
    return path


@pytest.fixture
def place(
    run: Path, gan: Path, styled: Path, cells: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A directory with runs and images."""
    monkeypatch.chdir(tmp_path)
    for k in (5, 6):
        np.save(f"{k}.npy", np.load(cells)["images"][k])
    for k in range(2):
        np.save(f"digit{k}.npy", np.arange(64, dtype=np.uint8).reshape(8, 8, 1) * (k + 1))
    for name, path in (("run", run), ("gan", gan), ("semi", styled)):
        Path(name).symlink_to(path)
    return tmp_path


def nearly(a: np.ndarray, b: np.ndarray) -> bool:
    """The same whole numbers, but for rounding."""
    return bool(np.abs(a.astype(int) - b.astype(int)).max() <= 1)


def test_a_projection_ends_where_the_error_is_least() -> None:
    a = torch.randn(20, 4, generator=torch.Generator().manual_seed(0))
    target = torch.randn(3, 20, generator=torch.Generator().manual_seed(1))
    found = project(lambda z: (z @ a.T - target).square().sum(1), torch.zeros(3, 4), 600, 0.1)
    torch.testing.assert_close(found, torch.linalg.lstsq(a, target.T).solution.T, atol=1e-3, rtol=0)


def test_a_projection_is_never_worse_than_its_start_however_large_its_steps() -> None:
    start = torch.full((2, 3), 0.01)
    found = project(lambda z: z.square().sum(1), start, 5, 1e6)
    assert (found.square().sum(1) <= start.square().sum(1)).all()


def test_a_projected_code_is_better_than_the_encoders(run: Path, cells: Path) -> None:
    model = package.load(run)
    x = model.scaling.to_unit(np.load(cells)["images"][:6])
    near = Nearness(package.metric(run))
    codes = model.encode(x), projected(model, x, near, steps=30, rate=0.2)
    encoded, found = (near(model.decode(z).clamp(-1, 1), x) for z in codes)
    assert (found <= encoded).all() and float(found.mean()) < float(encoded.mean())


def test_codes_that_were_projected_are_decoded(likeness: Likeness, place: Path) -> None:
    said = likeness("project", "run", "5.npy", "6.npy", "--steps", 20, "--out", "codes.npz")
    encoded, found = (np.array(line.split()[1:], float) for line in said.out.splitlines()[:2])
    assert said.code == 0 and (found <= encoded).all()
    assert np.load("codes.npz")["codes"].shape == (2, 3)
    assert likeness("decode", "run", "codes.npz", "--out", "made.npz").code == 0
    assert likeness("project", "gan", "digit0.npy", "--steps", 5).out.startswith("found ")
    assert Image.open("projected.png").height > 64


def test_a_traversal_goes_along_each_dimension(likeness: Likeness, place: Path) -> None:
    words = [
        "traverse",
        "run",
        "5.npy",
        "--dimensions",
        "0,2",
        "--reach",
        2,
        "--steps",
        5,
        "--out",
        "t.npz",
    ]
    assert likeness(*words).code == 0
    model = package.load("run")
    z = model.encode(model.images(["5.npy"]))
    ways = torch.cat([z + far * torch.eye(3)[[k]] for k in (0, 2) for far in (-2, -1, 0, 1, 2)])
    assert nearly(np.load("t.npz")["images"], model.arrays(model.decode(ways)))
    torch.testing.assert_close(traversed(z, torch.eye(3)[[0, 2]], 2.0, 5), ways)


def test_components_are_traversed_from_the_origin(likeness: Likeness, place: Path) -> None:
    assert likeness("traverse", "run", "--components", 2, "--steps", 3, "--out", "t.npz").code == 0
    model, made = package.load("run"), np.load("t.npz")["images"]
    assert len(made) == 6 and nearly(made[[1, 4]], model.arrays(model.decode(torch.zeros(2, 3))))


def test_a_style_is_given_to_classes(likeness: Likeness, place: Path) -> None:
    assert (
        likeness("restyle", "semi", "digit0.npy", "digit1.npy", "--labels", "3,5", "--out", "r.npz").code
        == 0
    )
    model = package.load("semi")
    x = model.images(["digit0.npy", "digit1.npy"])
    style = model.objective.styles(model.encode(x))
    classes = torch.eye(10)[[3, 5]]
    codes = torch.cat([torch.cat([y[None], z[None]], 1) for z in style for y in classes])
    assert nearly(np.load("r.npz")["images"], model.arrays(model.decode(codes)))
    assert likeness("restyle", "semi", "digit0.npy").code == 0
    assert Image.open("restyled.png").width > 10 * 64
    assert likeness("restyle", "semi", "digit0.npy", "--like", "digit1.npy", "--out", "like").code == 0
    assert len(list(Path("like").iterdir())) == 1


def test_a_walk_is_an_animation_that_comes_back(likeness: Likeness, place: Path) -> None:
    assert likeness("walk", "run", "--stops", 3, "--frames", 4, "--fps", 10, "--seed", 7).code == 0
    with Image.open("walk.gif") as walk:
        assert 1 < walk.n_frames <= 12 and walk.info["loop"] == 0  # type: ignore[attr-defined]
        total = 0  # frames that look the same are one, which stays longer
        for frame in range(walk.n_frames):  # type: ignore[attr-defined]
            walk.seek(frame)
            total += walk.info["duration"]
        assert total == 1200
    model = package.load("run")
    codes = model.codes(3, 7)
    way = loop(codes, 4)
    torch.testing.assert_close(way[::4], codes)
    assert likeness("walk", "run", "--stops", 3, "--frames", 4, "--seed", 7, "--out", "w.npz").code == 0
    assert nearly(np.load("w.npz")["images"], model.arrays(model.decode(way)))


def test_samples_of_no_temperature_are_all_the_origin(likeness: Likeness, place: Path) -> None:
    assert likeness("sample", "run", "-n", 3, "--temperature", 0, "--out", "s.npz").code == 0
    model, made = package.load("run"), np.load("s.npz")["images"]
    assert nearly(made, model.arrays(model.decode(torch.zeros(3, 3))))
    torch.testing.assert_close(model.codes(4, 1, 0.5), 0.5 * model.codes(4, 1))


def test_what_the_explorer_names_is_edited(likeness: Likeness, place: Path) -> None:
    assert likeness("directions", "run", "--most", 20).code == 0
    held, model = np.load("directions.npz"), package.load("run")
    np.savez("code.npz", codes=np.ones((1, 3), np.float32))
    add = "component-1:2,dimension-0:-1,2:0.5"
    assert likeness("edit", "run", "code.npz", "--add", add, "--steps", 2, "--out", "e.npz").code == 0
    move = 2 * held["components"][1] + 0.5 * held["plain"][2] - np.array([1, 0, 0])
    z = torch.from_numpy((1 + move).astype(np.float32))[None]
    assert nearly(np.load("e.npz")["images"][1:], model.arrays(model.decode(z)))
    words = ["edit", "run", "5.npy", "--add", "dimension-1:2", "--directions", "none.npz"]
    assert likeness(*words).code == 0


def test_the_nearest_image_is_the_image_itself(likeness: Likeness, place: Path, cells: Path) -> None:
    said = likeness("neighbours", "run", "5.npy", "-n", 3, "--out", "n.npz")
    assert said.code == 0
    pixels, learned = (line.split(", ") for line in said.out.splitlines()[:2])
    assert pixels[0].endswith("[5] 0") and "[5] " in learned[0] and len(pixels) == len(learned) == 3
    made = np.load("n.npz")["images"]
    assert len(made) == 8 and nearly(made[0], made[1]) and nearly(made[0], np.load("5.npy"))


def test_codes_of_many_dimensions_are_drawn_by_their_components(likeness: Likeness, place: Path) -> None:
    assert likeness("plane", "run", "--by", "components").code == 0
    assert Image.open("codes.png").size == (640, 640)


REFUSED = [
    (["traverse", "run"], "give --dimensions or --components"),
    (["traverse", "run", "--dimensions", "3"], "there is no direction 'dimension-3'"),
    (["traverse", "run", "--dimensions", "0", "--steps", "1"], "a first and a last image"),
    (["project", "run", "5.npy", "--steps", "0"], "there is nothing to descend"),
    (["project", "run", "5.npy", "--pixels", "0", "--learned", "0"], "errors have no weight"),
    (["restyle", "run", "5.npy"], "vae_gan does not tell class from style"),
    (["restyle", "semi", "digit0.npy", "--labels", "10"], "a label is none of 0 to 9"),
    (["restyle", "semi", "digit0.npy", "--labels", "x"], "write numbers of classes"),
    (["walk", "run", "5.npy"], "a walk leads from one to another"),
    (["walk", "run", "--fps", "0"], "a walk has --stops from 2"),
    (["walk", "run", "--out", "no/such/w.gif"], "choose another --out"),
    (["interpolate", "run", "5.npy"], "a way leads from one to another"),
    (["sample", "run", "--temperature", "-1"], "--temperature is -1.0"),
    (["sample", "run", "--temperature", "nan"], "--temperature is nan"),
    (["directions", "run", "--most", "1"], "--most is 1"),
    (["neighbours", "run", "5.npy", "-n", "0"], "there is nothing to find"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_done_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    said = likeness(*words)
    assert said.code == 2 and message in said.err and said.err.count("\n") == 1
