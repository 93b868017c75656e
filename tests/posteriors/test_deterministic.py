"""Codes that are an encoder's outputs."""

import torch
from torch import nn

from likeness.noise import SeededNoise
from likeness.posteriors import Deterministic

NOISE = SeededNoise((0,))


def test_a_deterministic_code_is_the_encoders_output() -> None:
    q = Deterministic()(nn.Flatten(), torch.arange(4.0).view(1, 1, 2, 2), NOISE)
    assert q.sample(NOISE).tolist() == q.mean.tolist() == [[0.0, 1.0, 2.0, 3.0]]
