"""Images given to a trained model."""

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.data.reading.given import images_of
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.shapes import Shape
from support.made_images import noise, png

RGB = Scaling("uint8", (0.0,) * 3, (255.0,) * 3)
SHAPE = Shape(3, 8, 8)


def save(path, array):
    Image.fromarray(array).save(path)
    return path


def test_given_images_are_scaled_as_the_training_images_were(pictures):
    paths = sorted(pictures.iterdir())[:3]
    x = images_of(paths, RGB, SHAPE)
    stored = np.stack([np.asarray(Image.open(path)) for path in paths])
    assert torch.equal(x, RGB.to_unit(stored))


def test_grey_serves_as_colour(tmp_path):
    x = images_of([save(tmp_path / "g.png", noise(8, 8))], RGB, SHAPE)
    assert torch.equal(x[:, 0], x[:, 2])


def test_the_settings_of_the_run_fit_an_image(tmp_path):
    path = save(tmp_path / "photo.png", noise(40, 60, 3))
    x = images_of([path], RGB, SHAPE, DataSettings(data="any", size="8"))
    assert x.shape == (1, 3, 8, 8)


def test_an_array_of_many_channels_is_an_image(tmp_path):
    scaling = Scaling("uint16", (0.0,) * 5, (60_000.0,) * 5)
    np.save(tmp_path / "x.npy", noise(8, 8, 5, dtype="uint16"))
    assert images_of([tmp_path / "x.npy"], scaling, Shape(5, 8, 8)).shape == (1, 5, 8, 8)


@pytest.mark.parametrize(
    ("array", "word"),
    [
        (noise(9, 8, 3), "is 3x9x8 .* but the model takes 3x8x8"),
        (noise(8, 8, dtype="uint16"), "holds uint16, but the model was trained on uint8"),
        (noise(8, 8, 4), "is 3x8x8|takes"),
    ],
)
def test_another_shape_or_type_is_refused_with_both(tmp_path, array, word):
    shape = Shape(4, 8, 8) if array.shape[-1] == 4 else SHAPE
    with pytest.raises(UserError, match=word):
        images_of([save(tmp_path / "x.png", array)], RGB, shape)


@pytest.mark.parametrize("data", [None, b"", b"<html>", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_image_is_refused_by_name(tmp_path, data):
    if data is not None:
        (tmp_path / "x.png").write_bytes(data)
    with pytest.raises(UserError, match=r"x.png"):
        images_of([tmp_path / "x.png"], RGB, SHAPE)


@pytest.mark.parametrize(
    "of",
    [
        lambda x: x,
        lambda x: torch.from_numpy(x).permute(0, 3, 1, 2),
        lambda x: torch.from_numpy(x),
        lambda x: x.transpose(0, 3, 1, 2),
        lambda x: [Image.fromarray(one) for one in x],
        lambda x: [png(one) for one in x],
        list,
    ],
)
def test_arrays_tensors_and_pil_images_are_seen_as_files_are(of):
    stored = noise(4, 8, 8, 3)
    assert torch.equal(images_of(of(stored), RGB, SHAPE), RGB.to_unit(stored))


def test_one_image_is_a_batch_of_one(pictures):
    stored, path = noise(8, 8, 3), sorted(pictures.iterdir())[0]
    one = RGB.to_unit(stored[None])
    for given in (stored, torch.from_numpy(stored).permute(2, 0, 1), Image.fromarray(stored)):
        assert torch.equal(images_of(given, RGB, SHAPE), one)
    assert torch.equal(images_of(path, RGB, SHAPE), images_of([str(path)], RGB, SHAPE))


def test_floats_are_in_the_range_of_the_training_data():
    scaling = Scaling("float32", (0.0,), (1.0,))
    x = np.random.default_rng(0).random((5, 8, 8))
    expected = torch.from_numpy(x).float()[:, None] * 2 - 1
    torch.testing.assert_close(images_of(x, scaling, Shape(1, 8, 8)), expected)
    torch.testing.assert_close(images_of(x[0], scaling, Shape(1, 8, 8)), expected[:1])
    with pytest.raises(UserError, match="image 0 holds float32, but the model was trained on uint8"):
        images_of(x.repeat(3, 0).reshape(5, 8, 8, 3), RGB, SHAPE)


def test_what_holds_no_images_is_refused():
    with pytest.raises(UserError, match="no images are given"):
        images_of([], RGB, SHAPE)
    with pytest.raises(UserError, match="image 1 is of type int"):
        images_of([noise(8, 8, 3), 4], RGB, SHAPE)
    with pytest.raises(UserError, match="image 0 has NaN"):
        images_of(np.full((8, 8, 3), np.nan), RGB, SHAPE)
