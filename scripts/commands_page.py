"""Write docs/commands.md: the help of every command, as it is printed.

python scripts/commands_page.py            # write it
python scripts/commands_page.py --check    # say whether it is up to date
"""

import os
import sys
from pathlib import Path

from likeness.commands import _help, _index, command_line
from likeness.commands._verb import Verb

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
WIDTH = "100"
"""Columns of the pages of help."""
HEAD = """# Commands

Each command is a function of Python, too, with the same names and arguments:
`likeness.commands.sample("runs/x", n=16)` does what `likeness sample runs/x -n 16` does. This page is
what `likeness COMMAND --help-all` prints; `--help` leaves out options that few trainings need.

Everywhere: `--quiet` prints nothing but errors and warnings; commands with numbers print them as JSON
with `--json`. Progress is a bar in a terminal, and a line every 30 seconds in a file. A setting of a
training may be written with its section (`--training.batch` for `--batch`), and must be where its name
alone is ambiguous. Errors are one line on stderr.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | a failure at run time: a loss that is not finite, a full disk, a damaged checkpoint |
| 2 | wrong input: an option, a file, a label |
| 128 + N | ended by signal N; a training has saved everything |

Completion of commands, options and settings in bash, zsh or fish: `likeness completion SHELL`.
"""
METHOD_EXAMPLE = "vae_gan"
"""The method whose settings the page shows."""


def page() -> str:
    """The page."""
    os.environ["COLUMNS"] = WIDTH
    parts = [HEAD]
    for title, verbs in _index.groups().items():
        parts.append(f"## {title.capitalize()}\n")
        parts += [_section(verb) for verb in verbs]
    return "\n".join(parts)


def _section(verb: Verb) -> str:
    """The help of one command; of `train`, that of one method, and of others with settings, without
    these."""
    words = [METHOD_EXAMPLE] if verb.name == "train" else []
    if verb.takes_settings and not words:
        shown = _help.page(verb, command_line.common_switches(verb), {}, every=True)
    else:
        shown = command_line.help_page(verb, words, every=True)
    name = " ".join(["likeness", verb.name, *words])
    return f"### `{name}`\n\n```text\n{shown}\n```\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(
            0 if PAGE.read_text() == page() else f"{PAGE.name} is out of date; run scripts/commands_page.py"
        )
    PAGE.write_text(page())
