"""Copies of training images are known as such."""

import pytest
import torch

from likeness.metrics.memorisation import Memorisation
from support.evidence import evidence, per_image


def test_copies_of_training_images_are_known_and_strangers_too() -> None:
    random = torch.Generator().manual_seed(2)
    training = torch.rand(60, 2, 4, 4, generator=random) * 2 - 1
    known = {"training": lambda: training}
    copies = per_image(Memorisation().measure(evidence(sample=lambda n: training[:n], **known)))
    assert float(copies["nearest_training_image"].max()) < 1e-6
    fresh = torch.rand(40, 2, 4, 4, generator=random) * 2 - 1
    new = per_image(Memorisation().measure(evidence(sample=lambda n: fresh, **known)))
    assert float(new["nearest_training_image"].mean()) == pytest.approx(1, abs=0.05)
    far = per_image(Memorisation().measure(evidence(sample=lambda n: torch.ones(n, 2, 4, 4), **known)))
    assert float(far["nearest_training_image"].mean()) > 1.2


def test_without_training_images_nothing_is_known_of_copies() -> None:
    assert list(Memorisation().measure(evidence())) == []


def test_samples_count_as_they_are_shown() -> None:
    """Beyond white is white."""
    white = {"training": lambda: torch.ones(3, 2, 4, 4), "sample": lambda n: torch.full((n, 2, 4, 4), 7.0)}
    assert per_image(Memorisation().measure(evidence(**white)))["nearest_training_image"].max() == 0
