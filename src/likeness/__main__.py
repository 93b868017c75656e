"""The command `likeness`: one verb for each file in commands/verbs/."""

import os
import signal
import sys
import warnings
from collections.abc import Callable
from typing import Any

from likeness import __version__
from likeness.errors import LikenessError, LikenessWarning


def main(arguments: list[str] | None = None) -> int:
    """Run a command line; its exit code. Errors that a user can mend are one line."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", LikenessWarning)
            warnings.showwarning = _show(warnings.showwarning)
            code = _run(words)
        sys.stdout.flush()
        return code
    except LikenessError as error:
        print(f"likeness: {' '.join(str(error).splitlines())}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _show(others: Callable[..., None]) -> Callable[..., None]:
    """How warnings are shown: those of this package in one line, once, `others` as they were."""
    shown = set[str]()

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if not issubclass(category, LikenessWarning):
            others(message, category, *where, **more)
            return
        if str(message) not in shown:
            print(f"likeness: {' '.join(str(message).splitlines())}", file=sys.stderr)
        shown.add(str(message))

    return show


def _run(words: list[str]) -> int:
    """Do what a command line says; its exit code."""
    if words and words[0] == "--version":
        print(f"likeness {__version__}")
        return 0
    from likeness.runs.signals import end_with_one_line, listen

    listen(end_with_one_line)
    from likeness.commands import command_line

    command_line.run(words)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
