"""Progress: a bar in a terminal, lines in a file, nothing where it is not wanted."""

import sys

import pytest

from likeness.commands import _progress
from likeness.commands._progress import announce, quiet
from likeness.errors import warn
from likeness.training.progress import Progress as Step

LINE = {"pixels": 0.25, "images_per_second": 100.0}


def steps(total: int | None, n: int) -> list[Step]:
    """The first steps of a training."""
    return [Step(k, total, 8 * k, LINE if k % 2 == 0 else None) for k in range(1, n + 1)]


def show(watched: list[Step]) -> None:
    """Have progress shown of all steps."""
    with _progress.Progress() as progress:
        for step in watched:
            progress.show(step)


def test_a_file_gets_a_line_in_the_end_and_no_carriage_return(capsys: pytest.CaptureFixture[str]) -> None:
    show(steps(6, 6))
    line = capsys.readouterr().err
    assert line.startswith("step 6/6, 00:00 elapsed, 00:00 left, pixels 0.25, img/s 100")
    assert line.count("\n") == 1 and "\r" not in line


def test_a_file_gets_a_line_every_so_often(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_progress, "LINE_INTERVAL", 0.0)
    show(steps(None, 3))
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines] == ["step 1", "step 2", "step 3"]
    assert "pixels 0.25" in lines[2] and "left" not in lines[2]


def test_a_terminal_gets_a_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    show(steps(6, 6))
    assert "\r" in (shown := capsys.readouterr().err) and "6/6" in shown and "elapsed" not in shown


def test_a_second_training_begins_anew(capsys: pytest.CaptureFixture[str]) -> None:
    show([*steps(4, 4), *steps(2, 2)])
    assert [line.split(",")[0] for line in capsys.readouterr().err.splitlines()] == ["step 4/4", "step 2/2"]


def test_a_warning_is_shown_while_progress_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.warns(UserWarning, match="odd"), _progress.Progress():
        warn("an odd thing")


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    token = quiet.set(True)
    try:
        show(steps(2, 2))
        announce("seed 0")
    finally:
        quiet.reset(token)
    assert capsys.readouterr() == ("", "")


def test_what_is_announced_is_printed_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    announce("seed 0")
    assert capsys.readouterr().out == "seed 0\n"
