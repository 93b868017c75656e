"""Views change images as far as they are said to, and by their own noise alone."""

from dataclasses import replace

import pytest
import torch

from likeness.noise import SeededNoise
from likeness.similarity.views import Views
from support.made_images import smooth

NONE = Views(rotation=0, shift=0, zoom=0, contrast=0, gamma=0, blur=0, noise=0, occlusion=0)


def noise(seed: int = 0) -> SeededNoise:
    """Random numbers of a seed."""
    return SeededNoise((seed,), torch.device("cpu"))


def test_views_of_no_strength_are_the_images() -> None:
    x = smooth()
    torch.testing.assert_close(NONE(x, noise()), x, atol=1e-5, rtol=0)


def test_views_are_a_function_of_the_noise_in_range_and_leave_images_alone() -> None:
    x = smooth()
    before = x.clone()
    first, again, other = (Views()(x, noise(seed)) for seed in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert first.abs().max() <= 1 and torch.equal(x, before)


@pytest.mark.parametrize(
    "strength", [{"rotation": 30.0}, {"shift": 0.2}, {"zoom": 0.3}, {"contrast": 0.5}, {"gamma": 1.0},
                 {"blur": 0.1}, {"noise": 0.3}, {"occlusion": 0.5}, {"crop": 0.5}]
)  # fmt: skip
def test_each_strength_alone_changes_images(strength: dict[str, float]) -> None:
    x = smooth(16)
    changed = (replace(NONE, **strength)(x, noise()) - x).abs().amax((1, 2, 3)) > 1e-3
    assert float(changed.float().mean()) >= 0.25


def test_a_mirrored_view_is_the_mirror_image_of_half_of_the_images() -> None:
    x = smooth(64)
    seen = replace(NONE, mirror=True)(x, noise())
    same, mirrored = ((seen - y).abs().amax((1, 2, 3)) < 1e-4 for y in (x, x.flip(3)))
    assert bool((same ^ mirrored).all()) and 16 < int(mirrored.sum()) < 48
    upside = replace(NONE, upside_down=True)(x, noise())
    same, turned = ((upside - y).abs().amax((1, 2, 3)) < 1e-4 for y in (x, x.flip(2)))
    assert bool((same ^ turned).all()) and 16 < int(turned.sum()) < 48


def test_changes_of_colour_keep_brightness_but_for_levels_and_make_some_views_grey() -> None:
    x = torch.rand(64, 3, 12, 12, generator=torch.Generator().manual_seed(0)) - 0.5
    coloured = replace(NONE, colour=0.4, grey=0.25)(x, noise())
    is_grey = (coloured - coloured.mean(1, keepdim=True)).abs().amax((1, 2, 3)) < 1e-5
    assert 6 <= int(is_grey.sum()) <= 28
    one = replace(NONE, colour=0.4, grey=0.25)(x[:, :1], noise())
    torch.testing.assert_close(one, x[:, :1], atol=1e-5, rtol=0)


def test_noise_is_in_half_of_the_views_and_of_at_most_its_strength() -> None:
    x = torch.zeros(64, 1, 24, 24)
    strength = replace(NONE, noise=0.3)(x, noise()).std((1, 2, 3))
    assert 16 < int((strength > 0).sum()) < 48 and float(strength.max()) < 0.33
