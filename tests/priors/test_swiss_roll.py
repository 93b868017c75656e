"""The spiral, its slices, and the way along it."""

import math
from itertools import pairwise

import pytest
import torch

from likeness.noise import SeededNoise
from likeness.priors import SwissRoll

N = 20_000
NOISE = SeededNoise((0,))


def test_the_swiss_roll_is_a_spiral_whose_slices_follow_one_another() -> None:
    prior = SwissRoll(roll_radius=3.0, turns=2.0, slices=5)
    codes = prior.sample(N, 2, NOISE)
    radius, angle = codes.norm(dim=1), torch.atan2(codes[:, 1], codes[:, 0])
    expected = 4 * math.pi * radius / 3
    assert torch.allclose(torch.cos(angle - expected), torch.ones(N), atol=1e-3)
    ends = [prior.sample_in_regions(torch.full((N,), k), 2, NOISE).norm(dim=1) for k in range(5)]
    assert all(float(a.max()) <= float(b.min()) + 1e-3 for a, b in pairwise(ends))


def test_a_way_through_the_swiss_roll_goes_from_its_inner_end_to_its_outer() -> None:
    radii = SwissRoll(roll_radius=3.0, thickness=1.0).walk(4, 5, 2, NOISE).norm(dim=1)
    assert (radii.diff() > 0).all() and radii[0] == 0
    assert float(radii[-1]) == pytest.approx(3, abs=1e-5)
