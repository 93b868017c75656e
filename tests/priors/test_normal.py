"""The normal prior: its deviation, its density, and the way through it in the plane."""

import math

import torch
from torch import distributions as D

from likeness.noise import SeededNoise
from likeness.priors import Normal

N = 20_000
NOISE = SeededNoise((0,))


def test_a_way_through_the_normal_in_the_plane_is_of_equal_probability() -> None:
    way = Normal(std=2.0).walk(10, 10, 2, NOISE)
    share = (way.norm(dim=1) < 2.0 * math.sqrt(2 * math.log(2))).float().mean()
    assert abs(float(share) - 0.5) < 0.05
    assert way[0, 0] == way[10, 0] and way[0, 1] == way[1, 1] and way[0, 1] > way[10, 1]


def test_the_prior_has_its_standard_deviation() -> None:
    z = Normal(std=5.0).sample(N, 3, NOISE)
    assert z.shape == (N, 3)
    assert abs(float(z.std()) - 5.0) < 0.05 and abs(float(z.mean())) < 0.1


def test_the_density_is_that_of_torch() -> None:
    z = Normal().sample(50, 3, NOISE).double()
    expected = D.Normal(torch.zeros(3).double(), 0.7).log_prob(z).sum(1)
    assert torch.allclose(Normal(std=0.7).log_prob(z), expected, rtol=1e-12)


def test_the_closed_form_is_the_mean_of_what_is_drawn() -> None:
    prior, mean, log_variance = Normal(std=2.0), torch.tensor([[0.5, -1.0]]), torch.tensor([[-1.0, 0.3]])
    q = D.Normal(mean.double(), torch.exp(0.5 * log_variance.double()))
    z = q.mean + q.stddev * NOISE("z", (200_000, 2)).double()
    drawn = q.log_prob(z).sum(1) - prior.log_prob(z)
    closed = float(prior.kl(mean.double(), log_variance.double()))
    assert abs(float(drawn.mean()) - closed) < 4 * float(drawn.std()) / math.sqrt(len(z)) < 0.02
