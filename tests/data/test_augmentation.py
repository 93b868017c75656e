"""Training images shifted, flipped, rotated, cropped and changed in colour."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import ndimage
from torch import Tensor

from likeness.data.augmentation import (
    UNCHANGED,
    Augmentation,
    rotate_and_crop,
    shift_and_flip,
)
from likeness.data.reading.scaling import scaling_of
from support.made_images import noise, smooth
from support.small_runs import KINDS, pixels


def by_loops(images: np.ndarray, mirror: np.ndarray, move: np.ndarray) -> np.ndarray:
    """Each image with its edges repeated by NumPy and a window cut out, which is then mirrored."""
    height, width = images.shape[1:3]
    made = []
    for image, turned, (down, right) in zip(images, mirror, move):
        wide = np.pad(image, ((9, 9), (9, 9), (0, 0)), mode="edge")
        moved = wide[9 - down : 9 - down + height, 9 - right : 9 - right + width]
        made.append(moved[:, ::-1] if turned else moved)
    return np.stack(made)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("most", [0, 1, 9])
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), height=st.integers(1, 7), width=st.integers(1, 7))
def test_images_are_those_that_numpy_pads_and_mirrors(
    dtype: str, most: int, seed: int, height: int, width: int
) -> None:
    random = np.random.default_rng(seed)
    images = noise(6, height, width, 2, seed=seed, dtype=dtype)
    mirror, move = random.random(6) < 0.5, random.integers(-most, most + 1, (6, 2))
    found = shift_and_flip(torch.from_numpy(images.copy()), mirror, move)
    assert found.dtype == torch.from_numpy(images).dtype
    np.testing.assert_array_equal(found.numpy(), by_loops(images, mirror, move))


def applied(how: Augmentation, images: np.ndarray, seed: int = 0, part: slice = slice(None)) -> Tensor:
    """Stored images, changed by choices drawn with a seed."""
    choices = how.choices(np.random.default_rng(seed), len(images)).of(part)
    return how(torch.from_numpy(images[part].copy()), scaling_of(images), choices)


ALL = Augmentation(flip=True, shift=2, rotate=30, crop=0.6, jitter={"brightness": 0.3, "contrast": 0.3})
WAYS: list[dict[str, Any]] = [
    {"flip": True}, {"shift": 2}, {"rotate": 20}, {"crop": 0.7}, {"jitter": "0.3"},
]  # fmt: skip


@pytest.mark.parametrize("options", WAYS, ids=lambda options: next(iter(options)))
@pytest.mark.parametrize(("dtype", "channels"), KINDS)
def test_every_way_changes_images_within_their_type_and_range(
    dtype: str, channels: int, options: dict[str, Any]
) -> None:
    images = pixels(8, 9, 7, channels, dtype=dtype)
    kept = images.copy()
    found = applied(Augmentation(**options), images).numpy()
    assert (found.dtype, found.shape) == (images.dtype, images.shape)
    assert (found != images).any((1, 2, 3)).sum() > 2
    np.testing.assert_array_equal(images, kept)
    slack = 1e-5 * np.ptp(images) if dtype == "float32" else 0
    assert found.min() >= images.min() - slack and found.max() <= images.max() + slack


@pytest.mark.parametrize(("dtype", "channels"), KINDS)
def test_what_is_not_asked_for_is_not_done_and_off_is_off(dtype: str, channels: int) -> None:
    images = pixels(8, 9, 7, channels, dtype=dtype)
    stored = torch.from_numpy(images)
    off = Augmentation(crop=1, rotate=0, jitter={"hue": 0.0}, shift=0)
    for how in (UNCHANGED, off):
        made = how(stored, scaling_of(images), how.choices(np.random.default_rng(0), 8))
        assert made.data_ptr() == stored.data_ptr() and made.dtype == stored.dtype
        assert not how.resamples and not how.recolours


def test_what_is_drawn_for_flips_and_shifts_does_not_depend_on_other_ways() -> None:
    alone, among = (
        how.choices(np.random.default_rng(3), 20) for how in (Augmentation(flip=True, shift=2), ALL)
    )
    assert all(np.array_equal(a, b) for a, b in zip(alone, among))
    assert ((alone.window >= 0) & (alone.window < 1)).all() and alone.colours.shape == (20, 4)


def test_a_part_of_a_batch_is_changed_as_in_the_whole() -> None:
    images = pixels(8, 9, 7, 3, dtype="float32")
    whole = applied(ALL, images)
    parts = [applied(ALL, images, part=slice(first, first + 2)) for first in range(0, 8, 2)]
    assert torch.equal(whole, torch.cat(parts))
    assert not torch.equal(whole, applied(ALL, images, seed=1))


X = torch.rand(4, 2, 8, 8, generator=torch.Generator().manual_seed(0)).double()
WHOLE, MIDDLE = np.ones(4), np.full(4, 0.5)


@pytest.mark.parametrize("turns", [-2, -1, 0, 1, 2])
def test_a_square_turned_by_right_angles_is_its_pixels_in_another_order(turns: int) -> None:
    found = rotate_and_crop(X, np.full(4, 90.0 * turns), WHOLE, MIDDLE, MIDDLE)
    torch.testing.assert_close(found, torch.rot90(X, turns, (2, 3)))


@pytest.mark.parametrize(("top", "left"), [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)])
def test_a_part_is_that_of_the_image_enlarged(top: float, left: float) -> None:
    share, place = np.full(4, 0.5), (np.full(4, top), np.full(4, left))
    x = X.repeat_interleave(2, 2).repeat_interleave(3, 3)  # 16 x 24: no square
    found = rotate_and_crop(x, np.zeros(4), share, *place)
    r, c = int(top * 8), int(left * 12)
    cut = x[:, :, r : r + 8, c : c + 12]
    # pixels of the enlarged part lie a quarter of a pixel beside those of the image: 3 parts to 1
    larger = torch.nn.functional.interpolate(cut, scale_factor=2, mode="bilinear")
    torch.testing.assert_close(found[:, :, 1:-1, 1:-1], larger[:, :, 1:-1, 1:-1])


def test_a_turn_around_the_middle_is_that_of_scipy() -> None:
    x = smooth(2, 25).double()
    found = rotate_and_crop(x, np.array([25.0, -40.0]), *(part[:2] for part in (WHOLE, MIDDLE, MIDDLE)))
    for image, made, degrees in zip(x, found, (25, -40)):
        wanted = [ndimage.rotate(plane, degrees, reshape=False, order=1, mode="reflect") for plane in image]
        np.testing.assert_allclose(made.numpy(), np.stack(wanted), atol=1e-6)


def test_angles_shares_and_places_reach_their_bounds_and_no_further(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[np.ndarray] = []

    def watched(x: Tensor, *how: np.ndarray) -> Tensor:
        seen.extend(how)
        return x

    monkeypatch.setattr("likeness.data.augmentation.rotate_and_crop", watched)
    applied(Augmentation(rotate=15, crop=0.8), noise(2000, 2, 2, 1))
    for drawn, low, high in zip(seen, (-15, 0.8, 0, 0), (15, 1, 1, 1)):
        assert low <= drawn.min() < low + 0.02 * (high - low)
        assert high - 0.02 * (high - low) < drawn.max() <= high
        assert drawn.mean() == pytest.approx((low + high) / 2, abs=0.03 * (high - low))


@pytest.mark.parametrize(
    "options", [{"shift": -1}, {"crop": 0}, {"crop": 1.1}, {"rotate": -1}, {"rotate": 181}]
)
def test_settings_without_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Augmentation(**options)


def test_of_flips_alone_nothing_else_is_left() -> None:
    assert ALL.flips_alone == Augmentation(flip=True) and UNCHANGED.flips_alone == UNCHANGED


def test_colours_that_images_do_not_have_are_said_to_be_left_out(recwarn: pytest.WarningsRecorder) -> None:
    typed: Any = "0.2"
    some = Augmentation(jitter=typed)
    some.check(3)
    Augmentation(jitter={"brightness": 0.2}).check(1)
    assert not recwarn.list
    some.check(1)
    assert [str(w.message) for w in recwarn] == [
        "images of other than 3 channels have no saturation; --jitter leaves it out"
    ]
