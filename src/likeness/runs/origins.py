"""Where the classes of a run that do not belong to the package were defined. This is text for error
messages; nothing in it is ever imported."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from likeness import registry
from likeness.config import Config
from likeness.errors import UserError
from likeness.registry import Entry

Origins = dict[str, dict[str, str]]
"""By package and name, where a class was defined."""


def origins(config: Config) -> Origins:
    """Where the classes of a configuration that are not the package's own were defined."""
    found: Origins = {}
    for cls in (type(value) for part in (config.objective, config.net) for value in _entries(part)):
        if not registry.is_own(cls):
            found.setdefault(registry.package_of(cls), {})[registry.name_of(cls)] = registry.origin(cls)
    return found


def _entries(value: Any) -> Iterator[Entry]:
    """Every object in a value, and the value itself, whose class has a registered name."""
    if isinstance(value, Entry):
        yield value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _entries(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from _entries(part)


def check_at_hand(about: dict[str, Any]) -> None:
    """Raises UserError if a class that a run was trained with is not registered in this program."""
    try:
        kept = TypeAdapter(Origins).validate_python(about["made_with"]["classes"])
    except (KeyError, TypeError, ValidationError):
        return  # what was kept is for this message alone
    for package, found in kept.items():
        for name, origin in found.items():
            if package in registry.OPEN_PACKAGES and name not in registry.names(package):
                raise _missing_origin_error(package.rpartition(".")[2], name, origin)


def _missing_origin_error(kind: str, name: str, origin: str) -> UserError:
    module, _, cls = origin.rpartition(".")
    fact = f"{name!r} is not among the {kind}"
    if module == "__main__":
        return UserError(f"{fact}; it was {cls} of a notebook or a script: define it before")
    return UserError(
        f"{fact}; it was {origin}: import that module before, or install the package that has it"
    )
