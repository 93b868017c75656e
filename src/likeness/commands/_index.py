"""The verbs there are."""

from importlib import import_module

from likeness import registry
from likeness.commands._verb import Verb
from likeness.errors import UserError

VERBS = "likeness.commands.verbs"
GROUPS = (
    *("train and look", "make images", "change images", "measure", "take with you", "draw codes"),
    *("make a paper's results again", "set up"),
)
"""Titles of the groups of verbs, in the order of help."""


def names() -> list[str]:
    """The verbs, as they are typed."""
    return [name.replace("_", "-") for name in registry.own_names(VERBS)]


def groups() -> dict[str, list[Verb]]:
    """All verbs by the title of their group."""
    found: dict[str, list[Verb]] = {title: [] for title in GROUPS}
    for name in names():
        verb = find(name)
        found[verb.group].append(verb)
    return found


def find(name: str) -> Verb:
    """The verb called `name`. Raises UserError, with similar names, if there is none."""
    if name not in names():
        raise UserError(f"{name!r} is not among the commands; {registry.suggestion(name, names())}")
    module = name.replace("-", "_")
    return getattr(import_module(f"{VERBS}.{module}"), module).verb
