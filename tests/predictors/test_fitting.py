"""Networks that read something off images: what they learn, and which weights are kept."""

from pathlib import Path

import numpy as np
import pytest
import torch

from likeness.data.dataset import Dataset, load
from likeness.data.settings import DataSettings
from likeness.predictors import fitting
from likeness.predictors.fitting import taught
from likeness.predictors.predictor import Reading, Recognition, Regression
from likeness.training.settings import TrainingSettings

LEARNING = TrainingSettings(steps=60, batch=32, lr=1e-3)


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """Two hundred images with one attribute, which says whether an image is bright."""
    monkeypatch.setenv("LIKENESS_CACHE", str(tmp_path / "cache"))
    random = np.random.default_rng(0)
    bright = random.integers(0, 2, 200)
    images = random.integers(0, 128, (200, 8, 8, 1)) + 127 * bright[:, None, None, None]
    np.savez(tmp_path / "marked.npz", images=images.astype(np.uint8), bright=bright)
    return load(DataSettings(data=str(tmp_path / "marked.npz")), 0)


@pytest.mark.parametrize("objective", [Recognition(outputs=1), Regression(outputs=1)])
def test_attributes_are_learned(objective: Reading, dataset: Dataset) -> None:
    found = taught(objective, dataset, False, LEARNING, lambda progress: None)
    assert found.error is not None and found.error < 0.1, "chance is 0.5, and 1 of squared errors"


def test_the_weights_kept_are_those_with_the_least_error(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked at each step; looking changes neither the training nor the caller's random numbers."""
    monkeypatch.setattr(fitting, "CHOSEN_EVERY", 1)
    seen: list[float] = []
    measured = fitting._error
    monkeypatch.setattr(fitting, "_error", lambda *given: seen.append(e := measured(*given)) or e)
    torch.manual_seed(3)
    drawn = torch.rand(1)
    torch.manual_seed(3)
    found = taught(Recognition(outputs=1), dataset, False, LEARNING, lambda progress: None)
    assert torch.equal(torch.rand(1), drawn)
    assert len(seen) == 60 and found.error == min(seen) and found.steps == 1 + seen.index(min(seen))
    split = dataset.validation
    again = measured(Recognition(outputs=1), found.network, split, dataset.scaling)
    assert again == found.error
