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
from support.evidence import X, evidence

NEED = (ClassError, Distributions, FeatureError, Latents, Memorisation, PixelError, Structure)
"""Metrics of what a method without an encoder, a judge and a feature space does not have."""


@pytest.mark.parametrize("metric", NEED)
def test_a_metric_that_lacks_what_it_needs_says_nothing_and_does_not_fail(metric: type[Metric]) -> None:
    seen = dataclasses.replace(evidence(), reconstructions=None, codes=None, drawn=None)
    assert list(metric().measure(seen)) == []


def test_evidence_is_not_changed_by_a_metric_that_looks_at_it() -> None:
    seen = evidence()
    with pytest.raises(dataclasses.FrozenInstanceError):
        seen.images = X  # type: ignore[misc]


def test_two_models_share_no_judges_and_no_spaces() -> None:
    one, other = evidence(), evidence()
    assert one.judges is not other.judges and one.spaces is not other.spaces
    assert one.judges == one.spaces == {} and torch.equal(one.training(), other.training())
