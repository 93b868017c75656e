"""The area under the ROC curve against a second library, and its interval against a known truth."""

import pytest
import torch
from scipy.stats import mannwhitneyu

from likeness.metrics import auroc


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
