"""Settings of trainings on a command line: whose they are, and their full names."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from likeness import registry
from likeness.commands import _catalogue
from likeness.commands._parser import Words, option_of, options_of
from likeness.commands._verb import Verb
from likeness.errors import UserError
from likeness.options import AmbiguousNameError, Option, last_parts, resolve, shortest_ends


def by_full_name(verb: Verb, parsed: Words) -> dict[str, Any]:
    """The settings of a command line by their full names. Raises UserError for a name that no training of
    the verb has, with similar ones, and for an ambiguous one."""
    if not parsed.settings:
        return {}
    known = [
        {option.path for group in _catalogue.options_of(*scope).values() for option in group}
        for scope in scopes(verb, parsed.arguments)
    ]
    return {_full_name(verb, name, known): value for name, value in parsed.settings.items()}


def scopes(verb: Verb, arguments: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    """Methods, each with its network family, whose settings a verb takes with some arguments."""
    module = import_module(verb.function.__module__)
    return module.scopes(arguments)


def merge(groups: Iterable[dict[str, list[Option]]]) -> dict[str, list[Option]]:
    """The options of several methods by group, each once."""
    merged: dict[str, list[Option]] = {}
    for group in groups:
        for title, options in group.items():
            merged.setdefault(title, options)
    return merged


def _full_name(verb: Verb, name: str, known: list[set[str]]) -> str:
    """The full name of a setting in the first training that has it."""
    spelled = option_of(name)
    for paths in known:
        try:
            path = resolve(name, paths)
        except AmbiguousNameError as error:
            ends = shortest_ends(paths)
            choices = " or ".join(option_of(ends[path]) for path in error.paths)
            raise UserError(f"{spelled} is several settings; write {choices}") from None
        if path:
            return path
    ends = {end for paths in known for end in last_parts(paths)}
    known_options = sorted({*options_of(verb), *map(option_of, ends)})
    near = registry.suggestion(spelled, known_options, f"see `likeness {verb.name} --help-all`")
    raise UserError(f"{spelled!r} is not understood; {near}")
