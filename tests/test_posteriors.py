"""Posteriors against torch.distributions and their own samples."""

import torch
from torch import distributions as D
from torch import nn

from likeness.posteriors import Deterministic, DiagonalNormal, Gaussian, Noisy, Universal
from likeness.priors import Normal, Petals
from likeness.shapes import ImageShape


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


def test_a_noisy_code_is_the_encoders_output_within_its_standard_deviation() -> None:
    q = Noisy(std=0.5)(
        nn.Flatten(), torch.tensor([1.0, -2.0]).expand(1, 40_000, 2).reshape(40_000, 1, 1, 2)
    )
    torch.manual_seed(0)
    z = q.sample()
    assert torch.equal(q.mean[0], torch.tensor([1.0, -2.0]))
    assert (z.mean(0) - q.mean[0]).abs().max() < 0.01 and (z.std(0) - 0.5).abs().max() < 0.01


def test_the_divergence_from_petals_is_the_mean_of_what_is_drawn() -> None:
    """Against the integral over the plane, of a broad q and of one within a petal."""
    prior = Petals(petals=3, along=0.6, across=0.4)
    mean, log_variance = torch.tensor([[0.3, -0.2], [1.4, 0.0]]), torch.tensor([[0.5, -1.0], [-3.0, -3.0]])
    q = DiagonalNormal(mean.double(), log_variance.double())
    side = torch.linspace(-9, 9, 601, dtype=torch.float64)
    plane, cell = torch.cartesian_prod(side, side), float(side[1] - side[0]) ** 2
    log_p = prior.log_prob(plane)
    assert abs(float(log_p.exp().sum()) * cell - 1) < 1e-6
    torch.manual_seed(0)
    many = DiagonalNormal(*(part.repeat(40_000, 1) for part in (q.mean, q.log_variance)))
    drawn = many.divergence(prior, many.sample()).view(40_000, 2)
    off = 4 * drawn.std(0) / 200
    for k in range(2):
        log_q = D.Normal(q.mean[k], torch.exp(0.5 * q.log_variance[k])).log_prob(plane).sum(1)
        expected = float((log_q.exp() * (log_q - log_p)).sum()) * cell
        assert abs(float(drawn[:, k].mean()) - expected) < off[k] < 0.06 * expected


def test_the_divergence_from_a_normal_is_the_closed_form() -> None:
    q = random_normal()
    assert torch.equal(q.divergence(Normal(std=2.0), q.sample()), q.kl(Normal(std=2.0)))


def test_noise_beside_the_image_is_drawn_anew_and_stands_in_channels_of_its_own() -> None:
    posterior, x = Universal(eta=2), torch.rand(3, 1, 4, 5)
    assert posterior.sees(ImageShape(1, 4, 5)) == ImageShape(3, 4, 5)
    one, other = posterior.given(x), posterior.given(x)
    assert torch.equal(one[:, :1], x) and torch.equal(other[:, :1], x)
    assert (one[:, 1:] != other[:, 1:]).all()


def test_noise_beside_the_image_is_as_strong_as_asked() -> None:
    torch.manual_seed(0)
    posterior, x = Universal(), torch.zeros(50, 1, 20, 20)
    assert not posterior.given(x, 0.0).any()
    assert abs(float(posterior.given(x, 0.5)[:, 1].std()) - 0.5) < 0.01


def test_only_what_a_universal_posterior_sees_differs_from_the_image() -> None:
    shape, x = ImageShape(2, 3, 3), torch.rand(1, 2, 3, 3)
    for posterior in (Deterministic(), Gaussian(), Noisy()):
        assert posterior.sees(shape) == shape and torch.equal(posterior.given(x), x)
