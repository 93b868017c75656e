"""Training images mirrored and moved."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from likeness.data.augmentation import augmented
from support.made_images import noise


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
    found = augmented(torch.from_numpy(images.copy()), mirror, move)
    assert found.dtype == torch.from_numpy(images).dtype
    np.testing.assert_array_equal(found.numpy(), by_loops(images, mirror, move))


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("most", [0, 2])
def test_the_stored_images_stay_as_they_were(dtype: str, most: int) -> None:
    images = noise(6, 5, 4, 3, dtype=dtype)
    stored = torch.from_numpy(images.copy())
    found = augmented(stored, np.ones(6, bool), np.full((6, 2), most))
    np.testing.assert_array_equal(stored.numpy(), images)
    assert not np.array_equal(found.numpy(), images)
