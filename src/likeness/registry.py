"""Lookup of classes by name. A registry is a package: each public file is one entry, called as the file.

The packages in OPEN_PACKAGES have further entries: entry points that installed packages declare, and
classes that this process has registered. A name is looked up there only; it is never imported as a module.
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

from likeness.errors import UserError, error_summary, warn

T = TypeVar("T", bound="Entry")
OPEN_PACKAGES = (
    "likeness.objectives",
    "likeness.nets",
    "likeness.priors",
    "likeness.posteriors",
    "likeness.likelihoods",
    "likeness.metrics",
    "likeness.data.sources",
)
"""Packages to which other packages and programs may add entries."""
_REGISTERED: dict[str, dict[str, type]] = {package: {} for package in OPEN_PACKAGES}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class Entry:
    """Base class of everything that users choose by name.

    Defining a registered class again, as notebooks do, replaces it, with a warning.
    """

    name: ClassVar[str]
    """Name of the class for users: its file for the package's own classes; for others as they define it, or
    else the class's name in snake case."""

    def __init_subclass__(cls, **keywords: object) -> None:
        super().__init_subclass__(**keywords)
        unnamed = "name" not in vars(cls)
        if unnamed:
            package, _, stem = cls.__module__.rpartition(".")
            cls.name = stem if package in OPEN_PACKAGES else _snake_case(cls.__name__)
        for registered in _REGISTERED.values():
            for name, old in registered.items():
                if (unnamed or cls.name == name) and _is_redefinition(old, cls):
                    cls.name, registered[name] = name, cls
                    warn(f"{name!r} now names the new definition of {origin(cls)}")


@overload
def register(class_or_name: type[T]) -> type[T]:
    """`@register`."""


@overload
def register(class_or_name: str) -> Callable[[type[T]], type[T]]:
    """`@register("wae_mmd")`."""


def register(class_or_name: type[T] | str) -> type[T] | Callable[[type[T]], type[T]]:
    """Make a class available by name: `@likeness.register`, or `@likeness.register("wae_mmd")` for another
    name than its `name`.

    A second class of the same name replaces the first, with a warning. Raises UserError for a name that the
    package itself uses or that is not made of letters, digits and underscores, for a class without a base
    class of OPEN_PACKAGES, and for a class with abstract methods.
    """
    if isinstance(class_or_name, type):
        return _register(class_or_name, class_or_name.name)
    return lambda cls: _register(cls, class_or_name)


def _register(cls: type[T], name: str) -> type[T]:
    package = package_of(cls)
    _check(cls, name, package)
    cls.name, registered = name, _REGISTERED[package]
    if registered.get(name, cls) is not cls:
        warn(f"{name!r} now names {origin(cls)} instead of {origin(registered[name])}")
    registered[name] = cls
    return cls


def _check(cls: type, name: str, package: str) -> None:
    """Raises UserError if a class cannot be registered under a name."""
    if not _NAME.fullmatch(name):
        raise UserError(f"{origin(cls)} cannot be named {name!r}; use letters, digits and underscores")
    if name in _files(package):
        raise UserError(f"{package} already has {name!r}; give {origin(cls)} another name")
    if is_own(cls):
        raise UserError(f"{origin(cls)} is part of the package; derive a class from it")
    if inspect.isabstract(cls):
        missing = ", ".join(sorted(cls.__abstractmethods__))
        raise UserError(f"{origin(cls)} does not define {missing}; define each of them")


def name_of(cls: type[Entry]) -> str:
    """The name of a class. A class from outside the package is registered if it is not yet.

    Raises UserError if another class is registered under the name.
    """
    if is_own(cls):
        return cls.name
    registered = _REGISTERED[package_of(cls)].get(cls.name)
    if registered is None:
        register(cls)
    elif origin(registered) != origin(cls):
        raise UserError(
            f"{cls.name!r} names {origin(registered)}, not {origin(cls)}; give one of them another `name`"
        )
    return cls.name


def names(package: str) -> list[str]:
    """Names of all entries of `package`, sorted; no entry is imported."""
    return sorted({*_files(package), *additional_names(package)})


def own_names(package: str) -> list[str]:
    """Names of the entries that are files of `package`, sorted; no entry is imported."""
    return _files(package)


def additional_names(package: str) -> list[str]:
    """Names of registered entries and entry points of `package`, sorted; nothing is imported."""
    installed = filter(_NAME.fullmatch, _entry_points(package))
    return sorted({*_REGISTERED.get(package, {}), *installed})


def suggestion(word: str, names: list[str], remedy: str = "") -> str:
    """The remedy in an error message for an unknown `word`: up to three similar names, or else `remedy`, by
    default all names."""
    similar = difflib.get_close_matches(word, names, n=3, cutoff=0.5)
    remedy = remedy or f"choose one of {', '.join(names)}"
    return f"did you mean {' or '.join(similar)}?" if similar else remedy


def module(package: str, name: str) -> ModuleType:
    """The module `name` of `package`. Raises UserError, with similar names, if there is none."""
    if name not in _files(package):
        raise _unknown(package, name)
    return importlib.import_module(f"{package}.{name}")


def entry(package: str, name: str, base: type) -> type:
    """The subclass of `base` called `name`: defined in a file of `package`, registered, or an entry point.

    Raises UserError if there is none, with similar names; if it cannot be imported; or if two installed
    packages have an entry point of that name.
    """
    if name in _files(package):
        return _defined_class(module(package, name), base)
    if name not in _REGISTERED.get(package, {}):
        _load(package, name)
    return _REGISTERED[package][name]


def classes(package: str, base: type) -> dict[str, type]:
    """The loaded subclasses of `base` by name: those in files of `package` and registered ones; entry
    points only after they were looked up by name."""
    own = {name: entry(package, name, Entry) for name in _files(package)}
    loaded = own | _REGISTERED[package]
    return {name: loaded[name] for name in sorted(loaded) if issubclass(loaded[name], base)}


def all_classes(package: str, base: type) -> dict[str, type]:
    """All subclasses of `base` by name, after all entry points are imported; those that fail are left out,
    with a warning."""
    for name in sorted(_entry_points(package).keys() - {*_files(package), *_REGISTERED[package]}):
        try:
            _load(package, name)
        except UserError as error:
            warn(str(error))
    return classes(package, base)


def package_of(cls: type) -> str:
    """The package of OPEN_PACKAGES in which a base class of `cls` is defined. Raises UserError if there is
    none."""
    packages = _base_packages(cls)
    if not packages:
        raise UserError(
            f"{cls.__name__} has no base class in {', '.join(OPEN_PACKAGES)}; derive it from one of theirs"
        )
    return packages[0]


def is_own(cls: type[Entry]) -> bool:
    """Whether a class is defined in a file of its package, not elsewhere."""
    return cls.__module__ == f"{package_of(cls)}.{cls.name}"


def origin(cls: type) -> str:
    """Module and qualified name of a class."""
    return f"{cls.__module__}.{cls.__qualname__}"


def entry_point_group(package: str) -> str:
    """The group of entry points of a package: `likeness.data` for `likeness.data.sources`."""
    return ".".join(package.split(".")[:2])


@cache
def _files(package: str) -> list[str]:
    """Names of the public modules in `package`, sorted; nothing is imported but the package itself."""
    files = (file.name for file in resources.files(package).iterdir())
    return sorted(f[:-3] for f in files if f.endswith(".py") and not f.startswith("_"))


def _entry_points(package: str) -> dict[str, list[metadata.EntryPoint]]:
    """Entry points for a package by name; a name of several entry points is a conflict."""
    points: dict[str, list[metadata.EntryPoint]] = {}
    for point in _read_entry_points(_places())[package] if package in OPEN_PACKAGES else ():
        points.setdefault(point.name, []).append(point)
    return points


def _places() -> tuple[tuple[str, int], ...]:
    """Folders that Python imports from, with the time of their last change."""
    return tuple((place, Path(place).stat().st_mtime_ns) for place in sys.path if Path(place).exists())


@lru_cache(maxsize=1)
def _read_entry_points(places: tuple[tuple[str, int], ...]) -> dict[str, list[metadata.EntryPoint]]:
    """Entry points of each open package, read from disk once for `places`."""
    every = metadata.entry_points()
    return {package: list(every.select(group=entry_point_group(package))) for package in OPEN_PACKAGES}


def _description(point: metadata.EntryPoint) -> str:
    """An entry point and its package in an error message."""
    return f"{point.value} of {point.dist.name}" if point.dist else point.value


def _load(package: str, name: str) -> None:
    """Register the class of an entry point under the entry point's name."""
    points = _entry_points(package).get(name)
    if points is None:
        raise _unknown(package, name)
    places = " and ".join(sorted(map(_description, points)))
    if len(points) > 1:
        raise UserError(f"{name!r} is installed twice, as {places}; remove one of them")
    try:
        cls = points[0].load()
    except (Exception, SystemExit) as error:
        reason = error_summary(error, 150, with_type=True)
        raise UserError(f"{places}, installed as {name!r}, fails ({reason}); mend or remove it") from None
    if not (isinstance(cls, type) and issubclass(cls, Entry) and _base_packages(cls)[:1] == [package]):
        group = entry_point_group(package)
        raise UserError(f"{places}, installed as {name!r}, does not belong to {group}; mend its group")
    _REGISTERED[package] = {k: other for k, other in _REGISTERED[package].items() if other is not cls}
    _register(cls, name)


def _defined_class(defining_module: ModuleType, base: type) -> type:
    """The one subclass of `base` that a module defines."""
    own = [
        value
        for value in vars(defining_module).values()
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == defining_module.__name__
    ]
    assert len(own) == 1, f"{defining_module.__name__} must define exactly one {base.__name__}"
    return own[0]


def _is_redefinition(old: type, cls: type) -> bool:
    """Whether a class has the module and name of an older one, outside of functions, which may make
    many."""
    return origin(old) == origin(cls) and "<locals>" not in cls.__qualname__


def _base_packages(cls: type) -> list[str]:
    """The packages of OPEN_PACKAGES in which base classes of `cls` are defined, the nearest first."""
    packages = (parent.__module__.rpartition(".")[0] for parent in cls.__mro__)
    return [package for package in packages if package in OPEN_PACKAGES]


def _snake_case(name: str) -> str:
    """`FewPetals` as `few_petals`, `MyVAE` as `my_vae`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _unknown(package: str, name: str) -> UserError:
    kind = package.rpartition(".")[2].replace("_", " ")
    return UserError(f"{name!r} is not among the {kind}; {suggestion(name, names(package))}")
