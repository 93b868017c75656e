"""The normal likelihood against torch.distributions."""

import math

import pytest
import torch
from torch import distributions as D

from likeness.likelihoods import Normal
from support.values import MU, SIZE, TWO_PI, X, summed


@pytest.mark.parametrize("variance", [1.0, 0.07, 4.0])
def test_normal_is_that_of_torch_without_log_two_pi(variance: float) -> None:
    expected = summed(D.Normal(MU, math.sqrt(variance)).log_prob(X)) + SIZE * TWO_PI
    assert torch.allclose(Normal(variance=variance).log_prob(X, MU), expected, rtol=1e-12)
