"""idx files as MNIST's."""

import gzip
import hashlib
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likeness.data.sources.idx import idx
from likeness.errors import UserError
from support.made_images import noise


def idx_bytes(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def write(folder, part, images, labels, gz):
    opener, end = (gzip.open, ".gz") if gz else (open, "")
    with opener(folder / f"{part}-images-idx3-ubyte{end}", "wb") as file:
        file.write(idx_bytes(images))
    with opener(folder / f"{part}-labels-idx1-ubyte{end}", "wb") as file:
        file.write(idx_bytes(labels.astype(np.uint8)))


@pytest.mark.parametrize("gz", [True, False])
def test_a_folder_like_mnist_gives_both_its_splits(tmp_path, loaded, gz):
    write(tmp_path, "train", noise(20, 5, 5), np.arange(20) % 3, gz)
    write(tmp_path, "t10k", noise(6, 5, 5, seed=1), np.arange(6) % 3, gz)
    data = loaded(tmp_path)
    assert [len(s) for s in (data.train, data.validation, data.test)] == [18, 2, 6]
    np.testing.assert_array_equal(data.test.images[..., 0], noise(6, 5, 5, seed=1))
    np.testing.assert_array_equal(data.test.labels, np.arange(6) % 3)


def test_one_file_finds_the_labels_beside_it(tmp_path, loaded):
    write(tmp_path, "train", noise(20, 5, 5), np.arange(20) % 3, True)
    data = loaded(tmp_path / "train-images-idx3-ubyte.gz")
    assert len(data.test) == 2
    assert data.train.labelled


GOOD = idx_bytes(noise(10, 4, 4))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "does not begin"),
        (b"\1" + GOOD[1:], "does not begin"),
        (GOOD[:2] + b"\x0a" + GOOD[3:], "does not begin"),
        (GOOD[:10], "states the size"),
        (GOOD[:-1], "fewer bytes"),
        (GOOD + b"0", "more bytes"),
        (GOOD[:4] + b"\xff" * 12 + GOOD[16:], "states the size"),
    ],
)
@pytest.mark.parametrize("gz", [True, False])
def test_a_wrong_magic_number_or_length_is_refused(tmp_path, data, word, gz):
    path = tmp_path / f"x-images-idx3-ubyte{'.gz' if gz else ''}"
    path.write_bytes(gzip.compress(data) if gz else data)
    with pytest.raises(UserError, match=word):
        idx(path, 10**6)


def test_a_file_that_is_not_gzip_is_refused(tmp_path):
    path = tmp_path / "x-images-idx3-ubyte.gz"
    path.write_bytes(GOOD)
    with pytest.raises(UserError, match="cannot be read"):
        idx(path, 10**6)


def test_labels_in_another_number_than_images_are_refused(tmp_path, loaded):
    write(tmp_path, "train", noise(20, 5, 5), np.arange(19), False)
    with pytest.raises(UserError, match="19 labels for 20 images"):
        loaded(tmp_path)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=30), st.booleans())
def test_any_bytes_are_an_array_or_one_line(tmp_path, tail, gz):
    path = tmp_path / ("f.gz" if gz else "f")
    path.write_bytes(GOOD[: 30 - len(tail)] + tail)
    try:
        assert idx(path, 1000).nbytes <= 1000
    except UserError as error:
        assert "\n" not in str(error)


def test_mnist_is_the_published_one(real_data):
    images = idx(real_data("mnist") / "t10k-images-idx3-ubyte.gz", 10**8)
    published = "2646ac647ad5339dbf082846283269ea"
    assert hashlib.md5(idx_bytes(images)).hexdigest() == published
