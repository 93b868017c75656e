"""Arrays in .npy and .npz files: read without pickle and never larger than allowed, and written."""

import io
import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from likeness.errors import UserError, error_summary

MAX_MEMBERS = 100
MAX_BYTES = 2**33
"""Of a file of codes or of the like, unpacked."""
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


@runtime_checkable
class Stream(Protocol):
    """A file to read bytes from, unpacked on the way or not."""

    def read(self, size: int = -1, /) -> bytes:
        """The next `size` bytes at most; all that are left by default."""
        ...

    def tell(self) -> int:
        """Number of bytes read so far."""
        ...


def npy(path: Path) -> np.ndarray:
    """The array of an .npy file, memory-mapped. Raises UserError if it is not sound."""
    with path.open("rb") as file:
        check_array_header(file, path.stat().st_size, str(path))
    return np.load(path, mmap_mode="r", allow_pickle=False)


def npy_of(content: bytes, name: str) -> np.ndarray:
    """The array in the bytes of an .npy file. Raises UserError, with the name, if it is not sound."""
    check_array_header(io.BytesIO(content), len(content), name)
    return np.load(io.BytesIO(content), allow_pickle=False)


def npz(path: Path, limit: int) -> dict[str, np.ndarray]:
    """The arrays of an .npz file by name, together at most `limit` bytes. Raises UserError."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.infolist(), limit, str(path))
            return {m.filename[:-4]: _member(archive, m, path) for m in archive.infolist()}
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise UserError(f"{path} is no sound .npz file ({error}); write it again") from None
    except Exception as error:  # zlib, lzma, struct: hostile archives raise anything
        if isinstance(error, UserError):
            raise
        raise UserError(f"{path} is damaged ({error}); write it again") from None


def arrays(path: Path, what: str, remedy: str) -> dict[str, np.ndarray]:
    """The arrays of an .npz file by name, or that of an .npy file under "". Raises UserError, which says
    that it holds no `what`, and the remedy."""
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == b"PK"
        return npz(path, MAX_BYTES) if zipped else {"": npy(path)}
    except (OSError, ValueError) as error:
        reason = f"it cannot be read ({error_summary(error, 100)})"
    except UserError as error:
        reason = str(error).partition(";")[0].replace(f"{path} ", "it ", 1)
    raise UserError(f"{path} holds no {what}, because {reason}; {remedy}")


def npz_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """What an .npz file of these arrays is. Raises ValueError for Python objects."""
    if objects := [name for name, array in arrays.items() if array.dtype.hasobject]:
        raise ValueError(f"Object arrays cannot be saved when allow_pickle=False: {objects[0]}")
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def npy_bytes(array: np.ndarray) -> bytes:
    """What an .npy file of this array is."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _check_members(members: list[zipfile.ZipInfo], limit: int, name: str) -> None:
    """Raises UserError for what the archive's own index shows to be hostile or too large."""
    names = [m.filename for m in members]
    strange = [n for n in names if not n.endswith(".npy") or "/" in n or "\\" in n or ".." in n]
    if strange or len(set(names)) < len(names) or len(names) > MAX_MEMBERS:
        raise UserError(
            f"{name} has members that are no plain arrays ({(strange or names)[0]!r}); "
            "write it with numpy.savez"
        )
    declared = sum(m.file_size for m in members)
    if declared > limit:
        raise UserError(
            f"{name} unpacks to {declared / 2**30:.1f} GiB; "
            "raise --in-memory-gib, or store the images as .npy"
        )


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> np.ndarray:
    name = f"{path}:{member.filename}"
    with archive.open(member) as file:
        check_array_header(file, member.file_size, name)
    with archive.open(member) as file:
        array = np.lib.format.read_array(file, allow_pickle=False)
        if file.read(1):  # reading to the end also compares the checksum
            raise UserError(f"{name} is longer than its header says; write it again")
    return array


def check_array_header(file: Stream, size: int, name: str) -> None:
    """Raises UserError unless an .npy header, as stated, fits the `size` of its file."""
    try:
        version = np.lib.format.read_magic(file)
        shape, _, dtype = _HEADERS[version](file)
    except (ValueError, KeyError, EOFError) as error:
        raise UserError(f"{name} is no sound .npy file ({_line(error)}); write it again") from None
    if dtype.hasobject:
        raise UserError(f"{name} holds Python objects, which are not read; store plain numbers")
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != size - file.tell():
        raise UserError(f"{name} is not as long as its header says; write it again")


def _line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
