"""A run's learned metric as a user has it: kept alone, from the command line, in a training loop."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

import likeness as package
from likeness.errors import RunError, UserError
from support.commands import Said

Likeness = Callable[..., Said]


@pytest.fixture
def place(run: Path, cells: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with three images, the second as the first, and a table of pairs."""
    monkeypatch.chdir(tmp_path)
    images = np.load(cells)["images"]
    for name, k in (("a", 0), ("same", 0), ("b", 1)):
        np.save(f"{name}.npy", images[k])
    np.save("wide.npy", np.zeros((6, 9, 3), np.uint16))
    Path("pairs.csv").write_text("a,b,who\na.npy,same.npy,x\na.npy,b.npy,y\n")
    Path("columns.csv").write_text("one,two\na.npy,b.npy\n")
    Path("blank.csv").write_text("a,b\na.npy,b.npy\na.npy,\n")
    Path("run").symlink_to(run)
    return tmp_path


def test_two_images_are_as_far_apart_as_the_metric_says(likeness: Likeness, place: Path) -> None:
    assert float(likeness("distance", "run", "a.npy", "same.npy").out) == 0
    learned = package.metric("run")
    expected = float(learned(learned.images(["a.npy"]), learned.images(["b.npy"])))
    assert float(likeness("distance", "run", "a.npy", "b.npy").out) == pytest.approx(expected, rel=1e-4)
    assert likeness("distance", "run", "a.npy", "b.npy", "--map", "where.png").code == 0
    assert (place / "where.png").stat().st_size > 100


def test_pairs_of_a_table_keep_their_columns(likeness: Likeness, place: Path) -> None:
    assert likeness("distance", "run", "--data", "pairs.csv", "--out", "far.csv").code == 0
    rows = list(csv.DictReader((place / "far.csv").open()))
    assert [row["who"] for row in rows] == ["x", "y"]
    assert float(rows[0]["distance"]) == 0 < float(rows[1]["distance"])
    assert len(likeness("distance", "run", "--data", "pairs.csv").out.splitlines()) == 2


def test_a_metric_kept_alone_is_the_same_without_the_run(likeness: Likeness, place: Path) -> None:
    assert likeness("metric", "run", "--out", "alone", "--layers", "hidden1:0.5,hidden2").code == 0
    assert sorted(p.name for p in (place / "alone").iterdir()) == ["metric.json", "metric.safetensors"]
    whole = package.metric("run", layers={"hidden1": 0.5, "hidden2": 1.0})
    (place / "run").unlink()
    alone = package.metric("alone")
    a, b = alone.images(["a.npy"]), alone.images(["b.npy"])
    assert torch.equal(alone(a, b), whole(a, b))
    arrays = np.stack([np.load("a.npy"), np.load("b.npy")])
    assert torch.equal(alone.scaled(arrays), torch.cat([a, b]))
    assert "is there already" in likeness("metric", "alone", "--out", "alone").err


def test_a_metric_is_a_loss_in_two_lines(place: Path) -> None:
    metric = package.metric("run")
    x = metric.images(["a.npy"])
    made = torch.zeros_like(x, requires_grad=True)
    loss = metric(made, x).mean()
    loss.backward()
    assert made.grad is not None and float(made.grad.abs().sum()) > 0


REFUSED = [
    (["distance", "run", "a.npy"], "two images or a table of pairs are compared"),
    (["distance", "run", "a.npy", "b.npy", "--data", "pairs.csv"], "two images or a table"),
    (["distance", "run", "a.npy", "wide.npy"], "wide.npy is 3x6x9"),
    (["distance", "run", "a.npy", "nowhere.npy"], "there is no file nowhere.npy"),
    (["distance", "run", "a.npy", "b.npy", "--layers", "conv3"], "no layer 'conv3'"),
    (["distance", "run", "a.npy", "b.npy", "--layers", "hidden1:x"], "layers"),
    (["distance", "run", "--data", "columns.csv"], "names no pairs; give it columns a and b"),
    (["distance", "run", "--data", "blank.csv"], "has no two paths in line 3"),
    (["distance", "run", "--data", "nowhere.csv"], "nowhere.csv cannot be read"),
    (["distance", "nowhere", "a.npy", "b.npy"], "nowhere is not a run"),
    (["metric", "run"], "--out"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_compared_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    said = likeness(*words)
    assert said.code == 2 and message in said.err and said.err.count("\n") == 1


def test_a_run_without_a_discriminator_has_no_metric(likeness: Likeness, cells: Path, place: Path) -> None:
    from support.commands import TINY

    assert likeness("train", "ae", "plain", "--data", cells, *TINY).code == 0
    with pytest.raises(UserError, match="plain has no discriminator; train a method that has one"):
        package.metric("plain")


@pytest.mark.parametrize(
    ("key", "value"),
    [("shape", [3, 6]), ("net", {"name": "os"}), ("layers", 3), ("scaling", {}), ("shape", [1, 6, 5])],
)
def test_a_metric_that_was_tampered_with_is_refused(
    key: str, value: object, likeness: Likeness, place: Path
) -> None:
    likeness("metric", "run", "--out", "alone")
    document = json.loads((place / "alone" / "metric.json").read_text())
    (place / "alone" / "metric.json").write_text(json.dumps(document | {key: value}))
    with pytest.raises((RunError, UserError)):
        package.metric("alone")
    (place / "alone" / "metric.safetensors").write_bytes(b"no weights")
    (place / "alone" / "metric.json").write_text(json.dumps(document))
    with pytest.raises(RunError, match="holds no metric that can be read"):
        package.metric("alone")
