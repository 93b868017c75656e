"""How well a score ranks odd images, against scikit-learn."""

import pytest
import torch
from sklearn.metrics import roc_auc_score

from likeness.metrics import auroc

RANDOM = torch.Generator().manual_seed(0)
ODD = torch.rand(80, generator=RANDOM) < 0.3
SCORES = (torch.randn(80, generator=RANDOM) + ODD.float()).round(decimals=1)
"""Of which many are equal."""


def test_the_area_is_that_of_scikit_learn_ties_among_them() -> None:
    assert len(SCORES.unique()) < 60
    assert auroc(SCORES, ODD).mean == pytest.approx(roc_auc_score(ODD, SCORES), abs=1e-12)


def test_a_score_turned_round_has_the_rest_of_the_area() -> None:
    assert auroc(-SCORES, ODD).mean == pytest.approx(1 - auroc(SCORES, ODD).mean, abs=1e-12)


def test_a_score_without_an_error_has_an_interval_without_width() -> None:
    assert auroc(ODD.float(), ODD) == (1, 1, 1, 80)


def test_a_score_that_says_nothing_has_half_of_the_area() -> None:
    assert auroc(torch.zeros(80), ODD)[:3] == (0.5, 0.5, 0.5)


def test_the_order_alone_counts() -> None:
    assert auroc(SCORES.exp(), ODD) == auroc(SCORES, ODD)


def test_more_images_make_the_interval_narrower() -> None:
    few, many = (auroc(SCORES.repeat(n), ODD.repeat(n)) for n in (1, 16))
    assert many.mean == pytest.approx(few.mean)
    assert many.high - many.low == pytest.approx((few.high - few.low) / 4, rel=0.3)
