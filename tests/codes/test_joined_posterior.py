"""Whole codes of a style and of what stands beside it."""

import torch

from likeness.codes._joined_posterior import JoinedPosterior
from likeness.noise import SeededNoise
from likeness.posteriors import DiagonalNormal
from likeness.priors import Normal

STYLE = DiagonalNormal(torch.tensor([[1.0, 2.0]]), torch.tensor([[0.0, -1.0]]))


def beside(z: torch.Tensor) -> torch.Tensor:
    """A style with a class before it."""
    return torch.cat([torch.tensor([[0.0, 1.0, 0.0]]), z], 1)


def test_mean_and_draws_are_joined_and_the_uncertainty_is_that_of_the_style() -> None:
    whole = JoinedPosterior(STYLE, beside)
    assert whole.mean.tolist() == [[0, 1, 0, 1, 2]]
    assert torch.equal(whole.sample(3), beside(STYLE.sample(3)))
    assert torch.equal(whole.sample(SeededNoise((4,))), beside(STYLE.sample(SeededNoise((4,)))))
    assert whole.log_variance is STYLE.log_variance
    assert torch.equal(whole.kl(Normal()), STYLE.kl(Normal()))
