"""Priors: their geometry, their regions, and what does not fit."""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import TypeAdapter

from likeness.errors import UserError
from likeness.priors import (
    Categorical,
    Distribution,
    Empirical,
    Normal,
    Petals,
    Product,
    Sampler,
    SwissRoll,
    Uniform,
)
from likeness.shapes import UNLABELLED

N = 20_000
PLAIN: list[tuple[Distribution, int]] = [
    (Normal(), 3),
    (Uniform(half=2.0), 4),
    (Petals(), 2),
    (SwissRoll(thickness=0.1), 2),
    (Categorical(), 5),
]


@pytest.fixture(autouse=True)
def seeded() -> None:
    """The same samples each time."""
    torch.manual_seed(0)


@pytest.mark.parametrize(("prior", "dim"), PLAIN)
def test_samples_and_ways_have_the_shape_asked_for(prior: Distribution, dim: int) -> None:
    prior.check(dim)
    assert prior.sample(7, dim).shape == (7, dim)
    assert prior.walk(3, 4, dim).shape == (12, dim)


@pytest.mark.parametrize(("prior", "dim"), [p for p in PLAIN if p[0].regions(p[1])])
def test_the_whole_is_the_mixture_of_its_regions(prior: Distribution, dim: int) -> None:
    regions = torch.arange(N) % prior.regions(dim)
    whole, parts = prior.sample(N, dim), prior.within(regions, dim)
    assert torch.allclose(whole.mean(0), parts.mean(0), atol=0.05)
    assert torch.allclose(whole.std(0), parts.std(0), atol=0.05)


def test_a_label_draws_from_its_region_and_none_from_the_whole() -> None:
    labels = torch.tensor([3, UNLABELLED]).repeat_interleave(N // 2)
    codes = Categorical().sample_regions(labels, 5)
    assert torch.equal(codes[: N // 2].mean(0), torch.tensor([0.0, 0, 0, 1, 0]))
    assert torch.allclose(codes[N // 2 :].mean(0), torch.full((5,), 0.2), atol=0.02)


def test_a_prior_without_regions_ignores_labels() -> None:
    codes = Normal().sample_regions(torch.zeros(N, dtype=torch.int64), 2)
    assert codes.mean(0).abs().max() < 0.05


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


@pytest.mark.parametrize("prior", [Petals(), SwissRoll()])
def test_a_prior_in_the_plane_refuses_other_dimensions(prior: Distribution) -> None:
    with pytest.raises(UserError, match="lies in the plane, --latent is 3; use --latent 2"):
        prior.check(3)


def test_an_empirical_prior_draws_the_rows_of_a_file(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).random((6, 3)).astype("f4")
    np.save(tmp_path / "codes.npy", rows)
    prior = Empirical(file=str(tmp_path / "codes.npy"))
    prior.check(3)
    drawn = {tuple(row) for row in prior.sample(500, 3).tolist()}
    assert drawn == {tuple(row) for row in rows.astype("f4").tolist()}
    with pytest.raises(UserError, match="has 3 dimensions, --latent is 4"):
        prior.check(4)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (np.zeros(5), "holds no floats"),
        (np.zeros((5, 2), int), "holds no floats"),
        (np.full((5, 2), np.nan), "not finite"),
        (np.array([{}], dtype=object), "cannot be read as .npy"),
    ],
)
def test_a_file_that_holds_no_codes_is_refused(content: np.ndarray, message: str, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", content, allow_pickle=True)
    with pytest.raises(UserError, match=message):
        Empirical(file=str(tmp_path / "x.npy")).check(2)


def product(text: str) -> Distribution:
    """A product as the command line says it."""
    return TypeAdapter(Product).validate_python({"name": "product", "factors": text})


def test_factors_of_a_product_lie_side_by_side_and_are_independent() -> None:
    prior = product("uniform:2, petals:2,normal:1")
    prior.check(5)
    z = prior.sample(40_000, 5)
    assert z[:, :2].abs().max() <= 1 and z[:, 4].abs().max() > 3
    petals = Petals().sample(40_000, 2)
    assert torch.allclose(z[:, 2:4].norm(dim=1).mean(), petals.norm(dim=1).mean(), atol=0.02)
    assert (torch.corrcoef(z.T) - torch.eye(5)).abs().max() < 0.03


def test_regions_of_a_product_are_those_of_its_first_factor_that_has_any() -> None:
    prior = product("normal:1,petals:2,categorical:3")
    assert prior.regions(6) == 10
    regions = torch.arange(10).repeat(500)
    z = prior.within(regions, 6)
    angles = torch.atan2(z[:, 2], z[:, 1]) / (2 * math.pi) * 10
    middle = (angles - regions + 5) % 10 - 5
    assert (middle[z[:, 1:3].norm(dim=1) > 0.7].abs() < 0.5).float().mean() > 0.98
    assert z[:, 3:].sum(0).min() > 1300, "the categorical factor should not follow the regions"
    assert product("normal:2").regions(2) == 0


def test_a_sampler_is_run_once(tmp_path: Path) -> None:
    program = tmp_path / "sampler.py"
    program.write_text("import numpy as np\ndef sample(n, dim): return np.random.rand(n, dim)")
    prior = Sampler(program=str(program), draws=50)
    first = prior.rows(2)
    program.unlink()
    assert torch.equal(prior.rows(2), first)
    assert {tuple(z) for z in prior.sample(400, 2).tolist()} == {tuple(z) for z in first.tolist()}
