"""Where the classes of a configuration that are not the package's own were defined: text, for errors alone.

Nothing that is written here is ever imported.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from likeness import registry
from likeness.config import Config
from likeness.errors import UserError
from likeness.registry import Entry

Origins = Mapping[str, Mapping[str, str]]
"""Where each class was defined, by package and name."""


def origins(config: Config) -> dict[str, dict[str, str]]:
    """The classes in a configuration that come from elsewhere."""
    found: dict[str, dict[str, str]] = {}
    for value in (*_entries(config.objective), *_entries(config.net)):
        name, package = registry.name_of(type(value)), registry.package_of(type(value))
        if registry.origin(type(value)).rpartition(".")[0] != f"{package}.{name}":
            found.setdefault(package, {})[name] = registry.origin(type(value))
    return found


def _entries(value: Any) -> Iterator[Entry]:
    """Every object within a value, itself too, whose class users name."""
    if isinstance(value, Entry):
        yield value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _entries(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _entries(part)
