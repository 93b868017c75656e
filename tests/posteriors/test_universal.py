"""Noise beside the image."""

import torch

from likeness.noise import SeededNoise
from likeness.posteriors import Universal
from likeness.shapes import Shape

NOISE = SeededNoise((0,))


def test_noise_beside_the_image_is_drawn_anew_and_stands_in_channels_of_its_own() -> None:
    posterior, x = Universal(eta=2), torch.rand(3, 1, 4, 5)
    assert posterior.encoder_input_shape(Shape(1, 4, 5)) == Shape(3, 4, 5)
    one, other = posterior.encoder_input(x, NOISE.of("one")), posterior.encoder_input(x, NOISE.of("other"))
    assert torch.equal(one[:, :1], x) and torch.equal(other[:, :1], x)
    assert (one[:, 1:] != other[:, 1:]).all()


def test_noise_beside_the_image_is_of_unit_variance_and_may_be_left_out() -> None:
    posterior, x = Universal(), torch.zeros(50, 1, 20, 20)
    assert not posterior.encoder_input(x, None).any()
    assert abs(float(posterior.encoder_input(x, NOISE)[:, 1].std()) - 1) < 0.01
