"""Errors that a user can mend, shown as one line `<fact>; <remedy>`, and warnings."""

import warnings


def error_summary(error: BaseException, max_length: int, with_type: bool = False) -> str:
    """The message of another library's error on one line of at most `max_length` characters, after the
    name of its type if `with_type`."""
    message = f"{type(error).__name__}: {error}" if with_type else str(error)
    return " ".join(message.split())[:max_length]


class LikenessError(Exception):
    """Base class of all errors that end a command with one line instead of a traceback."""

    exit_code = 1


class UserError(LikenessError):
    """An input is wrong: an option, a file, a label, an argument."""

    exit_code = 2


class RunError(LikenessError):
    """A failure at run time: a loss that is not finite, a full disk, a damaged checkpoint."""


class Stopped(LikenessError):
    """A signal ended the training; everything is saved."""

    def __init__(self, message: str, signal_number: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + signal_number


class LikenessWarning(UserWarning):
    """A fact that is no error: an assumption, something left out, a change of the data."""


def warn(fact: str) -> None:
    """Warn of a fact, in one line. Commands print it on stderr; programs get a `LikenessWarning`, which
    they may filter."""
    warnings.warn(fact, LikenessWarning, stacklevel=2)
