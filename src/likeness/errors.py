"""The errors a user can mend, each shown as one line: `<fact>; <remedy>`; and what a user should know."""

import warnings


def brief(error: BaseException, most: int, named: bool = False) -> str:
    """What another library's error says, on one line of `most` characters; its kind first, if `named`."""
    said = f"{type(error).__name__}: {error}" if named else str(error)
    return " ".join(said.split())[:most]


class LikenessError(Exception):
    """Anything that ends a command with one line instead of a traceback."""

    exit_code = 1


class UserError(LikenessError):
    """What the user typed or gave is wrong: an option, a file, a label."""

    exit_code = 2


class RunError(LikenessError):
    """Something failed while running: a loss that is not finite, a full disk, a damaged checkpoint."""


class Stopped(LikenessError):
    """A signal asked for an end; everything is saved."""

    def __init__(self, message: str, signal_number: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + signal_number


class LikenessWarning(UserWarning):
    """What a user should know, and nothing is wrong with: what was assumed, left out or found changed."""


def warn(fact: str) -> None:
    """Let the user know a fact, in one line: a command prints it on stderr, a program has it as a
    `LikenessWarning`, which it may filter."""
    warnings.warn(fact, LikenessWarning, stacklevel=2)
