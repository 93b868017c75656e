"""Codes of a fixed deviation."""

import torch
from torch import nn

from likeness.noise import SeededNoise
from likeness.posteriors import FixedVariance

NOISE = SeededNoise((0,))


def test_a_noisy_code_is_the_encoders_output_within_its_standard_deviation() -> None:
    q = FixedVariance(std=0.5)(
        nn.Flatten(), torch.tensor([1.0, -2.0]).expand(1, 40_000, 2).reshape(40_000, 1, 1, 2), NOISE
    )
    z = q.sample(NOISE)
    assert torch.equal(q.mean[0], torch.tensor([1.0, -2.0]))
    assert (z.mean(0) - q.mean[0]).abs().max() < 0.01 and (z.std(0) - 0.5).abs().max() < 0.01
