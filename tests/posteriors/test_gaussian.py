"""What a Gaussian posterior reads."""

import torch
from torch import nn

from likeness.noise import SeededNoise
from likeness.posteriors import Gaussian

NOISE = SeededNoise((0,))


def test_a_gaussian_reads_a_mean_and_a_log_variance_within_bounds() -> None:
    encoder = nn.Flatten()
    q = Gaussian()(encoder, torch.tensor([1.0, 2.0, 99.0, -99.0]).view(1, 1, 2, 2), NOISE)
    assert q.mean.tolist() == [[1.0, 2.0]]
    assert q.log_variance.tolist() == [[20.0, -30.0]]
