"""Archives of arrays: sound, hostile and damaged ones."""

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likeness.errors import UserError
from likeness.files.archives import arrays, npy, npy_bytes, npz, npz_bytes
from support.made_images import noise


def read(path: Path) -> object:
    return npy(path) if path.suffix == ".npy" else npz(path, 10**9)


def test_arrays_come_back_as_they_were_written(tmp_path: Path) -> None:
    written = {"codes": noise(5, 3).astype(np.float32), "names": np.array(["a", "bc"]), "one": np.array(7)}
    (tmp_path / "x.npz").write_bytes(npz_bytes(written))
    (tmp_path / "x.npy").write_bytes(npy_bytes(written["codes"]))
    found = npz(tmp_path / "x.npz", 10**4)
    assert list(found) == list(written)
    for name, array in found.items():
        assert array.dtype == written[name].dtype
        np.testing.assert_array_equal(array, written[name])
    np.testing.assert_array_equal(npy(tmp_path / "x.npy"), written["codes"])


def test_a_file_is_known_by_its_first_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "zipped").write_bytes(npz_bytes({"a": np.arange(3)}))
    (tmp_path / "plain.npz").write_bytes(npy_bytes(np.arange(4)))
    assert arrays(tmp_path / "zipped", "codes", "")["a"].tolist() == [0, 1, 2]
    assert arrays(tmp_path / "plain.npz", "codes", "")[""].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file"), (b"", "no sound .npy"), (b"PK", "no sound .npz"), (b"text", "no sound .npy")],
)
def test_a_file_of_something_else_is_refused_with_reason_and_remedy(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "codes.npy"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=f"^{path} holds no codes, because it .*{reason}") as error:
        arrays(path, "codes", "save them with likeness encode")
    assert str(error.value).endswith("; save them with likeness encode")
    assert "\n" not in str(error.value)


def test_python_objects_are_not_written() -> None:
    objects = np.array([{}], dtype=object)
    for write in (npy_bytes, lambda array: npz_bytes({"a": array})):
        with pytest.raises(ValueError, match="Object arrays cannot be saved"):
            write(objects)


class Bomb:
    """Would show if it were unpickled."""

    def __reduce__(self) -> tuple:
        return (pytest.exit, ("unpickled",))


@pytest.mark.parametrize("name", ["x.npy", "x.npz"])
def test_python_objects_are_never_unpickled(tmp_path: Path, name: str) -> None:
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
def test_a_header_that_lies_about_the_length_is_refused_before_memory_is_taken(
    tmp_path: Path, shape: str
) -> None:
    data = npy_that_states(shape, bytes(7 * 16))
    (tmp_path / "x.npy").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr("images.npy", data)
    for name in ("x.npy", "x.npz"):
        with pytest.raises(UserError):
            read(tmp_path / name)


def test_a_zip_bomb_is_refused_by_its_index(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", bytes(5_000_000))
    with pytest.raises(UserError, match="unpacks to"):
        npz(tmp_path / "x.npz", 1_000_000)


@pytest.mark.parametrize("name", ["../images.npy", "/tmp/images.npy", "a/b.npy", "run.sh"])
def test_members_that_name_places_are_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr(name, npy_that_states("(1,)", b"0"))
    with pytest.raises(UserError, match="no plain arrays"):
        read(tmp_path / "x.npz")


SOUND = {"images": noise(6, 4, 4), "labels": np.arange(6)}


def valid() -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **SOUND)
    return buffer.getvalue()


VALID = valid()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.integers(0, 255)), max_size=4))
def test_a_damaged_npz_is_read_right_or_refused_in_one_line(
    tmp_path: Path, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(VALID)
    for place, value in changes:
        data[place] = value
    (tmp_path / "x.npz").write_bytes(data)
    try:
        found = npz(tmp_path / "x.npz", 10_000)
    except UserError as error:
        assert "\n" not in str(error)
    else:
        assert sum(array.nbytes for array in found.values()) <= 10_000
        for name, array in found.items():
            np.testing.assert_array_equal(array, SOUND[name])
