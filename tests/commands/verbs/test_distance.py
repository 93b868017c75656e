"""`likeness distance`: how far images are apart in a run's learned metric."""

import csv
from pathlib import Path

import numpy as np
import pytest

import likeness as package
from support.commands import Likeness, done, refused


@pytest.fixture
def pairs(place: Path, cells: Path) -> None:
    """Three images, the second as the first, and tables of pairs."""
    images = np.load(cells)["images"]
    for name, k in (("a", 0), ("same", 0), ("b", 1)):
        np.save(f"{name}.npy", images[k])
    np.save("wide.npy", np.zeros((6, 9, 3), np.uint16))
    Path("pairs.csv").write_text("a,b,who\na.npy,same.npy,x\na.npy,b.npy,y\n")
    Path("columns.csv").write_text("one,two\na.npy,b.npy\n")
    Path("blank.csv").write_text("a,b\na.npy,b.npy\na.npy,\n")


@pytest.mark.usefixtures("pairs")
def test_two_images_are_as_far_apart_as_the_metric_says(likeness: Likeness, place: Path) -> None:
    assert float(likeness("distance", "run", "a.npy", "same.npy").out) == 0
    learned = package.metric("run")
    expected = float(learned(learned.images(["a.npy"]), learned.images(["b.npy"])))
    assert float(likeness("distance", "run", "a.npy", "b.npy").out) == pytest.approx(expected, rel=1e-4)
    done(likeness("distance", "run", "a.npy", "b.npy", "--map", "where.png"))
    assert (place / "where.png").stat().st_size > 100


@pytest.mark.usefixtures("pairs")
def test_pairs_of_a_table_keep_their_columns(likeness: Likeness, place: Path) -> None:
    done(likeness("distance", "run", "--pairs", "pairs.csv", "--out", "far.csv"))
    rows = list(csv.DictReader((place / "far.csv").open()))
    assert [row["who"] for row in rows] == ["x", "y"]
    assert float(rows[0]["distance"]) == 0 < float(rows[1]["distance"])
    lines = done(likeness("distance", "run", "--pairs", "pairs.csv")).out.splitlines()
    assert [line.split()[1:] for line in lines] == [["a.npy", "same.npy"], ["a.npy", "b.npy"]]
    assert float(lines[1].split()[0]) == pytest.approx(float(rows[1]["distance"]), rel=1e-5)


REFUSED = [
    (["run", "a.npy"], "two images or a table of pairs are compared"),
    (["run", "a.npy", "b.npy", "--pairs", "pairs.csv"], "two images or a table of pairs are compared"),
    (["run", "a.npy", "wide.npy"], "wide.npy is 3x6x9"),
    (["run", "a.npy", "nowhere.npy"], "there is no file nowhere.npy"),
    (["run", "a.npy", "b.npy", "--layers", "conv3"], "no layer 'conv3'"),
    (
        ["run", "a.npy", "b.npy", "--layers", "hidden1:x"],
        "layers are 'hidden1:x'; write names with weights",
    ),
    (["run", "--pairs", "columns.csv"], "names no pairs; give it columns a and b"),
    (["run", "--pairs", "blank.csv"], "has no two paths in line 3"),
    (["run", "--pairs", "nowhere.csv"], "nowhere.csv cannot be read"),
    (["nowhere", "a.npy", "b.npy"], "nowhere is not a run"),
]


@pytest.mark.usefixtures("pairs")
@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_compared_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness
) -> None:
    assert message in refused(likeness("distance", *words))
