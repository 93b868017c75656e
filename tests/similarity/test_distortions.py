"""Distortions do what they are called, against SciPy and by hand."""

import math

import numpy as np
import pytest
import torch
from scipy import ndimage

from likeness.noise import SeededNoise
from likeness.shapes import Images
from likeness.similarity import distortions
from likeness.similarity.controls import mse
from likeness.similarity.distortions import DISTORTIONS, SEVERITIES, UNSEEN_DISTORTIONS, blur_by
from support.made_images import smooth

ALL = {**DISTORTIONS, **UNSEEN_DISTORTIONS}
every_one = pytest.mark.parametrize("name", list(ALL))


def noise(seed: int = 0) -> SeededNoise:
    """Random numbers of a seed."""
    return SeededNoise((seed,), torch.device("cpu"))


def hill(height: int = 48, width: int = 32) -> Images:
    """A round hill in the middle of eight images."""
    rows, columns = (torch.arange(n) - (n - 1) / 2 for n in (height, width))
    heights = torch.exp(-(rows[:, None].square() + columns.square()) / 18)
    return heights.expand(8, 1, height, width).contiguous()


@every_one
def test_more_severe_is_farther_from_the_image(name: str) -> None:
    x = smooth()
    far = torch.stack([mse(x, ALL[name](x, level, noise())).mean() for level in SEVERITIES])
    assert far[0] > 0 and far[-1] > far[0]
    assert float((far.diff() >= 0).float().mean()) >= 0.75
    assert ALL[name](x, 1.0, noise()).abs().max() <= 1 + 1e-5


@every_one
def test_a_distortion_is_a_function_of_the_noise_and_leaves_the_image_alone(name: str) -> None:
    x = smooth()
    before = x.clone()
    torch.testing.assert_close(ALL[name](x, 0.6, noise()), ALL[name](x, 0.6, noise()), atol=0, rtol=0)
    assert torch.equal(x, before)


@every_one
def test_colours_and_single_channels_are_distorted(name: str) -> None:
    for channels in (1, 2, 3):
        x = torch.rand(4, channels, 16, 12, generator=torch.Generator().manual_seed(0)) * 2 - 1
        assert ALL[name](x, 0.6, noise()).shape == x.shape


def test_a_rotation_keeps_a_round_hill_and_turns_corners_by_its_angle() -> None:
    x = hill()
    torch.testing.assert_close(DISTORTIONS["rotation"](x, 1.0, noise()), x, atol=0.05, rtol=0)
    bar = torch.full((8, 1, 33, 33), -1.0)
    bar[:, :, 16, :] = 1
    turned = DISTORTIONS["rotation"](bar, 1.0, noise())
    found = {round(_angle(image[0])) for image in turned}
    assert found <= {-30, 30} and len(found) == 2


def _angle(image: torch.Tensor) -> float:
    """Direction of the bright pixels of an image, in degrees."""
    rows, columns = ((image > 0).nonzero().float() - 16).T
    return math.degrees(0.5 * math.atan2(2 * float(rows @ columns), float(columns @ columns - rows @ rows)))


def test_a_shift_moves_a_hill_by_its_share_of_the_side() -> None:
    x = hill(48, 48) * 2 - 1
    moved = (DISTORTIONS["shift"](x, 0.5, noise()) + 1).clamp_min(0)
    rows, columns = (torch.arange(48) - 23.5 for _ in range(2))
    total = moved.sum((1, 2, 3))
    down = (moved.sum(3)[:, 0] * rows).sum(1) / total
    right = (moved.sum(2)[:, 0] * columns).sum(1) / total
    torch.testing.assert_close((down**2 + right**2).sqrt(), torch.full((8,), 4.8), atol=0.1, rtol=0)


def test_a_blur_is_a_gaussian_filter() -> None:
    x = smooth()
    sigma = 0.05 * min(x.shape[2:])
    expected = ndimage.gaussian_filter(x.numpy(), (0, 0, sigma, sigma), mode="nearest", truncate=3)
    assert np.abs(blur_by(x, 0.05).numpy() - expected).max() < 0.02


def test_noise_is_white_of_a_known_strength_and_only_grows() -> None:
    grey = torch.zeros(8, 3, 32, 32)
    strong, weak = (distortions.add_noise(grey, level, noise()) for level in (0.5, 0.25))
    torch.testing.assert_close(strong.clamp(-0.9, 0.9), (2 * weak).clamp(-0.9, 0.9))
    assert float(weak.std()) == pytest.approx(0.25 * distortions.NOISE, rel=0.02)
    beside = torch.corrcoef(torch.stack([weak[..., 1:].flatten(), weak[..., :-1].flatten()]))[0, 1]
    assert abs(float(beside)) < 4 / math.sqrt(weak.numel())


def test_shares_of_the_area_are_what_they_are_said_to_be() -> None:
    x = torch.rand(64, 1, 32, 32, generator=torch.Generator().manual_seed(0)) - 0.5
    changed = {
        name: float((ALL[name](x, 1.0, noise()) != x).float().mean())
        for name in ("occlusion", "speckle", "lines")
    }
    assert changed["occlusion"] == pytest.approx(0.25, abs=0.01)
    assert changed["speckle"] == pytest.approx(0.25, abs=0.01)
    assert changed["lines"] == pytest.approx(0.5, abs=0.01)


def test_contrast_falls_and_the_level_moves_to_either_side() -> None:
    x = 0.2 * smooth()
    faded = distortions.fade(x, 1.0, noise(1))
    torch.testing.assert_close(faded.std((1, 2, 3)), 0.3 * x.std((1, 2, 3)), atol=1e-4, rtol=1e-3)
    moved = faded.mean((1, 2, 3)) - x.mean((1, 2, 3))
    torch.testing.assert_close(moved.abs(), torch.full_like(moved, distortions.BRIGHTNESS))


def test_large_pixels_are_flat() -> None:
    x = smooth()
    large = distortions.pixelate(x, 1.0, noise())
    assert len(large[0, 0].unique()) <= max(3, round(0.15 * x.shape[2])) * max(3, round(0.15 * x.shape[3]))
