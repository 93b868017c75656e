"""Images too large for memory, in a cache folder ($LIKENESS_CACHE or ~/.cache/likeness).

An entry is a folder written beside its place, then renamed: an entry that exists is complete.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from likeness.errors import RunError

TEMPORARY = ".partial-"
SECONDS_OF_A_DAY = 24 * 3600.0


def folder() -> Path:
    """Where entries are kept."""
    named = os.environ.get("LIKENESS_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "likeness"


def find(key: str) -> tuple[np.ndarray, dict[int, str]] | None:
    """The images, memory-mapped, and the bad rows of entry `key`, if there is one."""
    entry = folder() / key
    try:
        faults = json.loads((entry / "faults.json").read_text())
        images = np.load(entry / "images.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return None
    return images, {int(position): reason for position, reason in faults.items()}


@contextmanager
def write_entry(key: str) -> Iterator[Path]:
    """A temporary folder that becomes entry `key` if no error is raised, and is removed otherwise."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        _sweep()
        temporary = Path(tempfile.mkdtemp(prefix=f"{TEMPORARY}{key[:16]}-", dir=folder()))
    except OSError as error:
        raise _unwritable(error) from None
    try:
        yield temporary
        shutil.rmtree(folder() / key, ignore_errors=True)
        temporary.rename(folder() / key)
    except OSError as error:
        raise _unwritable(error) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


class ArrayFile:
    """An .npy file that images are appended to."""

    def __init__(self, folder: Path, shape: tuple[int, ...], dtype: str) -> None:
        self.folder, self.shape, self.dtype = folder, shape, np.dtype(dtype)
        self.file = (folder / "images.npy").open("wb")
        self._header(shape)

    def append(self, images: np.ndarray) -> int:
        """Append some images; returns their number."""
        if len(images):
            self.file.write(np.ascontiguousarray(images, dtype=self.dtype).data)
        return len(images)

    def close(self, count: int, faults: dict[int, str]) -> None:
        """Write the number of images and the rows of bad ones, and flush both to disk."""
        self.file.seek(0)
        self._header((count, *self.shape[1:]))
        os.fsync(self.file.fileno())
        self.file.close()
        (self.folder / "faults.json").write_text(json.dumps(faults))

    def _header(self, shape: tuple[int, ...]) -> None:
        descr = np.lib.format.dtype_to_descr(self.dtype)
        header = {"descr": descr, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self.file, header)


def _sweep() -> None:
    """Remove what killed processes left behind; what is younger than a day may still be in use."""
    for left in folder().glob(f"{TEMPORARY}*"):
        if time.time() - left.stat().st_mtime > SECONDS_OF_A_DAY:
            shutil.rmtree(left, ignore_errors=True)


def _unwritable(error: OSError) -> RunError:
    return RunError(
        f"cannot write the image cache {folder()} ({error.strerror}); "
        "point LIKENESS_CACHE to a folder with room, or raise --in-memory-gib"
    )
