"""The command itself: which verbs there are, how it ends, and what it says where something is wrong."""

import os
import signal
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import likeness
from likeness.__main__ import main
from likeness.commands import _index
from likeness.errors import LikenessError, RunError, Stopped, UserError
from likeness.runs.signals import SIGNALS
from support.processes import process

PROJECT = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text())["project"]
SCRIPT = "import sys; from likeness.__main__ import main; sys.exit(main())"
"""What the installed command does."""


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """What a command does with signals ends with the test."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_command_that_is_installed_is_the_modules_own() -> None:
    place, _, name = PROJECT["scripts"]["likeness"].partition(":")
    assert getattr(import_module(place), name) is import_module("likeness.__main__").main
    said = process("-m", "likeness", "--version")
    assert said.stdout == f"likeness {likeness.__version__}\n"


def test_the_list_of_commands_needs_no_torch() -> None:
    code = (
        "import sys; from likeness.__main__ import main; main(['--help']);"
        "sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    )
    said = process("-c", code)
    assert (said.returncode, said.stderr) == (0, "")
    shown = " ".join(said.stdout.split())
    for name in _index.names():
        assert f" {name} {_index.find(name).summary}" in shown
    assert "exit codes: 0 done, 1 a failure at run time, 2 wrong input" in shown


@pytest.mark.parametrize("words", [[], ["-h"]])
def test_no_command_and_a_short_flag_say_the_same_as_help(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--help"]) == 0
    helped = capsys.readouterr()
    assert main(words) == 0
    assert capsys.readouterr() == helped and "usage: likeness COMMAND" in helped.out


def test_a_refusal_of_the_process_is_exit_2_and_one_line() -> None:
    said = process("-m", "likeness", "trian")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "likeness: 'trian' is not among the commands; did you mean train or metric?\n"


@pytest.mark.parametrize("unbuffered", ["1", ""])
def test_a_reader_that_goes_away_is_no_error(unbuffered: str) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        said = process("-c", SCRIPT, "--help", out=write, PYTHONUNBUFFERED=unbuffered)
    finally:
        os.close(write)
    assert (said.returncode, said.stderr) == (0, "")


UNKNOWN = [
    ("sampel", "'sampel' is not among the commands; did you mean sample?"),
    ("_options", "'_options' is not among the commands; did you mean"),
    ("../train", "'../train' is not among the commands; did you mean train"),
    ("--bogus", "'--bogus' is not among the commands; choose one of"),
    ("check_metric", "'check_metric' is not among the commands; did you mean check-metric"),
]


@pytest.mark.parametrize(("word", "message"), UNKNOWN)
def test_what_is_no_verb_is_refused_with_those_that_are_near(
    word: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word]) == 2
    out, err = capsys.readouterr()
    assert out == "" and message in err and err.count("\n") == 1


ENDS = [
    (UserError("a file\nis missing; name another"), 2),
    (RunError("the disk is full; make room"), 1),
    (Stopped("stopped by SIGTERM; nothing was left half-written", signal.SIGTERM), 143),
]


@pytest.mark.parametrize(("error", "code"), ENDS)
def test_an_error_that_can_be_mended_is_one_line_and_a_code_of_its_kind(
    error: LikenessError, code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: str) -> None:
        raise error

    monkeypatch.setattr("likeness.runs.run.run_of", failing)
    assert main(["info", "run"]) == code
    assert capsys.readouterr().err == f"likeness: {' '.join(str(error).split())}\n"


def test_our_own_mistakes_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: str) -> None:
        raise AssertionError("ours")

    monkeypatch.setattr("likeness.runs.run.run_of", broken)
    with pytest.raises(AssertionError, match="ours"):
        main(["info", "run"])
