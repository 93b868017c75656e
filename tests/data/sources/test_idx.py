"""idx files as MNIST's."""

import gzip
import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likeness.data.sources.idx import idx
from likeness.errors import UserError
from support.loading import Load
from support.made_images import noise


def idx_bytes(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def write(folder: Path, part: str, images: np.ndarray, labels: np.ndarray, gz: bool) -> None:
    packed, end = (gzip.compress, ".gz") if gz else (bytes, "")
    (folder / f"{part}-images-idx3-ubyte{end}").write_bytes(packed(idx_bytes(images)))
    (folder / f"{part}-labels-idx1-ubyte{end}").write_bytes(packed(idx_bytes(labels.astype(np.uint8))))


@pytest.mark.parametrize("gz", [True, False])
def test_a_folder_like_mnist_gives_both_its_splits(tmp_path: Path, loaded: Load, gz: bool) -> None:
    write(tmp_path, "train", noise(20, 5, 5), np.arange(20) % 3, gz)
    write(tmp_path, "t10k", noise(6, 5, 5, seed=1), np.arange(6) % 3, gz)
    data = loaded(tmp_path)
    assert [len(s) for s in (data.train, data.validation, data.test)] == [18, 2, 6]
    np.testing.assert_array_equal(data.test.images[..., 0], noise(6, 5, 5, seed=1))
    np.testing.assert_array_equal(data.test.labels, np.arange(6) % 3)


def test_one_file_finds_the_labels_beside_it(tmp_path: Path, loaded: Load) -> None:
    write(tmp_path, "train", noise(20, 5, 5), np.arange(20) % 3, True)
    data = loaded(tmp_path / "train-images-idx3-ubyte.gz")
    assert len(data.test) == 2
    assert data.train.labelled


GOOD, SHORT = idx_bytes(noise(10, 4, 4)), idx_bytes(noise(22))


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
def test_a_wrong_magic_number_or_length_is_refused(
    tmp_path: Path, data: bytes, word: str, gz: bool
) -> None:
    path = tmp_path / f"x-images-idx3-ubyte{'.gz' if gz else ''}"
    path.write_bytes(gzip.compress(data) if gz else data)
    with pytest.raises(UserError, match=word):
        idx(path, 10**6)


def test_a_file_that_is_not_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x-images-idx3-ubyte.gz"
    path.write_bytes(GOOD)
    with pytest.raises(UserError, match="cannot be read"):
        idx(path, 10**6)


def test_labels_in_another_number_than_images_are_refused(tmp_path: Path, loaded: Load) -> None:
    write(tmp_path, "train", noise(20, 5, 5), np.arange(19), False)
    with pytest.raises(UserError, match="19 labels for 20 images"):
        loaded(tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([GOOD, SHORT]), st.binary(max_size=30), st.booleans())
def test_any_bytes_are_an_array_or_one_line(tmp_path: Path, good: bytes, tail: bytes, gz: bool) -> None:
    path = tmp_path / ("f.gz" if gz else "f")
    written = good[: 30 - len(tail)] + tail
    path.write_bytes(written)
    try:
        found = idx(path, 1000)
    except UserError as error:
        assert "\n" not in str(error)
    else:
        assert found.nbytes <= 1000
        assert written.endswith(found.astype(found.dtype.newbyteorder(">")).tobytes())


@pytest.mark.parametrize(
    ("code", "dtype"), [(8, "u1"), (9, "i1"), (11, "i2"), (12, "i4"), (13, "f4"), (14, "f8")]
)
@pytest.mark.parametrize("shape", [(7,), (3, 2), (2, 3, 4), (2, 1, 3, 2)])
def test_every_type_of_number_and_depth_is_read(
    tmp_path: Path, code: int, dtype: str, shape: tuple[int, ...]
) -> None:
    values = np.linspace(0, 100, int(np.prod(shape))).reshape(shape).astype(f">{dtype}")
    head = struct.pack(f">HBB{len(shape)}I", 0, code, len(shape), *shape)
    (tmp_path / "f").write_bytes(head + values.tobytes())
    found = idx(tmp_path / "f", 1000)
    assert found.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(found, values)


def test_files_of_several_sizes_are_refused(tmp_path: Path, loaded: Load) -> None:
    write(tmp_path, "train", noise(20, 5, 5), np.arange(20), True)
    write(tmp_path, "t10k", noise(6, 4, 4), np.arange(6), True)
    with pytest.raises(UserError, match="hold images of several sizes; name one of them"):
        loaded(tmp_path)


def test_labels_count_only_where_every_file_has_them(tmp_path: Path, loaded: Load) -> None:
    write(tmp_path, "train", noise(20, 5, 5), np.arange(20) % 3, False)
    write(tmp_path, "t10k", noise(6, 5, 5, seed=1), np.arange(6) % 3, False)
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    assert not loaded(tmp_path).train.labelled


def test_mnist_is_the_published_one(real_data: Callable[[str], Path]) -> None:
    images = idx(real_data("mnist") / "t10k-images-idx3-ubyte.gz", 10**8)
    published = "2646ac647ad5339dbf082846283269ea"
    assert hashlib.md5(idx_bytes(images)).hexdigest() == published
