"""Files are whole or not there."""

import os
from pathlib import Path

import pytest

from likeness.errors import RunError
from likeness.files import atomic


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    atomic.write(tmp_path / "a", b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match=r"a could not be written \(No space left on device, 2.0 MiB"):
        atomic.write(tmp_path / "a", b"x" * 2**21)
    with pytest.raises(RunError, match=r"new could not be written"):
        atomic.write_folder(tmp_path / "new", {"x": b"x"})
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"
