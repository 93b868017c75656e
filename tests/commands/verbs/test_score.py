"""`likeness score`: how odd images are, as a user has it."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv
import pyarrow.parquet
import pytest
import torch

import likeness as package
from likeness.analysis import anomaly
from likeness.data.batches import whole
from likeness.losses import mean_squared_error
from likeness.runs.run import Run
from support.commands import DIGITS, TINY, Likeness, done, refused


def table(file: Path) -> dict[str, list[Any]]:
    """The columns of a table."""
    read = pyarrow.parquet.read_table if file.suffix == ".parquet" else pyarrow.csv.read_csv
    return read(file).to_pydict()


def test_scores_are_the_distance_from_the_reconstruction(
    likeness: Likeness, run: Path, cells: Path, tmp_path: Path
) -> None:
    said = done(likeness("score", run, cells, "--out", tmp_path / "s.parquet", "--anomalous", "1,2"))
    assert said.out.startswith("scores by features") and "AUROC 0." in said.out
    found = table(tmp_path / "s.parquet")
    assert sorted(found) == ["label", "name", "score", "split"] and len(found["score"]) == 40
    row = found["name"].index("cells.npz[7]")
    model, metric = package.load(run), package.metric(run)
    x = metric.scale(np.load(cells)["images"][7:8])
    expected = float(metric(model.reconstruct(x).clamp(-1, 1), x))
    assert found["score"][row] == pytest.approx(expected, rel=1e-4)
    assert found["label"][row] == 7 % 4


def test_a_run_without_a_discriminator_scores_by_pixels_or_by_anothers_features(
    likeness: Likeness, run: Path, cells: Path, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    done(likeness("train", "ae", plain, "--data", cells, *TINY))
    assert "scores by pixels" in done(likeness("score", plain, cells, "--out", tmp_path / "p.csv")).out
    found = table(tmp_path / "p.csv")
    model = package.load(plain)
    row = found["name"].index("cells.npz[3]")
    x = model.scaling.to_unit(np.load(cells)["images"][3:4])
    assert found["score"][row] == pytest.approx(float(((model.reconstruct(x) - x) ** 2).mean()), rel=1e-4)
    words = ["score", plain, cells, "--metric", run, "--out", tmp_path / "f.csv"]
    assert "scores by features" in done(likeness(*words)).out


def test_scores_against_training_are_distances_of_the_nearest_training_images(
    likeness: Likeness, run: Path, cells: Path, tmp_path: Path
) -> None:
    """Each image, computed once more pair by pair; a training image is its own nearest."""
    model, learned = package.load(run), package.metric(run)
    known = whole(model.training_data.load().train, model.scaling).x
    every = model.scaling.to_unit(np.load(cells)["images"])
    words = ["score", run, cells, "--against", "training", "--out", tmp_path / "s.csv"]
    for metric, far in (("pixels", mean_squared_error), (str(run), learned.distances)):
        done(likeness(*words, "--metric", metric))
        found = table(tmp_path / "s.csv")
        assert len(found["name"]) == 40
        for name, split, score in zip(found["name"], found["split"], found["score"]):
            x = every[int(name.partition("[")[2].rstrip("]"))]
            apart = far(known, x.expand_as(known)).sort().values[:5]
            assert score == pytest.approx(float(apart.mean()), rel=1e-3, abs=1e-6)
            assert (float(apart[0]) < 1e-9) == (split == "train")


def test_scores_of_a_split_and_in_pixels_and_those_that_were_trained_on(
    likeness: Likeness, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    done(likeness("train", "vae_gan", run, *DIGITS, "--without", "1"))
    words = ["score", run, "digits", "--anomalous", "1", "--out", tmp_path / "s.csv"]
    said = done(likeness(*words))
    assert "1,797 images" in said.out
    trained = package.load(run)
    found = anomaly.score_images(trained, str(run), "digits")
    assert found.training_image_count(trained) == Run(run).data()["images"]["train"]
    assert f"warning: {found.training_image_count(trained):,} of these images were trained on" in said.out
    test = done(likeness(*words, "--split", "test", "--metric", "pixels"))
    assert "scores by pixels" in test.out and "180 images" in test.out and "warning" not in test.out


def test_images_are_scored_with_the_attributes_that_they_have(likeness: Likeness, marked: Path) -> None:
    done(likeness("score", "vae_gan", "marked.npz", "--metric", "pixels", "--out", "s.csv"))
    found, data, model = table(Path("s.csv")), np.load("marked.npz"), package.load("vae_gan")
    row = found["name"].index("marked.npz[11]")
    x = model.scaling.to_unit(data["images"][11:12])
    given = torch.tensor([[float(data["dark"][11]), float(data["striped"][11])]])
    error = float((model.reconstruct(x, given) - x).square().mean())
    assert len(found["score"]) == 200 and found["score"][row] == pytest.approx(error, rel=1e-4)


REFUSED = [
    (["--anomalous", "7"], "no image has the label '7'; there are 0, 1, 2, 3"),
    (["--anomalous", "0,1,2,3"], "images of odd and of other labels are needed"),
    (["--out", "scores.txt"], "scores.txt ends neither in .parquet nor in .csv"),
    (["--out", "no/such.csv"], "choose another --out"),
    (["--metric", "nowhere"], "nowhere is not a run"),
    (["--against", "training", "--metric", "gan"], "this metric compares (1, 8, 8)"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_scored_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    said = likeness("score", "run", "cells.npz", *words)
    assert said.code == 2 and message in said.err and said.err.count("\n") == 1


def test_data_of_another_shape_are_not_scored(likeness: Likeness, run: Path) -> None:
    assert "this model was trained on (3, 6, 5) uint16" in refused(likeness("score", run, "digits"))
