"""What a metric may look at, and what it finds where little is there."""

import dataclasses

import pytest
import torch

from likeness.metrics import classes, distributions, features, latents, memorisation, pixels, structure
from support.evidence import X, evidence

NEED = (classes, distributions, features, latents, memorisation, pixels, structure)
"""Metrics of what a method without an encoder, a judge and a feature space does not have."""


@pytest.mark.parametrize("metric", NEED, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_metric_that_lacks_what_it_needs_says_nothing_and_does_not_fail(metric: object) -> None:
    seen = dataclasses.replace(evidence(), reconstructions=None, codes=None, drawn=None)
    assert list(metric.measure(seen)) == []  # type: ignore[attr-defined]


def test_evidence_is_not_changed_by_a_metric_that_looks_at_it() -> None:
    seen = evidence()
    with pytest.raises(dataclasses.FrozenInstanceError):
        seen.images = X  # type: ignore[misc]


def test_two_models_share_no_judges_and_no_spaces() -> None:
    one, other = evidence(), evidence()
    assert one.judges is not other.judges and one.spaces is not other.spaces
    assert one.judges == one.spaces == {} and torch.equal(one.training(), other.training())
