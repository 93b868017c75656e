"""The command `likeness`: one verb for each file in commands/."""

import ast
import os
import signal
import sys
import warnings
from collections.abc import Callable
from importlib import resources
from typing import Any

from likeness import __version__, registry
from likeness.errors import LikenessError, LikenessWarning, UserError

COMMANDS = "likeness.commands"


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
    if not words or words[0] in ("-h", "--help"):
        print(_help())
        return 0
    if words[0] == "--version":
        print(f"likeness {__version__}")
        return 0
    from likeness.runs.signals import end_with_one_line, listen

    listen(end_with_one_line)
    if words[0] not in _commands():
        near = registry.suggestion(words[0], _commands())
        raise UserError(f"{words[0]!r} is not among the commands; {near}")
    name = words[0].replace("-", "_")
    command = registry.module(COMMANDS, name)  # imports torch only where the verb needs it
    return command.run(words[1:]) or 0


def _help() -> str:
    lines = [f"  {name:<13} {_sentence(name)}" for name in _commands()]
    head = "likeness: autoencoders whose measure of likeness is learned from your own data"
    usage = "usage: likeness COMMAND ...      likeness COMMAND --help"
    return "\n".join([head, "", usage, "", *lines])


def _commands() -> list[str]:
    """What users type."""
    return [name.replace("_", "-") for name in registry.names(COMMANDS)]


def _sentence(command: str) -> str:
    """The first line of a command's module, read without importing it."""
    name = command.replace("-", "_")
    source = resources.files(COMMANDS).joinpath(f"{name}.py").read_text()
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
