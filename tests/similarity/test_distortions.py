"""Distortions do what they are called, against SciPy and by hand."""

import math

import numpy as np
import pytest
import torch
from scipy import ndimage

from likeness.similarity.controls import mse
from likeness.similarity.distortions import (
    DISTORTIONS,
    MAX_NOISE,
    MILD_CHANGES,
    SEVERITIES,
    add_noise,
    blur,
    occlude,
    reduce_contrast,
    rotate,
    rotate_by,
    shift,
    shift_by,
)
from support.made_images import smooth

every_one = pytest.mark.parametrize("name", list(DISTORTIONS))


@every_one
def test_more_severe_is_farther_from_the_image(name: str) -> None:
    x = smooth()
    far = torch.stack([mse(x, DISTORTIONS[name](x, level)) for level in SEVERITIES])
    assert (far.diff(dim=0) > 0).float().mean() > 0.9 and far[0].min() > 0
    assert DISTORTIONS[name](x, 1.0).abs().max() <= 1 + 1e-5


@every_one
def test_a_distortion_is_the_same_each_time_and_leaves_the_image_alone(name: str) -> None:
    x = smooth()
    before = x.clone()
    torch.testing.assert_close(DISTORTIONS[name](x, 0.6), DISTORTIONS[name](x, 0.6), atol=0, rtol=0)
    assert torch.equal(x, before)


def test_a_move_is_by_whole_pixels_and_a_turn_around_the_middle() -> None:
    x = smooth()
    assert torch.equal(shift_by(x, 3)[:, :, :, 3:], x[:, :, :, :-3])
    assert torch.equal(shift_by(x, 3)[:, :, :, :3], x[:, :, :, :1].expand(-1, -1, -1, 3))
    torch.testing.assert_close(rotate_by(x, 90.0), torch.rot90(x, 1, (2, 3)), atol=1e-5, rtol=0)
    there_and_back = rotate_by(rotate_by(x, 20.0), -20.0)[:, :, 6:-6, 6:-6]
    assert (there_and_back - x[:, :, 6:-6, 6:-6]).abs().mean() < 0.03


def test_a_turn_of_an_image_that_is_no_square_keeps_its_pixels_square() -> None:
    """So a round hill in the middle stays as it is, whatever the angle."""
    x = smooth()[:, :, :, :16]
    torch.testing.assert_close(rotate_by(x, 180.0), x.flip(2, 3), atol=1e-5, rtol=0)
    rows, columns = (torch.arange(n) - (n - 1) / 2 for n in (48, 32))
    hill = torch.exp(-(rows[:, None].square() + columns.square()) / 18).expand(1, 1, 48, 32)
    torch.testing.assert_close(rotate_by(hill, 45.0), hill, atol=0.03, rtol=0)


def test_severities_are_shares_of_the_side_and_of_a_right_angle() -> None:
    x = smooth(side=20)
    assert torch.equal(shift(x, 1.0), shift_by(x, 4))
    assert torch.equal(shift(x, 0.01), shift_by(x, 1)), "it moves by a pixel at least"
    assert torch.equal(rotate(x, 0.5), rotate_by(x, 22.5))
    assert torch.equal(MILD_CHANGES["turned by 5 degrees"](x), rotate_by(x, 5.0))


def test_a_blur_is_a_gaussian_filter() -> None:
    x = smooth()
    expected = ndimage.gaussian_filter(x.numpy(), (0, 0, 1.2, 1.2), mode="nearest", truncate=4 / 1.2)
    assert np.abs(blur(x, 0.5).numpy() - expected).max() < 0.01


def test_noise_is_white_of_a_known_strength_and_only_grows() -> None:
    grey = torch.zeros(8, 3, 32, 32)
    strong, weak = add_noise(grey, 0.5), add_noise(grey, 0.25)
    torch.testing.assert_close(strong.clamp(-0.9, 0.9), (2 * weak).clamp(-0.9, 0.9))
    assert float(weak.std()) == pytest.approx(0.25 * MAX_NOISE, rel=0.02)
    beside = torch.corrcoef(torch.stack([weak[..., 1:].flatten(), weak[..., :-1].flatten()]))[0, 1]
    assert abs(float(beside)) < 4 / math.sqrt(weak.numel())


def test_contrast_keeps_means_and_occlusion_hides_half_at_most() -> None:
    x = smooth() + 0.01
    assert torch.allclose(reduce_contrast(x, 0.7).mean((1, 2, 3)), x.mean((1, 2, 3)), atol=1e-6)
    hidden = (occlude(x, 1.0) == 0).float().mean()
    assert 0.4 < float(hidden) < 0.55


def test_contrast_shrinks_what_differs_from_the_mean_by_its_severity() -> None:
    x = smooth()
    spread = reduce_contrast(x, 0.5).std((1, 2, 3)) / x.std((1, 2, 3))
    torch.testing.assert_close(spread, torch.full((6,), 1 - 0.9 * 0.5))


def test_what_is_hidden_is_a_square_over_the_middle() -> None:
    hidden = occlude(torch.ones(1, 1, 20, 20), 0.32)[0, 0] == 0
    expected = torch.zeros(20, 20, dtype=torch.bool)
    expected[6:14, 6:14] = True
    assert torch.equal(hidden, expected)
