"""Diagonal Gaussians against torch.distributions and their own samples."""

import torch
from torch import distributions as D

from likeness.noise import SeededNoise
from likeness.posteriors import DiagonalNormal
from likeness.priors import Normal, Petals

NOISE = SeededNoise((0,))


def random_normal() -> DiagonalNormal:
    """A diagonal Gaussian of 7 codes of 4 dimensions."""
    mean, log_variance = torch.randn(
        2, 7, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64
    )
    return DiagonalNormal(mean, log_variance)


def test_the_divergence_is_that_of_torch() -> None:
    q = random_normal()
    for std in (1.0, 5.0, 0.2):
        torch_q = D.Normal(q.mean, torch.exp(0.5 * q.log_variance))
        expected = D.kl_divergence(torch_q, D.Normal(torch.zeros(7, 4).double(), std)).sum(1)
        assert torch.allclose(q.kl(Normal(std=std)), expected, rtol=1e-12)


def test_the_divergence_from_the_prior_itself_is_nought() -> None:
    q = DiagonalNormal(torch.zeros(3, 2), torch.zeros(3, 2))
    assert torch.equal(q.kl(Normal()), torch.zeros(3))


def test_samples_have_the_mean_and_variance_they_should() -> None:
    q = random_normal()
    samples = torch.stack([q.sample(NOISE.of(str(k))) for k in range(20_000)])
    std = torch.exp(0.5 * q.log_variance)
    assert ((samples.mean(0) - q.mean) / std).abs().max() < 0.04
    assert (samples.std(0) / std - 1).abs().max() < 0.04


def test_the_divergence_from_petals_is_the_mean_of_what_is_drawn() -> None:
    """Against the integral over the plane, of a broad q and of one within a petal."""
    prior = Petals(petals=3, along=0.6, across=0.4)
    mean, log_variance = torch.tensor([[0.3, -0.2], [1.4, 0.0]]), torch.tensor([[0.5, -1.0], [-3.0, -3.0]])
    q = DiagonalNormal(mean.double(), log_variance.double())
    side = torch.linspace(-9, 9, 601, dtype=torch.float64)
    plane, cell = torch.cartesian_prod(side, side), float(side[1] - side[0]) ** 2
    log_p = prior.log_prob(plane)
    assert abs(float(log_p.exp().sum()) * cell - 1) < 1e-6
    many = DiagonalNormal(*(part.repeat(40_000, 1) for part in (q.mean, q.log_variance)))
    drawn = many.divergence(prior, many.sample(NOISE)).view(40_000, 2)
    off = 4 * drawn.std(0) / 200
    for k in range(2):
        log_q = D.Normal(q.mean[k], torch.exp(0.5 * q.log_variance[k])).log_prob(plane).sum(1)
        expected = float((log_q.exp() * (log_q - log_p)).sum()) * cell
        assert abs(float(drawn[:, k].mean()) - expected) < off[k] < 0.06 * expected


def test_the_divergence_from_a_normal_is_the_closed_form() -> None:
    q = random_normal()
    assert torch.equal(q.divergence(Normal(std=2.0), q.sample(NOISE)), q.kl(Normal(std=2.0)))
