"""A learned variance: what it is a likelihood of, and which is the best."""

from typing import Literal

import pytest
import torch
from torch import distributions as D

from likeness.likelihoods import LearnedNormal, Scale
from support.values import MU, SIZE, TWO_PI, X, summed

Per = Literal["image", "channel"]


def learned(per: Per) -> tuple[LearnedNormal, Scale]:
    """A likelihood whose scale is learned, and that scale, of three channels."""
    likelihood = LearnedNormal(per=per)
    scale = likelihood.scale(3).double()
    assert isinstance(scale, Scale)
    return likelihood, scale


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
        scale.raw.copy_(best.log() / Scale.RATE_FACTOR)
    likelihood.log_prob(X, MU, scale).sum().backward()
    assert scale.raw.grad is not None
    assert scale.raw.grad.abs().max() < 1e-10
