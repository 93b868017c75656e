"""What likelihoods share: sums over values, scales, and which values they are for."""

import torch
from torch import distributions as D

from likeness.likelihoods import Bernoulli, Laplace, LearnedNormal, Normal
from support.values import MU, X, summed


def test_only_a_learned_likelihood_has_a_scale_to_learn() -> None:
    assert [l.scale(3) for l in (Normal(), Laplace(), Bernoulli())] == [None] * 3


def test_each_value_counts_with_its_weight() -> None:
    weight = torch.rand(X.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    expected = summed(weight * D.Laplace(MU, 1.0).log_prob(X))
    assert torch.allclose(Laplace().log_prob(X, MU, weight=weight), expected, rtol=1e-12)


def test_only_likelihoods_of_any_number_are_offered_for_features() -> None:
    assert [l.name for l in (Bernoulli, Laplace, LearnedNormal, Normal) if not l.is_unbounded] == [
        "bernoulli"
    ]
    far = torch.full((1, 2), 40.0)
    assert all(l.log_prob(far, -far).isfinite() for l in (Laplace(), Normal()))
    assert Bernoulli().log_prob(far, -far).isnan()
