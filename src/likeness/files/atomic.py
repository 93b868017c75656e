"""Files that are either whole or not there: written beside, flushed to disk, then renamed."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from likeness.errors import RunError

TEMPORARY = ".partial-"


def write(path: Path, content: bytes) -> None:
    """Write a file atomically. Raises RunError, with the old file intact, if there is no room."""
    beside = path.with_name(TEMPORARY + path.name)
    try:
        _flush(beside, content)
        os.replace(beside, path)
        _flush_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise _failure(path, len(content), error) from None


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files atomically: it appears complete or not at all."""
    beside = path.with_name(TEMPORARY + path.name)
    shutil.rmtree(beside, ignore_errors=True)
    try:
        beside.mkdir(parents=True)
        for name, content in files.items():
            _flush(beside / name, content)
        _flush_folder(beside)
        os.replace(beside, path)
        _flush_folder(path.parent)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise _failure(path, sum(map(len, files.values())), error) from None


def replace_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files in the place of one that may be there; for a moment there is neither. Raises
    RunError, with the old one intact, if there is no room."""
    fresh, old = (path.with_name(f"{TEMPORARY}{age}-{path.name}") for age in ("new", "old"))
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    write_folder(fresh, files)
    if path.exists():
        os.replace(path, old)
    os.replace(fresh, path)
    _flush_folder(path.parent)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Within this no other process or thread makes what is to be at `path`: they wait. Raises RunError
    where nothing can be written beside it."""
    try:
        file = path.with_name(f".lock-{path.name}").open("w")
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError as error:
        raise _failure(path, 0, error) from None
    with file:
        yield


def append(path: Path, line: str) -> None:
    """Add a line to a log."""
    try:
        with path.open("a") as file:
            file.write(line + "\n")
    except OSError as error:
        raise _failure(path, len(line), error) from None


def sweep(folder: Path) -> None:
    """Remove what an interrupted write left behind."""
    for left in folder.glob(f"{TEMPORARY}*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def _flush(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failure(path: Path, size: int, error: OSError) -> RunError:
    need = f"{size / 2**20:.1f} MiB"
    return RunError(
        f"{path} could not be written ({error.strerror}, {need} needed); make room or choose another "
        "folder, then resume from the last checkpoint"
    )
