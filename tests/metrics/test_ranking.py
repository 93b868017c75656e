"""How well a score ranks odd images, against scikit-learn."""

import pytest
import torch
from scipy.stats import mannwhitneyu
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


def test_the_area_is_that_of_mann_and_whitney_and_ties_count_half() -> None:
    scores = torch.tensor([1.0, 2.0, 2.0, 3.0, 4.0, 2.0, 0.5])
    odd = torch.tensor([False, True, False, True, True, False, False])
    found = auroc(scores, odd)
    expected = mannwhitneyu(scores[odd], scores[~odd]).statistic / (3 * 4)
    assert found.mean == pytest.approx(expected) == pytest.approx(11 / 12)
    assert found.low <= found.mean <= found.high <= 1 and found.images == 7


def test_the_interval_of_the_area_covers_the_truth_about_as_often_as_it_says() -> None:
    """The area of two normals a standard deviation apart is known."""
    truth = float(torch.distributions.Normal(0.0, 1.0).cdf(torch.tensor(0.5**0.5)))
    odd, covered = torch.arange(120) < 40, 0
    for seed in range(12):
        scores = torch.randn(120, generator=torch.Generator().manual_seed(seed)) + odd.float()
        found = auroc(scores, odd)
        covered += found.low <= truth <= found.high
    assert covered >= 9
