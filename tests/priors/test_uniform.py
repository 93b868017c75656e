"""The uniform prior: its cube, and the way through it."""

import torch

from likeness.noise import SeededNoise
from likeness.priors import Uniform

N = 20_000
NOISE = SeededNoise((0,))


def test_a_uniform_prior_fills_its_cube_and_nothing_else() -> None:
    z = Uniform(half=2.0).sample(N, 3, NOISE)
    assert z.abs().max() <= 2
    shares = torch.stack([torch.histc(column, 10, -2, 2) for column in z.T]) / N
    assert (shares - 0.1).abs().max() < 0.01


def test_a_way_through_a_uniform_plane_is_an_even_grid_with_the_first_row_on_top() -> None:
    way = Uniform(half=2.0).walk(2, 4, 2, NOISE).view(2, 4, 2)
    assert way[:, 0, 1].tolist() == [1, -1]
    assert way[0, :, 0].tolist() == [-1.5, -0.5, 0.5, 1.5]
