"""Scores of odd images, as a user has them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet
import pytest
import torch
from scipy.stats import mannwhitneyu

import likeness as package
from likeness.data.batches import whole
from likeness.data.dataset import load
from likeness.losses import mean_squared_error
from likeness.metrics import auroc
from support.commands import TINY, Said

Likeness = Callable[..., Said]


def test_the_area_is_that_of_mann_and_whitney_and_ties_count_half() -> None:
    scores = torch.tensor([1.0, 2.0, 2.0, 3.0, 4.0, 2.0, 0.5])
    odd = torch.tensor([False, True, False, True, True, False, False])
    found = auroc(scores, odd)
    expected = mannwhitneyu(scores[odd], scores[~odd]).statistic / (3 * 4)
    assert found.mean == pytest.approx(expected) == pytest.approx(11 / 12)
    assert found.low <= found.mean <= found.high <= 1 and found.images == 7


def test_the_interval_of_the_area_covers_the_truth_about_as_often_as_it_says() -> None:
    """The area of two normals a standard deviation apart is known."""
    truth = float(torch.distributions.Normal(0.0, 1.0).cdf(torch.tensor(0.5**0.5)))
    odd, covered = torch.arange(120) < 40, 0
    for seed in range(12):
        scores = torch.randn(120, generator=torch.Generator().manual_seed(seed)) + odd.float()
        found = auroc(scores, odd)
        covered += found.low <= truth <= found.high
    assert covered >= 9


def test_scores_are_the_distance_from_the_reconstruction(
    likeness: Likeness, run: Path, cells: Path, tmp_path: Path
) -> None:
    said = likeness("score", run, cells, "--out", tmp_path / "s.parquet", "--odd", "1,2")
    assert said.code == 0 and said.out.startswith("scores by features") and "AUROC 0." in said.out
    table = pyarrow.parquet.read_table(tmp_path / "s.parquet").to_pydict()
    assert sorted(table) == ["label", "name", "score", "split"] and len(table["score"]) == 40
    row = table["name"].index("cells.npz[7]")
    model, metric = package.load(run), package.metric(run)
    x = metric.scaled(np.load(cells)["images"][7:8])
    expected = float(metric(model.reconstruct(x).clamp(-1, 1), x))
    assert table["score"][row] == pytest.approx(expected, rel=1e-4)
    assert table["label"][row] == 7 % 4


def test_a_run_without_a_discriminator_scores_by_pixels_or_by_anothers_features(
    likeness: Likeness, run: Path, cells: Path, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    assert likeness("train", "ae", plain, "--data", cells, *TINY).code == 0
    assert "scores by pixels" in likeness("score", plain, cells, "--out", tmp_path / "p.csv").out
    table = pyarrow.csv.read_csv(tmp_path / "p.csv").to_pydict()
    model = package.load(plain)
    row = table["name"].index("cells.npz[3]")
    x = model.scaling.to_unit(np.load(cells)["images"][3:4])
    assert table["score"][row] == pytest.approx(float(((model.reconstruct(x) - x) ** 2).mean()), rel=1e-4)
    words = ["score", plain, cells, "--metric", run, "--out", tmp_path / "f.csv"]
    assert "scores by features" in likeness(*words).out


def test_scores_against_training_are_distances_of_the_nearest_training_images(
    likeness: Likeness, run: Path, cells: Path, tmp_path: Path
) -> None:
    """Each image, computed once more pair by pair; a training image is its own nearest."""
    model, learned = package.load(run), package.metric(run)
    known = whole(load(model.config.data, model.config.training.seed).train, model.scaling).x
    every = model.scaling.to_unit(np.load(cells)["images"])
    words = ["score", run, cells, "--against", "training", "--out", tmp_path / "s.csv"]
    for metric, far in (("pixels", mean_squared_error), (str(run), learned.measured)):
        assert likeness(*words, "--metric", metric).code == 0
        table = pyarrow.csv.read_csv(tmp_path / "s.csv").to_pydict()
        for name, split, score in zip(table["name"], table["split"], table["score"]):
            x = every[int(name.partition("[")[2].rstrip("]"))]
            apart = far(known, x.expand_as(known)).sort().values[:5]
            assert score == pytest.approx(float(apart.mean()), rel=1e-3, abs=1e-6)
            assert (float(apart[0]) < 1e-9) == (split == "train")


def test_a_metric_of_another_shape_is_refused_against_training_too(
    likeness: Likeness, run: Path, gan: Path, cells: Path, tmp_path: Path
) -> None:
    words = ["score", run, cells, "--against", "training", "--metric", gan, "--out", tmp_path / "s.csv"]
    said = likeness(*words)
    assert said.code == 2 and "this metric compares (1, 8, 8)" in said.err and said.err.count("\n") == 1


REFUSED = [
    (["--odd", "7"], "no image has the label '7'; there are 0, 1, 2, 3"),
    (["--odd", "0,1,2,3"], "images of odd and of other labels are needed"),
    (["--out", "scores.txt"], "ends neither in .parquet nor in .csv"),
    (["--out", "no/such.csv"], "choose another --out"),
    (["--metric", "nowhere"], "nowhere is not a run"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_scored_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, run: Path, cells: Path,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    said = likeness("score", run, cells, *words)
    assert said.code == 2 and message in said.err and said.err.count("\n") == 1


def test_data_of_another_shape_are_not_scored(likeness: Likeness, run: Path) -> None:
    assert "this model was trained on (3, 6, 5) uint16" in likeness("score", run, "digits").err
