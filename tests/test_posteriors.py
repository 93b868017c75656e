"""Posteriors and priors against torch.distributions and their own samples."""

import torch
from torch import distributions as D
from torch import nn

from likeness.posteriors import Deterministic, DiagonalNormal, Gaussian
from likeness.priors import Normal


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
    torch.manual_seed(0)
    samples = torch.stack([q.sample() for _ in range(20_000)])
    std = torch.exp(0.5 * q.log_variance)
    assert ((samples.mean(0) - q.mean) / std).abs().max() < 0.04
    assert (samples.std(0) / std - 1).abs().max() < 0.04


def test_a_gaussian_reads_a_mean_and_a_log_variance_within_bounds() -> None:
    encoder = nn.Flatten()
    q = Gaussian()(encoder, torch.tensor([1.0, 2.0, 99.0, -99.0]).view(1, 1, 2, 2))
    assert q.mean.tolist() == [[1.0, 2.0]]
    assert q.log_variance.tolist() == [[20.0, -30.0]]


def test_a_deterministic_code_is_the_encoders_output() -> None:
    q = Deterministic()(nn.Flatten(), torch.arange(4.0).view(1, 1, 2, 2))
    assert q.sample().tolist() == q.mean.tolist() == [[0.0, 1.0, 2.0, 3.0]]


def test_the_prior_has_its_standard_deviation() -> None:
    torch.manual_seed(0)
    z = Normal(std=5.0).sample(20_000, 3)
    assert z.shape == (20_000, 3)
    assert abs(float(z.std()) - 5.0) < 0.05 and abs(float(z.mean())) < 0.1
