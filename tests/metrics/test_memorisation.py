"""Copies of training images are known as such."""

import pytest
import torch

from likeness.metrics.memorisation import Memorisation
from support.evaluation_data import evaluation_data, image_values


def test_copies_of_training_images_are_known_and_strangers_too() -> None:
    random = torch.Generator().manual_seed(2)
    training = torch.rand(60, 2, 4, 4, generator=random) * 2 - 1
    known = {"load_training_images": lambda: training}
    copies = image_values(
        Memorisation().measure(evaluation_data(sample_images=lambda n: training[:n], **known))
    )
    assert float(copies["nearest_training_image"].max()) < 1e-6
    fresh = torch.rand(40, 2, 4, 4, generator=random) * 2 - 1
    new = image_values(Memorisation().measure(evaluation_data(sample_images=lambda n: fresh, **known)))
    assert float(new["nearest_training_image"].mean()) == pytest.approx(1, abs=0.05)
    far = image_values(
        Memorisation().measure(evaluation_data(sample_images=lambda n: torch.ones(n, 2, 4, 4), **known))
    )
    assert float(far["nearest_training_image"].mean()) > 1.2


def test_without_training_images_nothing_is_known_of_copies() -> None:
    assert list(Memorisation().measure(evaluation_data())) == []


def test_samples_count_as_they_are_shown() -> None:
    """Beyond white is white."""
    white = {
        "load_training_images": lambda: torch.ones(3, 2, 4, 4),
        "sample_images": lambda n: torch.full((n, 2, 4, 4), 7.0),
    }
    assert (
        image_values(Memorisation().measure(evaluation_data(**white)))["nearest_training_image"].max() == 0
    )
