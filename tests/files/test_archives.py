"""NumPy files, sound and hostile."""

import io
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likeness.data.settings import DataSettings
from likeness.data.sources.arrays import Arrays
from likeness.errors import UserError
from likeness.files.archives import npz
from support.made_images import noise

IMAGES = noise(20, 6, 6, 3)


def read(path, **settings):
    return Arrays().read(str(path), DataSettings(data=str(path), **settings))


def test_an_npz_gives_images_labels_and_names(tmp_path, loaded):
    labels = np.arange(20) % 4
    np.savez(tmp_path / "x.npz", images=IMAGES, labels=labels, label_names=list("abcd"))
    data = loaded(tmp_path / "x.npz")
    rows = [int(name[6:-1]) for name in data.train.names]
    np.testing.assert_array_equal(data.train.images, IMAGES[rows])
    np.testing.assert_array_equal(data.train.labels, labels[rows])
    assert data.label_names == tuple("abcd")


def test_a_folder_of_npz_files_gives_its_own_splits(tmp_path, loaded):
    np.savez(tmp_path / "train.npz", images=IMAGES, y=np.arange(20))
    np.savez(tmp_path / "test.npz", images=IMAGES[:5], y=np.arange(5))
    data = loaded(tmp_path)
    assert [len(s) for s in (data.train, data.validation, data.test)] == [18, 2, 5]
    np.testing.assert_array_equal(data.test.images, IMAGES[:5])


def test_an_npy_is_read_with_channels_first_too(tmp_path, loaded):
    array = noise(20, 3, 24, 24)
    np.save(tmp_path / "x.npy", array)
    data = loaded(tmp_path / "x.npy")
    assert data.shape == (3, 24, 24)
    rows = [int(name[6:-1]) for name in data.train.names]
    np.testing.assert_array_equal(data.train.images, array[rows].transpose(0, 2, 3, 1))


def test_channels_are_chosen_with_their_names(tmp_path, loaded):
    np.savez(tmp_path / "x.npz", images=IMAGES, channels=["r", "g", "b"])
    data = loaded(tmp_path / "x.npz", channels=(2, 0))
    rows = [int(name[6:-1]) for name in data.train.names]
    np.testing.assert_array_equal(data.train.images, IMAGES[rows][..., [2, 0]])
    assert data.channel_names == ("b", "r")
    with pytest.raises(UserError, match="no channel 3"):
        loaded(tmp_path / "x.npz", channels=(3,))


@pytest.mark.parametrize(
    ("arrays", "word"),
    [
        ({"images": noise(20, 36)}, r"shape \(20, 36\)"),
        ({"images": noise(2, 2, 2, 2, 3)}, "shape"),
        ({"images": np.empty((0, 4, 4, 1), np.uint8)}, "shape"),
        ({"images": np.full((9, 4, 4), "a")}, "no pixels"),
        ({"images": IMAGES, "labels": np.arange(19)}, "20 images, but labels has shape"),
        ({"images": IMAGES, "y": np.zeros((20, 2))}, "one label for each image"),
        ({"pictures": IMAGES}, "only pictures"),
        ({"images": IMAGES, "labels": np.linspace(0, 1, 20)}, "fractions"),
        ({"images": IMAGES, "labels": np.arange(20), "label_names": ["a"]}, "names of 1 classes"),
    ],
)
def test_arrays_that_are_no_labelled_images_are_refused(tmp_path, loaded, arrays, word):
    np.savez(tmp_path / "x.npz", **arrays)
    with pytest.raises(UserError, match=word):
        loaded(tmp_path / "x.npz")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_pixel_that_is_no_number_is_refused_by_name(tmp_path, loaded, value):
    images = IMAGES.astype(np.float32)
    images[7, 2, 2, 1] = value
    np.savez(tmp_path / "x.npz", images=images)
    with pytest.raises(UserError, match=r"x.npz\[7\] \(NaN or infinite pixels\)"):
        loaded(tmp_path / "x.npz")
    assert len(loaded(tmp_path / "x.npz", bad="skip").skipped) == 1


class Bomb:
    """Would show if it were unpickled."""

    def __reduce__(self):
        return (pytest.exit, ("unpickled",))


@pytest.mark.parametrize("name", ["x.npy", "x.npz"])
def test_python_objects_are_never_unpickled(tmp_path, name):
    objects = np.array([Bomb()], dtype=object)
    (np.save if name == "x.npy" else np.savez)(tmp_path / name, objects)
    with pytest.raises(UserError, match="Python objects"):
        read(tmp_path / name)
    (tmp_path / name).write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(UserError):
        read(tmp_path / name)


def npy_that_states(shape: str, body: bytes = b"") -> bytes:
    head = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + body


@pytest.mark.parametrize(
    "shape", ["(10**9,)", "(1000000000000, 64, 64)", "(-1, 4, 4)", "(5, 4, 4)", "(9, 4, 4)", "x"]
)
def test_a_header_that_lies_about_the_length_is_refused_before_memory_is_taken(tmp_path, shape):
    data = npy_that_states(shape, bytes(7 * 16))
    (tmp_path / "x.npy").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr("images.npy", data)
    for name in ("x.npy", "x.npz"):
        with pytest.raises(UserError):
            read(tmp_path / name)


def test_a_zip_bomb_is_refused_by_its_index(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", bytes(50_000_000))
    with pytest.raises(UserError, match="unpacks to"):
        read(tmp_path / "x.npz", in_memory_gib=0.01)


@pytest.mark.parametrize("name", ["../images.npy", "/tmp/images.npy", "a/b.npy", "run.sh"])
def test_members_that_name_places_are_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr(name, npy_that_states("(1,)", b"0"))
    with pytest.raises(UserError, match="no plain arrays"):
        read(tmp_path / "x.npz")


def valid() -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, images=noise(6, 4, 4), labels=np.arange(6))
    return buffer.getvalue()


VALID = valid()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), max_size=4))
def test_a_damaged_npz_is_read_right_or_refused_in_one_line(tmp_path, changes):
    data = bytearray(VALID)
    for place, value in changes:
        data[place] = value
    (tmp_path / "x.npz").write_bytes(data)
    try:
        arrays = npz(tmp_path / "x.npz", 10_000)
    except UserError as error:
        assert "\n" not in str(error)
    else:
        assert sum(array.nbytes for array in arrays.values()) <= 10_000
