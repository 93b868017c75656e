"""Petals: their geometry, their density and the ways through them."""

import math

import torch
from torch import distributions as D

from likeness.noise import SeededNoise
from likeness.priors import Petals

N = 20_000
NOISE = SeededNoise((0,))


def test_petals_lie_where_the_geometry_says() -> None:
    prior = Petals(petals=4, radius=2.0, along=0.3, across=0.1)
    codes = prior.sample_in_regions(torch.ones(N, dtype=torch.int64), 2, NOISE)
    assert torch.allclose(codes.mean(0), torch.tensor([0.0, 2.0]), atol=0.02)
    assert torch.allclose(codes.std(0), torch.tensor([0.1, 0.3]), atol=0.02)


def test_the_density_of_petals_is_that_of_torchs_mixture() -> None:
    prior, angles = Petals(petals=3, along=0.6, across=0.2), torch.arange(3) * 2 * math.pi / 3
    out = torch.stack([angles.cos(), angles.sin()], 1)
    turns = torch.stack([out, torch.stack([-out[:, 1], out[:, 0]], 1)], 2)
    spread = turns @ torch.diag(torch.tensor([0.36, 0.04])) @ turns.mT
    mixture = D.MixtureSameFamily(
        D.Categorical(torch.ones(3)), D.MultivariateNormal(prior.radius * out, spread)
    )
    z = prior.sample(200, 2, NOISE)
    torch.testing.assert_close(prior.log_prob(z), mixture.log_prob(z), atol=1e-4, rtol=1e-4)


def test_a_way_through_petals_goes_outwards_along_each() -> None:
    way = Petals(petals=4, radius=2.0, along=0.5).walk(4, 5, 2, NOISE).view(4, 5, 2)
    assert torch.allclose(way.norm(dim=2), torch.linspace(1, 3, 5).expand(4, 5), atol=1e-5)
    angles = torch.atan2(way[..., 1], way[..., 0]) / (math.pi / 2) % 4
    assert torch.allclose(angles, torch.arange(4.0)[:, None].expand(4, 5), atol=1e-5)
