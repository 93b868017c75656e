"""A registry is a folder: each public file is one entry and its name is the name users type.

The packages of OPEN have entries from elsewhere as well: entry points that installed packages declare in a
`group`, and classes that this process has registered. A name is looked up there and nowhere else: it is
never taken for a module to import.
"""

import difflib
import importlib
import inspect
import re
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import metadata, resources
from pathlib import Path
from types import ModuleType
from typing import ClassVar, TypeVar, overload

from likeness.errors import UserError, brief, warn

T = TypeVar("T", bound="Entry")
OPEN = (
    "likeness.objectives",
    "likeness.nets",
    "likeness.priors",
    "likeness.posteriors",
    "likeness.likelihoods",
    "likeness.metrics",
    "likeness.data.sources",
)
"""Packages whose entries may come from elsewhere."""
_REGISTERED: dict[str, dict[str, type]] = {package: {} for package in OPEN}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class Entry:
    """A class that users name: the package's own by their file, others by `name` or that of the class.

    Defining a class anew, as notebooks do, puts it in the place of the one that is registered.
    """

    name: ClassVar[str]
    """What users type; of a class of one's own that does not say it, the class's name in snake case."""

    def __init_subclass__(cls, **keywords: object) -> None:
        super().__init_subclass__(**keywords)
        unnamed = "name" not in vars(cls)
        if unnamed:
            package, _, stem = cls.__module__.rpartition(".")
            cls.name = stem if package in OPEN else _snake(cls.__name__)
        for known in _REGISTERED.values():
            for name, old in known.items():
                if (unnamed or cls.name == name) and _is_definition_of(old, cls):
                    cls.name, known[name] = name, cls
                    warn(f"{name!r} now names {origin(cls)} as it is defined anew")


@overload
def register(named: type[T]) -> type[T]:
    """`@register`."""


@overload
def register(named: str) -> Callable[[type[T]], type[T]]:
    """`@register("wae_mmd")`."""


def register(named: type[T] | str) -> type[T] | Callable[[type[T]], type[T]]:
    """Let a class, a subclass of an open package's base, be found by its `name`, or by one that is given:
    `@likeness.register` or `@likeness.register("wae_mmd")`.

    A class that is registered under the same name again takes the place of the first, with a warning.
    Raises UserError for a name that the package has itself or that has other characters than letters,
    digits and underscores, for a class of no such base, and for one that lacks a method.
    """
    return _register(named, named.name) if isinstance(named, type) else lambda cls: _register(cls, named)


def _register(cls: type[T], name: str) -> type[T]:
    package = package_of(cls)
    _check(cls, name, package)
    cls.name, known = name, _REGISTERED[package]
    if known.get(name, cls) is not cls:
        warn(f"{name!r} now names {origin(cls)}, in place of {origin(known[name])}")
    known[name] = cls
    return cls


def _check(cls: type, name: str, package: str) -> None:
    """Raises UserError for a class that cannot be found by a name, or cannot be made."""
    if not _NAME.fullmatch(name):
        raise UserError(f"{origin(cls)} cannot be named {name!r}; write letters, digits and underscores")
    if name in _files(package):
        raise UserError(f"{package} has {name!r} itself; give {origin(cls)} another name")
    if is_own(cls):
        raise UserError(f"{origin(cls)} is of the package itself; derive a class from it")
    if inspect.isabstract(cls):
        lacking = ", ".join(sorted(cls.__abstractmethods__))
        raise UserError(f"{origin(cls)} has no {lacking}; define what it lacks")


def name_of(cls: type[Entry]) -> str:
    """The name by which `cls` is found; a class from elsewhere that nobody has registered is registered.

    Raises UserError if another class is found by that name.
    """
    if is_own(cls):
        return cls.name
    found = _REGISTERED[package_of(cls)].get(cls.name)
    if found is None:
        register(cls)
    elif origin(found) != origin(cls):
        raise UserError(
            f"{cls.name!r} names {origin(found)}, not {origin(cls)}; give one of them another `name`"
        )
    return cls.name


def names(package: str) -> list[str]:
    """Names of the entries of `package`, sorted; none of them is imported."""
    installed = filter(_NAME.fullmatch, _entry_points(package))
    return sorted({*_files(package), *_REGISTERED.get(package, {}), *installed})


def near(word: str, known: list[str]) -> str:
    """How an error message lists what could have been meant."""
    close = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else f"choose one of {', '.join(known)}"


def module(package: str, name: str) -> ModuleType:
    """The module `name` of `package`; UserError lists the near ones if there is none."""
    if name not in _files(package):
        raise _unknown(package, name)
    return importlib.import_module(f"{package}.{name}")


def entry(package: str, name: str, base: type) -> type:
    """The subclass of `base` that `package` has by `name`: the one that a file of that name defines, else
    one from elsewhere. Raises UserError if there is none, with the near ones, if it cannot be imported, or
    if two installed packages have one by that name."""
    if name in _files(package):
        return _defined(module(package, name), base)
    if name not in _REGISTERED.get(package, {}):
        _load(package, name)
    return _REGISTERED[package][name]


def classes(package: str, base: type) -> dict[str, type]:
    """By name, every subclass of `base` that is at hand: the package's own, and those that are registered;
    not entry points that nobody has asked for by name."""
    own = {name: entry(package, name, Entry) for name in _files(package)}
    every = own | _REGISTERED[package]
    return {name: every[name] for name in sorted(every) if issubclass(every[name], base)}


def every(package: str, base: type) -> dict[str, type]:
    """By name, every subclass of `base` that there is, entry points imported; one that cannot be is left
    out, with a warning."""
    for name in sorted(_entry_points(package).keys() - {*_files(package), *_REGISTERED[package]}):
        try:
            _load(package, name)
        except UserError as error:
            warn(str(error))
    return classes(package, base)


def package_of(cls: type) -> str:
    """The open package whose base `cls` has. Raises UserError if it has none."""
    found = _bases(cls)
    if not found:
        raise UserError(f"{cls.__name__} has no base of {', '.join(OPEN)}; derive it from one")
    return found[0]


def is_own(cls: type[Entry]) -> bool:
    """Whether a class is of a file of its package; others are from elsewhere."""
    return cls.__module__ == f"{package_of(cls)}.{cls.name}"


def origin(cls: type) -> str:
    """Where a class was defined."""
    return f"{cls.__module__}.{cls.__qualname__}"


def group(package: str) -> str:
    """The group of entry points of an open package: `likeness.data` of `likeness.data.sources`."""
    return ".".join(package.split(".")[:2])


@cache
def _files(package: str) -> list[str]:
    """Names of the public modules in `package`, sorted; nothing is imported but the package itself."""
    files = (file.name for file in resources.files(package).iterdir())
    return sorted(f[:-3] for f in files if f.endswith(".py") and not f.startswith("_"))


def _entry_points(package: str) -> dict[str, list[metadata.EntryPoint]]:
    """What installed packages have for an open package, by name: one entry point, or several that clash."""
    found: dict[str, list[metadata.EntryPoint]] = {}
    for point in _read_entry_points(_places())[package] if package in OPEN else ():
        found.setdefault(point.name, []).append(point)
    return found


def _places() -> tuple[tuple[str, int], ...]:
    """Folders that Python imports from, with the time of their last change."""
    return tuple((place, Path(place).stat().st_mtime_ns) for place in sys.path if Path(place).exists())


@lru_cache(maxsize=1)
def _read_entry_points(places: tuple[tuple[str, int], ...]) -> dict[str, list[metadata.EntryPoint]]:
    """Entry points of each open package. Reads files of every installed package, so once for all `places`."""
    every = metadata.entry_points()
    return {package: list(every.select(group=group(package))) for package in OPEN}


def _said(point: metadata.EntryPoint) -> str:
    """How an error names an entry point and the package that has it."""
    return f"{point.value} of {point.dist.name}" if point.dist else point.value


def _load(package: str, name: str) -> None:
    """Register the class of an entry point, by the entry point's name."""
    points = _entry_points(package).get(name)
    if points is None:
        raise _unknown(package, name)
    said = " and ".join(sorted(map(_said, points)))
    if len(points) > 1:
        raise UserError(f"{name!r} is installed twice, as {said}; remove one of them")
    try:
        found = points[0].load()
    except (Exception, SystemExit) as error:
        reason = brief(error, 150, named=True)
        raise UserError(f"{said}, installed as {name!r}, fails ({reason}); mend or remove it") from None
    if not (isinstance(found, type) and issubclass(found, Entry) and _bases(found)[:1] == [package]):
        raise UserError(f"{said}, installed as {name!r}, is not for {group(package)}; mend its group")
    _REGISTERED[package] = {k: cls for k, cls in _REGISTERED[package].items() if cls is not found}
    _register(found, name)


def _defined(found: ModuleType, base: type) -> type:
    """The one subclass of `base` that a module defines."""
    own = [
        value
        for value in vars(found).values()
        if isinstance(value, type) and issubclass(value, base) and value.__module__ == found.__name__
    ]
    assert len(own) == 1, f"{found.__name__} must define exactly one {base.__name__}"
    return own[0]


def _is_definition_of(old: type, cls: type) -> bool:
    """Whether a class is defined where another was, not in a function, which may make many."""
    return origin(old) == origin(cls) and "<locals>" not in cls.__qualname__


def _bases(cls: type) -> list[str]:
    """The open packages whose classes `cls` is derived from, the nearest first."""
    packages = (parent.__module__.rpartition(".")[0] for parent in cls.__mro__)
    return [package for package in packages if package in OPEN]


def _snake(name: str) -> str:
    """`FewPetals` as `few_petals`, `MyVAE` as `my_vae`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _unknown(package: str, name: str) -> UserError:
    kind = package.rpartition(".")[2].replace("_", " ")
    return UserError(f"{name!r} is not among the {kind}; {near(name, names(package))}")
