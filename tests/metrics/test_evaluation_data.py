"""What a metric may look at, and what it finds where little is there."""

import dataclasses

import pytest
import torch

from likeness.metrics import Metric
from likeness.metrics.classes import ClassError
from likeness.metrics.distributions import Distributions
from likeness.metrics.features import FeatureError
from likeness.metrics.latents import Latents
from likeness.metrics.memorisation import Memorisation
from likeness.metrics.pixels import PixelError
from likeness.metrics.structure import Structure
from support.evaluation_data import X, evaluation_data

NEED = (ClassError, Distributions, FeatureError, Latents, Memorisation, PixelError, Structure)
"""Metrics of what a method without an encoder, a judge and a feature space does not have."""


@pytest.mark.parametrize("metric", NEED)
def test_a_metric_that_lacks_what_it_needs_says_nothing_and_does_not_fail(metric: type[Metric]) -> None:
    seen = dataclasses.replace(evaluation_data(), reconstructions=None, codes=None, sampled_codes=None)
    assert list(metric().measure(seen)) == []


def test_evaluation_data_are_not_changed_by_a_metric() -> None:
    seen = evaluation_data()
    with pytest.raises(dataclasses.FrozenInstanceError):
        seen.images = X  # type: ignore[misc]


def test_two_models_share_no_judges_and_no_spaces() -> None:
    one, other = evaluation_data(), evaluation_data()
    assert one.discriminators is not other.discriminators and one.feature_spaces is not other.feature_spaces
    assert one.discriminators == one.feature_spaces == {} and torch.equal(
        one.load_training_images(), other.load_training_images()
    )
