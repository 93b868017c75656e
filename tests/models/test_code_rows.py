"""The codes of many images: their moments, their divergence from a prior, draws of them."""

import pytest
import torch

from laws.games import objective_of
from likeness.errors import UserError
from likeness.priors import Normal
from support.coders import images, model_of


def test_a_gaussian_posterior_has_the_divergence_and_the_samples_of_its_moments() -> None:
    model = model_of(objective_of("vae"))
    q = model.encode(images(400))
    mean, log_variance = q.mean, q.log_variance
    assert log_variance is not None and mean.shape == log_variance.shape == (400, 3)
    expected = torch.distributions.kl_divergence(
        torch.distributions.Normal(mean, (0.5 * log_variance).exp()), torch.distributions.Normal(0.0, 1.0)
    ).sum(1)
    torch.testing.assert_close(q.kl(Normal()), expected)
    torch.testing.assert_close(q.kl(model.prior), expected)
    z = torch.stack([q.sample(seed) for seed in range(300)])
    standard = (z - mean) / (0.5 * log_variance).exp()
    assert abs(float(standard.mean())) < 0.01 and abs(float(standard.std()) - 1) < 0.01


@pytest.mark.parametrize(("method", "settings"), [("ae", {}), ("aae", {"posterior": "universal"})])
def test_a_posterior_without_a_density_says_so(method: str, settings: dict[str, str]) -> None:
    q = model_of(objective_of(method, **settings)).encode(images())
    assert q.log_variance is None
    with pytest.raises(UserError, match="this posterior has no density, thus no divergence from the prior"):
        q.kl(Normal())


def test_codes_are_drawn_by_noise_that_the_encoder_is_given() -> None:
    q = model_of(objective_of("aae", posterior="universal")).encode(images(300))
    assert torch.equal(q.sample(1), q.sample(1))
    assert not torch.equal(q.sample(1), q.sample(2)) and not torch.equal(q.sample(1), q.mean)
