"""Classes, as likely as one another."""

import torch

from likeness.noise import SeededNoise
from likeness.priors import Categorical

N = 20_000
NOISE = SeededNoise((0,))


def test_categories_are_as_likely_and_one_hot() -> None:
    z = Categorical().sample(N, 5, NOISE)
    assert z.unique().tolist() == [0, 1] and (z.sum(1) == 1).all()
    assert torch.allclose(z.mean(0), torch.full((5,), 0.2), atol=0.02)
