"""Likelihoods against torch.distributions, in float64, up to the constants they leave out."""

import math
from typing import Literal

import pytest
import torch
from torch import Tensor
from torch import distributions as D

from likeness.likelihoods import Bernoulli, Laplace, LearnedNormal, Normal, Scale

X, MU = torch.rand(2, 4, 3, 5, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 2 - 1
SIZE = X[0].numel()
TWO_PI = 0.5 * math.log(2 * math.pi)
Per = Literal["image", "channel"]


def summed(values: Tensor) -> Tensor:
    """Per sample."""
    return values.flatten(1).sum(1)


def learned(per: Per) -> tuple[LearnedNormal, Scale]:
    """A likelihood whose scale is learned, and that scale, of three channels."""
    likelihood = LearnedNormal(per=per)
    scale = likelihood.scale(3).double()
    assert isinstance(scale, Scale)
    return likelihood, scale


@pytest.mark.parametrize("variance", [1.0, 0.07, 4.0])
def test_normal_is_that_of_torch_without_log_two_pi(variance: float) -> None:
    expected = summed(D.Normal(MU, math.sqrt(variance)).log_prob(X)) + SIZE * TWO_PI
    assert torch.allclose(Normal(variance=variance).log_prob(X, MU), expected, rtol=1e-12)


@pytest.mark.parametrize("width", [1.0, 0.3])
def test_laplace_is_that_of_torch(width: float) -> None:
    expected = summed(D.Laplace(MU, width).log_prob(X))
    assert torch.allclose(Laplace(width=width).log_prob(X, MU), expected, rtol=1e-12)


def test_bernoulli_is_that_of_torch_between_nought_and_one() -> None:
    t, p = (X + 1) / 2, (MU + 1) / 2
    expected = summed(D.Bernoulli(p, validate_args=False).log_prob(t))
    assert torch.allclose(Bernoulli().log_prob(X, MU), expected, rtol=1e-4)


def test_bernoulli_is_finite_where_the_decoder_has_saturated() -> None:
    wrong = Bernoulli().log_prob(torch.ones(1, 1, 1, 1), -torch.ones(1, 1, 1, 1))
    assert torch.isfinite(wrong).all() and wrong < -10


@pytest.mark.parametrize(("per", "channels"), [("image", 1), ("channel", 3)])
def test_a_learned_normal_is_that_of_torch_with_the_scale_it_learned(per: Per, channels: int) -> None:
    likelihood, scale = learned(per)
    assert scale.raw.shape == (channels,)
    with torch.no_grad():
        scale.raw.copy_(torch.linspace(-0.05, 0.08, channels))
    std = torch.exp(0.5 * scale.log_variance).view(1, -1, 1, 1)
    expected = summed(D.Normal(MU, std.expand_as(MU)).log_prob(X)) + SIZE * TWO_PI
    assert torch.allclose(likelihood.log_prob(X, MU, scale), expected, rtol=1e-12)


@pytest.mark.parametrize("per", ["image", "channel"])
def test_the_best_learned_variance_is_the_mean_squared_error(per: Per) -> None:
    likelihood, scale = learned(per)
    dims = (0, 2, 3) if per == "channel" else (0, 1, 2, 3)
    best = ((X - MU) ** 2).mean(dims).reshape(-1)
    with torch.no_grad():
        scale.raw.copy_(best.log() / Scale.SPEED)
    likelihood.log_prob(X, MU, scale).sum().backward()
    assert scale.raw.grad is not None
    assert scale.raw.grad.abs().max() < 1e-10


def test_only_a_learned_likelihood_has_a_scale_to_learn() -> None:
    assert [l.scale(3) for l in (Normal(), Laplace(), Bernoulli())] == [None] * 3
