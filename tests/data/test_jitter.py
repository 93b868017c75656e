"""Colours changed at random, against Pillow and Python's own colour model."""

import colorsys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageEnhance
from pydantic import TypeAdapter, ValidationError
from torch import Tensor

from likeness.data import jitter as module
from likeness.data.augmentation import Jitter
from likeness.data.jitter import WAYS, brightness, contrast, grey, hue, jitter, saturation

X = torch.rand(6, 3, 7, 5, generator=torch.Generator().manual_seed(0))
FACTORS = torch.tensor([0.0, 0.4, 0.8, 1.0, 1.3, 2.0])
DRAWN = torch.rand(6, 4, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(
    ("way", "pillow"),
    [
        (brightness, ImageEnhance.Brightness),
        (contrast, ImageEnhance.Contrast),
        (saturation, ImageEnhance.Color),
    ],
)
def test_a_factor_does_what_pillow_does_but_for_its_rounding(
    way: Callable[[Tensor, Tensor], Tensor], pillow: Any
) -> None:
    stored = (X * 255).byte().permute(0, 2, 3, 1).numpy()
    images = torch.from_numpy(stored).permute(0, 3, 1, 2).double() / 255
    made = way(images, FACTORS.double()).clamp(0, 1) * 255
    for image, factor, found in zip(stored, FACTORS, made):
        wanted = np.asarray(pillow(Image.fromarray(image)).enhance(float(factor)), dtype=float)
        assert np.abs(found.permute(1, 2, 0).numpy() - wanted).max() < 2.1


def test_a_hue_is_that_of_pythons_colour_model() -> None:
    turns = torch.tensor([-0.5, -0.2, 0.0, 0.1, 1 / 3, 0.5])
    made = hue(X, turns)
    for image, turn, found in zip(X, turns, made):
        for r in range(7):
            h, s, v = colorsys.rgb_to_hsv(*image[:, r, 2].tolist())
            wanted = colorsys.hsv_to_rgb((h + float(turn)) % 1, s, v)
            np.testing.assert_allclose(found[:, r, 2].tolist(), wanted, atol=1e-5)


def test_a_third_of_a_turn_makes_red_green_and_grey_stays_grey() -> None:
    red, black, white = torch.eye(3)[0], torch.zeros(3), torch.ones(3)
    pixels = torch.stack([red, black, white], 1).view(1, 3, 1, 3)
    turned = hue(pixels, torch.tensor([1 / 3]))[0, :, 0]
    torch.testing.assert_close(turned, torch.stack([torch.eye(3)[1], black, white], 1))


def test_contrast_leaves_the_mean_where_it_is_and_saturation_and_hue_what_they_are_of() -> None:
    mean = grey(contrast(X, FACTORS)).mean((1, 2, 3))
    torch.testing.assert_close(mean, grey(X).mean((1, 2, 3)))
    torch.testing.assert_close(grey(saturation(X, FACTORS)), grey(X), atol=1e-6, rtol=0)
    turned = hue(X, FACTORS / 4)
    torch.testing.assert_close(turned.amax(1), X.amax(1))
    torch.testing.assert_close(turned.amin(1), X.amin(1), atol=1e-6, rtol=0)


def test_contrast_of_channels_that_are_no_colours_is_that_of_each() -> None:
    x = X[:, :2]
    torch.testing.assert_close(contrast(x, FACTORS).mean((2, 3)), x.mean((2, 3)))
    torch.testing.assert_close(contrast(x, FACTORS)[:, :1], contrast(x[:, :1], FACTORS))


@pytest.mark.parametrize("name", WAYS)
def test_factors_lie_within_the_strength_and_reach_its_ends(name: str) -> None:
    ends = module._amount(name, 0.3, torch.tensor([0.0, 0.5, 1.0])).tolist()
    assert ends == pytest.approx([-0.3, 0, 0.3] if name == "hue" else [0.7, 1.0, 1.3])
    assert float(module._amount("contrast", 1.5, torch.zeros(1))) == 0, "never below nothing"


@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_images_stay_in_their_range_and_only_three_channels_have_colours(channels: int) -> None:
    x = torch.rand(6, channels, 7, 5) * 2 - 1
    strong = jitter(x, dict.fromkeys(WAYS, 0.5), DRAWN)
    assert strong.min() >= -1 and strong.max() <= 1 and not torch.allclose(strong, x, atol=0.1)
    coloured = jitter(x, {"saturation": 0.5, "hue": 0.5}, DRAWN)
    assert torch.allclose(coloured, x, atol=1e-6) == (channels != 3)


def test_each_way_has_numbers_of_its_own_whatever_else_is_asked_for() -> None:
    x, faint = 2 * X - 1, {"brightness": 0.1, "saturation": 0.2}
    both = jitter(x, faint, DRAWN)
    one_by_one = x
    for name, strength in faint.items():
        one_by_one = jitter(one_by_one, {name: strength}, DRAWN)
    torch.testing.assert_close(both, one_by_one)


def read(typed: Any) -> dict[str, float]:
    """Strengths as a configuration has them."""
    return TypeAdapter(Jitter).validate_python(typed)


def test_one_number_is_of_all_but_the_hue() -> None:
    some = {"brightness": 0.2, "contrast": 0.2, "saturation": 0.2}
    assert read("0.2") == read(0.2) == read(some) == some
    assert read("brightness:0.3,hue:0.1") == {"brightness": 0.3, "hue": 0.1}
    assert read("") == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("gamma:0.2", "There is no 'gamma' to change; choose among brightness, contrast, saturation, hue"),
        ("hue:0.6", "A hue is at most 0.5, which is half a turn; write less"),
        ("-0.2", "greater than or equal to 0"),
        ("nan", "greater than or equal to 0|finite"),
    ],
)
def test_what_changes_no_colours_is_refused(typed: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        read(typed)
