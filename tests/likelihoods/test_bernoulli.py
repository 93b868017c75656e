"""The Bernoulli likelihood against torch.distributions, and where it is finite."""

import torch
from torch import distributions as D

from likeness.likelihoods import Bernoulli
from support.values import MU, X, summed


def test_bernoulli_is_that_of_torch_between_nought_and_one() -> None:
    t, p = (X + 1) / 2, (MU + 1) / 2
    expected = summed(D.Bernoulli(p, validate_args=False).log_prob(t))
    assert torch.allclose(Bernoulli().log_prob(X, MU), expected, rtol=1e-4)


def test_bernoulli_is_finite_where_the_decoder_has_saturated() -> None:
    wrong = Bernoulli().log_prob(torch.ones(1, 1, 1, 1), -torch.ones(1, 1, 1, 1))
    assert torch.isfinite(wrong).all() and wrong < -10
