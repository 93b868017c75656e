"""Priors that are written down: their geometry, their regions, and the ways through them."""

import math
from itertools import pairwise

import pytest
import torch
from torch import distributions as D

from likeness.priors.written import Categorical, Normal, Petals, SwissRoll, Uniform

N = 20_000


@pytest.fixture(autouse=True)
def seeded() -> None:
    """The same samples each time."""
    torch.manual_seed(0)


def test_petals_lie_where_the_geometry_says() -> None:
    prior = Petals(petals=4, radius=2.0, along=0.3, across=0.1)
    codes = prior.within(torch.ones(N, dtype=torch.int64), 2)
    assert torch.allclose(codes.mean(0), torch.tensor([0.0, 2.0]), atol=0.02)
    assert torch.allclose(codes.std(0), torch.tensor([0.1, 0.3]), atol=0.02)


def test_the_swiss_roll_is_a_spiral_whose_slices_follow_one_another() -> None:
    prior = SwissRoll(roll_radius=3.0, turns=2.0, slices=5)
    codes = prior.sample(N, 2)
    radius, angle = codes.norm(dim=1), torch.atan2(codes[:, 1], codes[:, 0])
    expected = 4 * math.pi * radius / 3
    assert torch.allclose(torch.cos(angle - expected), torch.ones(N), atol=1e-3)
    ends = [prior.within(torch.full((N,), k), 2).norm(dim=1) for k in range(5)]
    assert all(float(a.max()) <= float(b.min()) + 1e-3 for a, b in pairwise(ends))


def test_a_way_through_the_normal_in_the_plane_is_of_equal_probability() -> None:
    way = Normal(std=2.0).walk(10, 10, 2)
    share = (way.norm(dim=1) < 2.0 * math.sqrt(2 * math.log(2))).float().mean()
    assert abs(float(share) - 0.5) < 0.05
    assert way[0, 0] == way[10, 0] and way[0, 1] == way[1, 1] and way[0, 1] > way[10, 1]


def test_the_prior_has_its_standard_deviation() -> None:
    torch.manual_seed(0)
    z = Normal(std=5.0).sample(20_000, 3)
    assert z.shape == (20_000, 3)
    assert abs(float(z.std()) - 5.0) < 0.05 and abs(float(z.mean())) < 0.1


def test_a_uniform_prior_fills_its_cube_and_nothing_else() -> None:
    z = Uniform(half=2.0).sample(N, 3)
    assert z.abs().max() <= 2
    shares = torch.stack([torch.histc(column, 10, -2, 2) for column in z.T]) / N
    assert (shares - 0.1).abs().max() < 0.01


def test_a_way_through_a_uniform_plane_is_an_even_grid_with_the_first_row_on_top() -> None:
    way = Uniform(half=2.0).walk(2, 4, 2).view(2, 4, 2)
    assert way[:, 0, 1].tolist() == [1, -1]
    assert way[0, :, 0].tolist() == [-1.5, -0.5, 0.5, 1.5]


def test_the_density_of_petals_is_that_of_torchs_mixture() -> None:
    prior, angles = Petals(petals=3, along=0.6, across=0.2), torch.arange(3) * 2 * math.pi / 3
    out = torch.stack([angles.cos(), angles.sin()], 1)
    turns = torch.stack([out, torch.stack([-out[:, 1], out[:, 0]], 1)], 2)
    spread = turns @ torch.diag(torch.tensor([0.36, 0.04])) @ turns.mT
    mixture = D.MixtureSameFamily(
        D.Categorical(torch.ones(3)), D.MultivariateNormal(prior.radius * out, spread)
    )
    z = prior.sample(200, 2)
    torch.testing.assert_close(prior.log_prob(z), mixture.log_prob(z), atol=1e-4, rtol=1e-4)


def test_a_way_through_petals_goes_outwards_along_each() -> None:
    way = Petals(petals=4, radius=2.0, along=0.5).walk(4, 5, 2).view(4, 5, 2)
    assert torch.allclose(way.norm(dim=2), torch.linspace(1, 3, 5).expand(4, 5), atol=1e-5)
    angles = torch.atan2(way[..., 1], way[..., 0]) / (math.pi / 2) % 4
    assert torch.allclose(angles, torch.arange(4.0)[:, None].expand(4, 5), atol=1e-5)


def test_a_way_through_the_swiss_roll_goes_from_its_inner_end_to_its_outer() -> None:
    radii = SwissRoll(roll_radius=3.0, thickness=1.0).walk(4, 5, 2).norm(dim=1)
    assert (radii.diff() > 0).all() and radii[0] == 0
    assert float(radii[-1]) == pytest.approx(3, abs=1e-5)


def test_categories_are_as_likely_and_one_hot() -> None:
    z = Categorical().sample(N, 5)
    assert z.unique().tolist() == [0, 1] and (z.sum(1) == 1).all()
    assert torch.allclose(z.mean(0), torch.full((5,), 0.2), atol=0.02)
