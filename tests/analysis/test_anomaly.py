"""Scores of odd images: the files they come in, who is odd, and what they are distances from."""

from dataclasses import replace
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest
import torch
from sklearn.metrics import roc_auc_score

from likeness.analysis.anomaly import NEIGHBOUR_COUNT, PIXELS, AnomalyScores, score_images
from likeness.errors import UserError
from likeness.losses import mean_squared_error
from likeness.models.codes import load_own_data
from likeness.runs.loading import load_metric
from likeness.shapes import UNLABELLED
from support.small_runs import Known, Models

LABELS = [0, 0, 1, 1, 2, UNLABELLED]


def made(names: tuple[str, ...] = ("cat", "dog", "owl")) -> AnomalyScores:
    """Scores of six images, the last without a label."""
    values = torch.tensor([0.5, 1.0, 2.0, 0.75, 3.0, 9.0])
    splits = ["train", "test", "train", "test", "train", "train"]
    return AnomalyScores(PIXELS, values, list("abcdef"), splits, torch.tensor(LABELS), names)


@pytest.mark.parametrize("odd", [["cat"], ["dog", "owl"]])
def test_odd_labels_are_told_from_the_others_as_scikit_learn_does(odd: list[str]) -> None:
    """Images without a label count for neither."""
    found = made().anomaly_auroc(odd)
    truth = [("cat", "dog", "owl")[k] in odd for k in LABELS[:5]]
    assert found.mean == pytest.approx(roc_auc_score(truth, made().values[:5].numpy()))
    assert found.images == 5


def test_labels_without_names_are_called_by_their_numbers() -> None:
    assert made(()).anomaly_auroc(["2"]) == made().anomaly_auroc(["owl"])
    with pytest.raises(UserError, match="no image has the label '7'; there are 0, 1, 2"):
        made(()).anomaly_auroc(["7"])


@pytest.mark.parametrize("odd", [["cat", "dog", "owl"], []])
def test_none_or_all_of_the_labels_cannot_be_odd(odd: list[str]) -> None:
    with pytest.raises(UserError, match="images of odd and of other labels are needed"):
        made().anomaly_auroc(odd)


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_row_of_the_table_says_all_of_an_image(tmp_path: Path, ending: str) -> None:
    read = {"parquet": pyarrow.parquet.read_table, "csv": pyarrow.csv.read_csv}[ending]
    table = read(made().write(tmp_path / f"scores.{ending}")).to_pydict()
    assert table["name"] == list("abcdef") and table["split"] == made().splits
    assert table["label"] == [0, 0, 1, 1, 2, None]
    assert table["score"] == made().values.tolist()


def test_a_table_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"ends neither in \.parquet nor in \.csv; choose another --out"):
        made().write(tmp_path / "scores.txt")


def test_images_a_model_was_trained_on_are_counted_in_its_own_data_alone(models: Models) -> None:
    """All of the training but the classes that were left out of it."""
    model = models(images=24, label_count=3, without=("2",)).model
    found = made(("0", "1", "2"))
    own = replace(found, own=True)
    assert own.training_image_count(model) == 3, "a, c and f; e has the label that was left out"
    assert found.training_image_count(model) == 0


@pytest.mark.parametrize("kind", ["features", "pixels"])
def test_a_score_is_the_distance_from_the_reconstruction(known: Known, kind: str) -> None:
    model, _, path, data = known
    found = score_images(
        model, str(path), str(data), by=None if kind == "features" else PIXELS, split="test"
    )
    test = load_own_data(model).test
    x = model.scaling.to_unit(test.images)
    again = model.reconstruct(x).clamp(-1, 1)
    expected = load_metric(path)(again, x) if kind == "features" else mean_squared_error(again, x)
    assert (found.kind, found.names, found.splits) == (kind, list(test.names), ["test"] * len(test))
    torch.testing.assert_close(found.values, expected, rtol=1e-4, atol=1e-6)
    assert found.labels.tolist() == test.labels.tolist()


def test_all_images_are_scored_where_no_split_is_named(known: Known) -> None:
    found = score_images(known.model, str(known.path), str(known.data), by=PIXELS)
    assert len(found.values) == 40 and set(found.splits) == {"train", "validation", "test"}


def test_a_run_without_a_discriminator_is_scored_by_pixels(models: Models) -> None:
    model, _, path, data = models()
    assert score_images(model, str(path), str(data), split="test").kind == PIXELS
    with pytest.raises(UserError, match="has no discriminator; train a method that has, such as vae_gan"):
        score_images(model, str(path), str(data), by=str(path), split="test")


def test_a_score_against_training_is_the_mean_distance_of_the_nearest(known: Known) -> None:
    model, _, path, data = known
    found = score_images(model, str(path), str(data), PIXELS, "test", "training")
    train, test = (
        model.scaling.to_unit(s.images) for s in (load_own_data(model).train, load_own_data(model).test)
    )
    for score, one in zip(found.values, test):
        nearest = mean_squared_error(train, one.expand_as(train)).sort().values[:NEIGHBOUR_COUNT]
        assert float(score) == pytest.approx(float(nearest.mean()), rel=1e-4)
