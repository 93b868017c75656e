"""How well images follow attributes, with a regressor that reads what it is made to read."""

from copy import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from likeness.analysis.attribute_fidelity import (
    ERROR_SAMPLES,
    SAMPLES_PER_IMAGE,
    cosine,
    image_fidelity,
    sample_fidelity,
)
from likeness.data.augmentation import UNCHANGED
from likeness.data.condition_kinds import BinaryCondition
from likeness.data.conditions import Conditions
from likeness.data.dataset import load
from likeness.data.settings import DataSettings
from likeness.models.autoencoder import Autoencoder
from likeness.predictors import regressor
from likeness.predictors.regressor import Regressor, RegressorInfo
from likeness.runs.loading import load_model
from support.small_runs import Models, trained

ASKED = torch.tensor([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
"""Attributes of three images."""


class Always(nn.Module):
    """Reads the same of every image."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.ones(len(x), 2)


class Corners(nn.Module):
    """Reads the first two pixels."""

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1)[:, :2]


def regressor_of(network: nn.Module) -> Regressor:
    """One of two attributes."""
    return Regressor(RegressorInfo(["dark", "striped"], [1, 6, 5], "", 0, 0.0), network)


def conditioned(models: Models) -> Autoencoder:
    """A model of two attributes, whose networks look at neither."""
    model = copy(models().model)
    model.conditions = Conditions((BinaryCondition("dark"), BinaryCondition("striped")))
    return model


def test_the_cosine_is_that_of_the_angle_between_rows() -> None:
    a, b = (
        torch.tensor([[1.0, 0.0], [2.0, 2.0], [0.5, -3.0]]),
        torch.tensor([[0.0, 5.0], [1.0, 1.0], [-1.0, 6.0]]),
    )
    torch.testing.assert_close(cosine(a, b), torch.tensor([0.0, 1.0, -1.0]))


def test_what_is_read_of_every_image_follows_those_that_ask_for_it(models: Models) -> None:
    """Errors of 0, 2 and 4 on average over attributes, and cosines of 1, 0 and -1, whatever the sample."""
    found = sample_fidelity(conditioned(models), regressor_of(Always()), ASKED)
    assert found.mse == pytest.approx((0 + 2 + 4) / 3)
    assert found.cosine.mean == pytest.approx(0, abs=1e-6) and found.cosine.images == 3
    assert found.spread == pytest.approx(0, abs=1e-6)


def test_the_best_of_some_samples_counts_and_errors_of_all_are_averaged(models: Models) -> None:
    model, wanted = conditioned(models), 2 * ASKED - 1
    samples = [
        model.decode(model.sample_codes(3, seed), ASKED).clamp(-1, 1).flatten(1)[:, :2]
        for seed in range(ERROR_SAMPLES)
    ]
    errors = torch.stack([(read - wanted).square().mean() for read in samples])
    best = torch.stack([cosine(read, wanted) for read in samples[:SAMPLES_PER_IMAGE]]).amax(0)
    found = sample_fidelity(model, regressor_of(Corners()), ASKED)
    assert found.cosine.mean == pytest.approx(float(best.mean()), abs=1e-5)
    assert (found.mse, found.spread) == pytest.approx((float(errors.mean()), float(errors.std())), rel=1e-4)


def test_images_themselves_are_read_once(models: Models) -> None:
    x = torch.zeros(3, 1, 6, 5)
    x[:, 0, 0, 0], x[:, 0, 0, 1] = torch.tensor([1.0, -1.0, 1.0]), torch.tensor([1.0, 1.0, 1.0])
    found = image_fidelity(regressor_of(Corners()), x, ASKED)
    assert found.mse == pytest.approx((0 + 0 + 4) / 3)
    assert found.cosine.mean == pytest.approx((1 + 1 - 1) / 3)
    assert found.spread == 0


NAMES = ("a", "b", "c")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Forty images with three attributes; regressors train a moment."""
    monkeypatch.setattr(regressor, "STEPS", 4)
    monkeypatch.setattr(regressor, "BATCH_SIZE", 8)
    random = np.random.default_rng(0)
    a, b, c = random.integers(0, 2, (3, 40))
    images = random.integers(0, 255, (40, 4, 4, 1), np.uint8)
    np.savez(tmp_path / "marked.npz", images=images, a=a, b=b, c=c)
    return str(tmp_path / "marked.npz")


def test_what_is_measured_is_cosine_of_the_best_and_the_mean_error(data: str, tmp_path: Path) -> None:
    """Computed once more with NumPy from the images themselves."""
    trained(tmp_path / "run", data, "vae", condition=NAMES)
    model = load_model(tmp_path / "run")
    dataset = load(DataSettings(data=data), 0).with_attributes(NAMES)
    with torch.no_grad():  # so that codes make a difference
        for parameter in model.nets["decoder"].parameters():
            parameter.mul_(100)
    reader = regressor.regressor(tmp_path / "regressor", dataset, UNCHANGED, lambda p: None)
    assert dataset.test.attributes is not None
    attributes = torch.from_numpy(dataset.test.attributes)
    wanted = 2 * attributes.numpy() - 1
    reads = [
        reader.predict(model.decode(model.sample_codes(len(wanted), k), attributes)).numpy()
        for k in range(ERROR_SAMPLES)
    ]
    angles = [(r * wanted).sum(1) / np.linalg.norm(r, axis=1) / 3**0.5 for r in reads]
    errors = [((r - wanted) ** 2).mean() for r in reads]
    found = sample_fidelity(model, reader, attributes)
    assert found.cosine.mean == pytest.approx(np.max(angles[:SAMPLES_PER_IMAGE], 0).mean(), rel=1e-4)
    assert found.mse == pytest.approx(np.mean(errors), rel=1e-4)
    assert found.spread > 1e-4 and found.spread == pytest.approx(np.std(errors, ddof=1), rel=5e-3)


def test_a_perfect_reader_of_perfect_images_reads_what_was_asked_for() -> None:
    reader = Regressor(RegressorInfo(["a", "b"], [1, 1, 2], "", 1, 0.0), torch.nn.Flatten())
    attributes = torch.tensor([[0.0, 1.0], [1.0, 1.0]])
    found = image_fidelity(reader, (2 * attributes - 1)[:, None, None], attributes)
    assert (found.cosine.mean, found.mse) == (pytest.approx(1.0), 0.0)
    assert cosine(torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0, 1.0]])).item() == pytest.approx(0.5**0.5)
