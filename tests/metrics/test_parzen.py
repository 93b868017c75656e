"""Parzen windows against a second library."""

import math

import numpy as np
import pytest
import torch
from sklearn.neighbors import KernelDensity

from likeness.metrics import parzen
from likeness.metrics.parzen import Parzen
from support.evaluation_data import X, evaluation_data, image_values


def test_parzen_windows_are_those_of_scikit_learn_between_nought_and_one() -> None:
    samples, width = X[:25], 0.3
    flat = [((x + 1) / 2).flatten(1).numpy() for x in (samples, X[25:])]
    expected = KernelDensity(bandwidth=width).fit(flat[0]).score_samples(flat[1])
    assert np.allclose(parzen.parzen_log_likelihood(X[25:], samples, width), expected, rtol=1e-4)


def test_parzen_chooses_its_width_on_validation_images() -> None:
    repeated = X.repeat(parzen.SAMPLE_COUNT // len(X), 1, 1, 1)
    [(name, values)] = image_values(
        Parzen().measure(evaluation_data(sample_images=lambda n: repeated[:n]))
    ).items()
    assert name == "parzen_nats[width 0.063]"
    assert values.shape == (40,)


@pytest.mark.parametrize("width", [0.1, 1.0])
def test_an_image_that_is_the_only_sample_has_the_density_at_the_middle_of_a_window(width: float) -> None:
    expected = -32 * math.log(width * math.sqrt(2 * math.pi))
    assert parzen.parzen_log_likelihood(X[:1], X[:1], width).item() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("far", [0.1, 0.6])
def test_the_width_is_how_far_validation_images_are_from_samples(far: float) -> None:
    """Its maximum likelihood, where each pixel is as far from the only sample."""
    validation = torch.full((40, 2, 4, 4), 2 * far)
    made = evaluation_data(sample_images=lambda n: torch.zeros(n, 2, 4, 4), validation_images=validation)
    (name,) = image_values(Parzen().measure(made))
    width = float(name.removeprefix("parzen_nats[width ").removesuffix("]"))
    assert width == pytest.approx(far, rel=0.03)


def test_without_validation_images_no_width_can_be_chosen() -> None:
    assert (
        list(Parzen().measure(evaluation_data(validation_images=X[:0], validation_labels=torch.arange(0))))
        == []
    )
