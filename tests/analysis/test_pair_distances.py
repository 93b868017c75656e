"""Distances of image files, two by two or by the rows of a table."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.analysis.pair_distances import distance_table, file_distance, write
from likeness.errors import UserError
from likeness.similarity.perceptual_metric import PerceptualMetric
from support.small_metrics import untrained_metric
from support.small_runs import pixels


@pytest.fixture(scope="module")
def metric() -> PerceptualMetric:
    """One that no test changes."""
    return untrained_metric()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three images in files, one of them in a folder of its own."""
    folder = tmp_path_factory.mktemp("pairs")
    (folder / "more").mkdir()
    for name, image in zip(("0", "1", "more/2"), pixels(3, 6, 5, 2, dtype="uint16")):
        np.save(folder / f"{name}.npy", image)
    return folder


def apart(metric: PerceptualMetric, a: Path, b: Path) -> float:
    """The distance of two files."""
    x, y = (metric.scale(np.load(file)[None]) for file in (a, b))
    return float(metric(x, y))


def test_two_files_are_as_far_apart_as_the_metric_says(metric: PerceptualMetric, place: Path) -> None:
    files = [str(place / "0.npy"), str(place / "1.npy")]
    assert file_distance(metric, files) == apart(metric, place / "0.npy", place / "1.npy") > 0
    assert file_distance(metric, files[:1] * 2) == 0


def test_where_they_differ_is_drawn_beside_them(
    metric: PerceptualMetric, place: Path, tmp_path: Path
) -> None:
    """Three images of two channels each, every channel enlarged sevenfold; dark where nothing differs."""
    pair = [str(place / "0.npy"), str(place / "1.npy")]
    file_distance(metric, pair, str(tmp_path / "apart.png"))
    assert Image.open(tmp_path / "apart.png").size == (3 * (2 * 5 * 7 + 2) + 2, 6 * 7 + 4)
    file_distance(metric, pair[:1] * 2, str(tmp_path / "same.png"))
    third = np.asarray(Image.open(tmp_path / "same.png"))[2:-2, 2 * (2 * 5 * 7 + 2) + 2 : -2]
    assert (third == 0).all()


def test_rows_keep_their_columns_and_paths_are_beside_the_table(
    metric: PerceptualMetric, place: Path
) -> None:
    (place / "pairs.csv").write_text("why,a,b\nfirst,0.npy,1.npy\nagain,1.npy,more/2.npy\n")
    rows = distance_table(metric, place / "pairs.csv")
    assert [list(row) for row in rows] == [["why", "a", "b", "distance"]] * 2
    assert [row["why"] for row in rows] == ["first", "again"]
    found = [float(row["distance"]) for row in rows]
    expected = [
        apart(metric, place / a, place / b) for a, b in (("0.npy", "1.npy"), ("1.npy", "more/2.npy"))
    ]
    assert found == pytest.approx(expected, rel=1e-5)


def test_rows_are_written_as_they_are(tmp_path: Path) -> None:
    rows = [{"a": "x, y.png", "b": 'say "z".png', "distance": "0.5"}]
    with write(rows, tmp_path / "out.csv").open(newline="") as file:
        assert list(csv.DictReader(file)) == rows


WRONG = {
    "no table": (None, r"cannot be read \(.*No such file.*\); give a CSV file"),
    "nothing": ("", "names no pairs; give it columns a and b"),
    "other columns": ("left,right\n0.npy,1.npy\n", "names no pairs; give it columns a and b"),
    "no rows": ("a,b\n", "names no pairs; give it columns a and b"),
    "a blank": ("a,b\n0.npy,1.npy\n0.npy,\n", "has no two paths in line 3; fill it in"),
    "a short row": ("a,b\n0.npy\n", "has no two paths in line 2; fill it in"),
}


@pytest.mark.parametrize(("content", "message"), WRONG.values(), ids=WRONG)
def test_a_table_without_pairs_is_refused(
    metric: PerceptualMetric, tmp_path: Path, content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "pairs.csv").write_text(content)
    with pytest.raises(UserError, match=message):
        distance_table(metric, tmp_path / "pairs.csv")
