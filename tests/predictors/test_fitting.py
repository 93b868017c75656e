"""Networks that read something off images: what they learn, and which weights are kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from likeness.data.augmentation import UNCHANGED
from likeness.data.dataset import Dataset, Split, load
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.predictors import fitting
from likeness.predictors.fitting import fit_predictor, new_predictor
from likeness.predictors.predictor import Classification, PredictorObjective, Regression
from likeness.shapes import Shape
from likeness.training.settings import TrainingSettings

LEARNING = TrainingSettings(steps=60, batch=32, lr=1e-3)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Two hundred images with one attribute, which says whether an image is bright."""
    random = np.random.default_rng(0)
    bright = random.integers(0, 2, 200)
    images = random.integers(0, 128, (200, 8, 8, 1)) + 127 * bright[:, None, None, None]
    np.savez(tmp_path / "marked.npz", images=images.astype(np.uint8), bright=bright)
    return load(DataSettings(data=str(tmp_path / "marked.npz")), 0)


@pytest.mark.parametrize("objective", [Classification(outputs=1), Regression(outputs=1)])
def test_attributes_are_learned(objective: PredictorObjective, dataset: Dataset) -> None:
    found = fit_predictor(objective, dataset, UNCHANGED, LEARNING, lambda progress: None)
    assert found.error is not None and found.error < 0.1, "chance is 0.5, and 1 of squared errors"


def test_the_weights_kept_are_those_with_the_least_error(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked at each step; looking changes neither the training nor the caller's random numbers."""
    monkeypatch.setattr(fitting, "VALIDATION_INTERVAL", 1)
    seen: list[float] = []
    measured = fitting._validation_error

    def watched(objective: PredictorObjective, network: nn.Module, split: Split, scaling: Scaling) -> float:
        error = measured(objective, network, split, scaling)
        assert error is not None
        seen.append(error)
        return error

    monkeypatch.setattr(fitting, "_validation_error", watched)
    torch.manual_seed(3)
    drawn = torch.rand(1)
    torch.manual_seed(3)
    found = fit_predictor(Classification(outputs=1), dataset, UNCHANGED, LEARNING, lambda progress: None)
    assert torch.equal(torch.rand(1), drawn)
    assert len(seen) == 60 and found.error == min(seen) and found.steps == 1 + seen.index(min(seen))
    split = dataset.validation
    again = measured(Classification(outputs=1), found.network, split, dataset.scaling)
    assert again == found.error


def test_without_validation_images_the_last_weights_are_kept(dataset: Dataset) -> None:
    """There is nothing to choose by, and no error to tell."""
    short = replace(LEARNING, steps=3)
    blind = replace(dataset, validation=dataset.validation.rows(np.array([], dtype=int)))
    found = fit_predictor(Classification(outputs=1), blind, UNCHANGED, short, lambda progress: None)
    assert (found.steps, found.error) == (3, None)
    assert not found.network.training


def test_images_that_do_not_fill_a_batch_are_refused(dataset: Dataset) -> None:
    with pytest.raises(UserError, match=r"160 train images do not fill a batch of 161; give more images"):
        fit_predictor(
            Classification(outputs=1),
            dataset,
            UNCHANGED,
            replace(LEARNING, batch=161),
            lambda progress: None,
        )


def test_a_network_for_weights_to_be_put_in_is_always_the_same_one() -> None:
    shape = Shape(1, 8, 8)
    first, again = (new_predictor(Regression(outputs=2), shape).state_dict() for _ in range(2))
    assert first.keys() == again.keys() and all(torch.equal(first[k], again[k]) for k in first)
