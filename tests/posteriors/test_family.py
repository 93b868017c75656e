"""What posteriors share."""

import torch

from likeness.noise import SeededNoise
from likeness.posteriors import Deterministic, FixedVariance, Gaussian
from likeness.shapes import Shape

NOISE = SeededNoise((0,))


def test_only_what_a_universal_posterior_sees_differs_from_the_image() -> None:
    shape, x = Shape(2, 3, 3), torch.rand(1, 2, 3, 3)
    for posterior in (Deterministic(), FixedVariance(), Gaussian()):
        assert posterior.encoder_input_shape(shape) == shape and torch.equal(
            posterior.encoder_input(x, NOISE), x
        )
