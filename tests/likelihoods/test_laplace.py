"""The Laplace likelihood against torch.distributions."""

import pytest
import torch
from torch import distributions as D

from likeness.likelihoods import Laplace
from support.values import MU, X, summed


@pytest.mark.parametrize("width", [1.0, 0.3])
def test_laplace_is_that_of_torch(width: float) -> None:
    expected = summed(D.Laplace(MU, width).log_prob(X))
    assert torch.allclose(Laplace(width=width).log_prob(X, MU), expected, rtol=1e-12)
