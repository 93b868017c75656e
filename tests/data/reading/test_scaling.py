"""Stored values to [-1, 1] and back."""

import json

import numpy as np
import pytest
import torch

from likeness.data.reading.scaling import Scaling, scaling_of
from likeness.errors import UserError
from support.made_images import noise


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_integers_come_back_exactly(dtype):
    images = noise(9, 5, 4, 3, dtype=dtype)
    scaling = scaling_of(images)
    np.testing.assert_array_equal(scaling.from_unit(scaling.to_unit(images)), images)
    assert scaling.from_unit(scaling.to_unit(images)).dtype == dtype


def test_eight_bits_have_fixed_ends_and_channels_come_first():
    images = np.array([[[[0, 255], [51, 102]]]], np.uint8)
    x = scaling_of(images).to_unit(images)
    torch.testing.assert_close(x, torch.tensor([[[[-1.0, -0.6]], [[1.0, -0.2]]]]))


def test_each_channel_of_sixteen_bits_fills_the_range():
    images = noise(9, 5, 4, 2, dtype="uint16") // np.array([1, 100], np.uint16)
    x = scaling_of(images).to_unit(images)
    for channel in range(2):
        assert x[:, channel].min() == -1
        assert x[:, channel].max() == pytest.approx(1)


def test_floats_come_back_closely():
    images = np.random.default_rng(0).normal(1e3, 7, (9, 5, 4, 2)).astype(np.float32)
    scaling = scaling_of(images)
    np.testing.assert_allclose(scaling.from_unit(scaling.to_unit(images)), images, atol=1e-3)


@pytest.mark.parametrize("value", [0.0, 3.0, -1e30])
def test_a_constant_channel_becomes_zero(value):
    images = np.stack([np.full((3, 4, 4), value), noise(3, 4, 4)], axis=-1).astype(np.float32)
    x = scaling_of(images).to_unit(images)
    assert (x[:, 0] == 0).all()


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_values_beyond_the_range_are_clipped(dtype):
    scaling = Scaling(dtype, (0.0,), (float(np.iinfo(dtype).max),))
    out = scaling.from_unit(torch.tensor([-3.0, 3.0]).view(1, 1, 1, 2))
    assert out.ravel().tolist() == [0, np.iinfo(dtype).max]


def test_the_document_is_json_and_gives_the_same_rule():
    scaling = scaling_of(noise(3, 4, 4, 2, dtype="uint16"))
    assert Scaling.from_document(json.loads(json.dumps(scaling.document()))) == scaling


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"dtype": "uint8", "low": 3, "high": 4},
        {"dtype": "object", "low": [0], "high": [1]},
        {"dtype": "uint8", "low": [0, 0], "high": [1]},
        {"dtype": "uint8", "low": [1], "high": [1]},
        {"dtype": "uint8", "low": [0], "high": [float("nan")]},
    ],
)
def test_a_document_that_is_no_rule_is_refused(document):
    with pytest.raises(UserError, match="the scaling"):
        Scaling.from_document(document)
