"""What a user is shown of an error: one line, and how a command ends."""

import signal
import warnings

import pytest

from likeness.__main__ import main
from likeness.errors import (
    LikenessError,
    LikenessWarning,
    RunError,
    Stopped,
    UserError,
    error_summary,
    warn,
)


@pytest.mark.parametrize(("most", "shown"), [(100, "a b c d"), (3, "a b")])
def test_what_another_library_says_is_shown_on_one_line_of_so_many_characters(
    most: int, shown: str
) -> None:
    assert error_summary(ValueError("a\n  b\tc\r\n d\n"), most) == shown


def test_the_kind_of_an_error_comes_first_if_it_is_to_be_named() -> None:
    assert (
        error_summary(ZeroDivisionError("by\nnought"), 100, with_type=True)
        == "ZeroDivisionError: by nought"
    )
    assert error_summary(KeyError("a"), 100) == "'a'"


@pytest.mark.parametrize("kind", [UserError, RunError])
def test_errors_that_end_a_command_are_told_from_others_by_their_code(kind: type[LikenessError]) -> None:
    assert issubclass(kind, LikenessError)
    assert kind("x; y").exit_code == {UserError: 2, RunError: 1}[kind]


def test_an_end_by_a_signal_has_the_shells_code_for_it() -> None:
    """128 and the signal's number, which the shell's own convention makes 130 for Ctrl-C."""
    stopped = [Stopped("saved", number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert [error.exit_code for error in stopped] == [130, 143]
    assert Stopped("saved", signal.SIGINT).args == ("saved",)
    assert UserError("x").exit_code == 2, "the class's own code stays"


def test_a_program_has_what_a_user_should_know_as_a_warning() -> None:
    with pytest.warns(LikenessWarning, match="^2 images are new$"):
        warn("2 images are new")


def test_a_command_prints_each_such_fact_once_on_one_line_of_stderr_and_others_as_ever(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def verb(words: list[str]) -> int:
        for _ in range(2):
            warn("2 images\nare new")
        warnings.warn("of another library", DeprecationWarning, stacklevel=1)
        return 0

    monkeypatch.setattr("likeness.__main__._run", verb)
    with warnings.catch_warnings(record=True) as others:
        warnings.simplefilter("always")
        assert main(["anything"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "likeness: 2 images are new\n")
    assert [str(other.message) for other in others] == ["of another library"]
