"""Files are whole or not there, and those who make the same one take turns."""

import fcntl
import os
from pathlib import Path

import pytest

from likeness.errors import RunError
from likeness.files import atomic


def full(descriptor: int) -> None:
    """What a disk without room does."""
    raise OSError(28, "No space left on device")


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    atomic.write(tmp_path / "a", b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match=r"a could not be written \(No space left on device, 2.0 MiB"):
        atomic.write(tmp_path / "a", b"x" * 2**21)
    with pytest.raises(RunError, match=r"new could not be written"):
        atomic.write_folder(tmp_path / "new", {"x": b"x"})
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_what_is_written_is_flushed_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content first, then the name, then the folder that has the name."""
    done: list[str | int] = []
    flush, rename = os.fsync, os.replace

    def flushed(descriptor: int) -> None:
        done.append(os.fstat(descriptor).st_ino)
        flush(descriptor)

    def renamed(old: Path, new: Path) -> None:
        done.append(f"{old.name} is now {new.name}")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", renamed)
    atomic.write(tmp_path / "a", b"new")
    assert done == [(tmp_path / "a").stat().st_ino, ".partial-a is now a", tmp_path.stat().st_ino]


def test_a_folder_appears_with_all_its_files(tmp_path: Path) -> None:
    (tmp_path / ".partial-new").mkdir()
    (tmp_path / ".partial-new" / "left").write_bytes(b"of a write that was killed")
    atomic.write_folder(tmp_path / "new", {"x": b"1", "y": b"2"})
    assert {p.name: p.read_bytes() for p in (tmp_path / "new").iterdir()} == {"x": b"1", "y": b"2"}
    assert [p.name for p in tmp_path.iterdir()] == ["new"]


def test_a_folder_is_not_written_over_one_that_is_there(tmp_path: Path) -> None:
    atomic.write_folder(tmp_path / "a", {"x": b"old"})
    with pytest.raises(RunError, match="a could not be written"):
        atomic.write_folder(tmp_path / "a", {"x": b"new"})
    assert (tmp_path / "a" / "x").read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_folder_takes_the_place_of_another_whole_or_the_other_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "best"
    for content in ({"a": b"1", "b": b"2"}, {"a": b"3"}):
        (tmp_path / ".partial-old-best").mkdir()  # as a kill leaves it
        atomic.replace_folder(path, content)
        assert {p.name: p.read_bytes() for p in path.iterdir()} == content
        assert list(tmp_path.iterdir()) == [path]
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match="could not be written"):
        atomic.replace_folder(path, {"c": b"4"})
    assert list(tmp_path.rglob("*")) == [path, path / "a"]


def test_where_nothing_can_be_written_the_path_and_the_remedy_are_said(tmp_path: Path) -> None:
    for attempt in (
        lambda: atomic.write(tmp_path / "none" / "a", b"x"),
        lambda: atomic.append(tmp_path / "none" / "a", "x"),
        lambda: atomic.alone(tmp_path / "none" / "a").__enter__(),
    ):
        with pytest.raises(RunError, match=r"none/a could not be written \(No such file.*; make room or"):
            attempt()


def test_lines_are_added_one_after_the_other(tmp_path: Path) -> None:
    for line in ("one", "two"):
        atomic.append(tmp_path / "log", line)
    assert (tmp_path / "log").read_text() == "one\ntwo\n"


def test_what_an_interrupted_write_has_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".partial-file").write_text("half")
    (tmp_path / ".partial-folder" / "below").mkdir(parents=True)
    (tmp_path / "file").write_text("whole")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / ".partial-other").write_text("of another folder")
    atomic.sweep(tmp_path)
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")) == [
        "below", "below/.partial-other", "file",
    ]  # fmt: skip


def test_within_no_other_has_the_lock_and_afterwards_anyone(tmp_path: Path) -> None:
    with atomic.alone(tmp_path / "a"):
        other = (tmp_path / ".lock-a").open("w")
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    other.close()
