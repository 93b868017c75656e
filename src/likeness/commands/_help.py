"""Pages of help, in two columns: what is typed, and what it means."""

import shutil
import textwrap
from collections.abc import Iterable, Mapping

from likeness import __version__, registry
from likeness.commands._verb import Argument, Verb
from likeness.options import Option, shortest_ends

INDENT = 26
"""Columns of what is typed."""
MAX_WIDTH = 110
"""Columns of a page in a wide terminal."""
Row = tuple[str, str]
EXIT_CODES = "exit codes: 0 done, 1 a failure at run time, 2 wrong input, 128 + N ended by signal N"


def page(verb: Verb, common: Mapping[str, str], settings: Mapping[str, list[Option]], every: bool) -> str:
    """The help of a verb; `settings` by group are those of a training. Rare options are shown if
    `every`."""
    arguments = list(verb.arguments.values())
    positional = [a for a in arguments if a.is_positional]
    rows = [
        (_left(_with_negative(a), a.metavar), a.explanation, a.is_rare)
        for a in arguments
        if not a.is_positional
    ]
    rows += [(f"--{name}", text, name == "json") for name, text in common.items()]
    words = [_usage(a.name.upper(), a.is_list, a.is_required) for a in positional]
    parts = [
        f"usage: likeness {' '.join([verb.name, *words])} [options]",
        *_paragraphs(verb.summary, verb.description),
        _section("arguments", [(a.name.upper(), a.explanation) for a in positional]),
        _section("options", [(left, right) for left, right, rare in rows if every or not rare]),
    ]
    shortest = shortest_ends({option.path for group in settings.values() for option in group})
    for title, group in settings.items():
        shown = [option for option in group if every or not option.rare]
        parts.append(_section(title, [_row(option, shortest[option.path]) for option in shown]))
    hidden = any(rare for *_, rare in rows) or any(o.rare for group in settings.values() for o in group)
    parts.append(
        f"`likeness {verb.name} --help-all` shows rare options, too." if hidden and not every else ""
    )
    return "\n\n".join(filter(None, parts))


def overview(groups: Mapping[str, Iterable[Verb]]) -> str:
    """The help of the whole program: all verbs, by group."""
    parts = [
        f"likeness {__version__}: autoencoders whose measure of likeness is learned from your own data",
        "usage: likeness COMMAND ...      likeness COMMAND --help",
        *(
            _section(title, [(verb.name, verb.summary) for verb in verbs])
            for title, verbs in groups.items()
        ),
        EXIT_CODES,
    ]
    return "\n\n".join(parts)


def _usage(name: str, is_list: bool, is_required: bool) -> str:
    """A positional argument in the line of usage."""
    word = f"{name}..." if is_list else name
    return word if is_required else f"[{word}]"


def _paragraphs(*texts: str) -> list[str]:
    """Texts of a docstring, wrapped; an indented part is left as it is."""
    parts = [part for text in texts for part in text.split("\n\n") if part.strip()]
    return [
        part if part.startswith(" ") else textwrap.fill(" ".join(part.split()), _width()) for part in parts
    ]


def _section(title: str, rows: list[Row]) -> str:
    """Rows under a title; "" if there are none."""
    return "\n".join([f"{title}:", *(line for row in rows for line in _lines(*row))]) if rows else ""


def _lines(left: str, right: str) -> list[str]:
    """A row; what is typed stands in a line of its own where it is too long for its column."""
    wrapped = textwrap.wrap(right, _width() - INDENT) or [""]
    head = f"  {left}"
    if len(head) > INDENT - 2:
        return [head, *(" " * INDENT + line for line in wrapped)]
    first, *rest = wrapped
    return [f"{head:<{INDENT}}{first}", *(" " * INDENT + line for line in rest)]


def _with_negative(argument: Argument) -> list[str]:
    """How an option is written; a switch that may be on already, with what turns it off."""
    names = argument.spellings
    both = argument.is_switch and argument.default is not False
    return [*names, f"--no-{names[-1][2:]}"] if both else names


def _left(spellings: list[str], metavar: str) -> str:
    """An option as it is typed."""
    return f"{', '.join(spellings)} {metavar}".strip()


def _row(option: Option, end: str) -> Row:
    """A setting as an option; a choice is among what other packages have installed, too."""
    name, metavar = end.replace("_", "-"), option.metavar
    if option.package:
        installed = registry.additional_names(option.package)
        metavar = "|".join(sorted({*metavar.split("|"), *installed}))
    names = [f"--{name}"]
    if option.is_switch and option.help.endswith("(default: on)"):
        names.append(f"--no-{name}")
    return _left(names, metavar), option.help


def _width() -> int:
    """Columns of a page: those of the terminal, 100 where there is none."""
    return min(shutil.get_terminal_size((100, 24)).columns, MAX_WIDTH)
