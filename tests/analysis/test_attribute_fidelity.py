"""How well images follow attributes, with a regressor that reads what it is made to read."""

import pytest
import torch
from torch import Tensor, nn

from likeness.analysis.attribute_fidelity import BEST_OF, RUNS, cosine, followed, read_off
from likeness.predictors.regressor import About, Regressor
from support.small_runs import Models

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


def regressor(network: nn.Module) -> Regressor:
    """One of two attributes."""
    return Regressor(About(["dark", "striped"], [1, 6, 5], "", 0, 0.0), network)


def test_the_cosine_is_that_of_the_angle_between_rows() -> None:
    a, b = (
        torch.tensor([[1.0, 0.0], [2.0, 2.0], [0.5, -3.0]]),
        torch.tensor([[0.0, 5.0], [1.0, 1.0], [-1.0, 6.0]]),
    )
    torch.testing.assert_close(cosine(a, b), torch.tensor([0.0, 1.0, -1.0]))


def test_what_is_read_of_every_image_follows_those_that_ask_for_it(models: Models) -> None:
    """Errors of 0, 2 and 4 on average over attributes, and cosines of 1, 0 and -1, whatever the sample."""
    found = followed(models().model, regressor(Always()), ASKED)
    assert found.mse == pytest.approx((0 + 2 + 4) / 3)
    assert found.cosine.mean == pytest.approx(0, abs=1e-6) and found.cosine.images == 3
    assert found.spread == pytest.approx(0, abs=1e-6)


def test_the_best_of_some_samples_counts_and_errors_of_all_are_averaged(models: Models) -> None:
    model, wanted = models().model, 2 * ASKED - 1
    samples = [
        model.decode(model.codes(3, seed), ASKED).clamp(-1, 1).flatten(1)[:, :2] for seed in range(RUNS)
    ]
    errors = torch.stack([(read - wanted).square().mean() for read in samples])
    best = torch.stack([cosine(read, wanted) for read in samples[:BEST_OF]]).amax(0)
    found = followed(model, regressor(Corners()), ASKED)
    assert found.cosine.mean == pytest.approx(float(best.mean()), abs=1e-5)
    assert (found.mse, found.spread) == pytest.approx((float(errors.mean()), float(errors.std())), rel=1e-4)


def test_images_themselves_are_read_once(models: Models) -> None:
    x = torch.zeros(3, 1, 6, 5)
    x[:, 0, 0, 0], x[:, 0, 0, 1] = torch.tensor([1.0, -1.0, 1.0]), torch.tensor([1.0, 1.0, 1.0])
    found = read_off(regressor(Corners()), x, ASKED)
    assert found.mse == pytest.approx((0 + 0 + 4) / 3)
    assert found.cosine.mean == pytest.approx((1 + 1 - 1) / 3)
    assert found.spread == 0
