"""A registry is a folder: each public file is one entry and its name is the name users type.

The packages of OPEN have entries from elsewhere as well: entry points that installed packages declare in a
group of the package's name, and classes that this process has registered. A name is looked up there and
nowhere else: it is never taken for a module to import.
"""

import difflib
import importlib
import re
import warnings
from importlib import metadata, resources
from types import ModuleType
from typing import ClassVar, TypeVar

from likeness.errors import UserError, brief

T = TypeVar("T", bound="Entry")
OPEN = (
    "likeness.objectives",
    "likeness.nets",
    "likeness.priors",
    "likeness.posteriors",
    "likeness.likelihoods",
)
"""Packages whose entries may come from elsewhere."""
_REGISTERED: dict[str, dict[str, type]] = {package: {} for package in OPEN}


class Entry:
    """A class that users name: the package's own by their file, others by `name` or that of the class."""

    name: ClassVar[str]
    """What users type; of a class of one's own that does not say it, the class's name in snake case."""

    def __init_subclass__(cls, **keywords: object) -> None:
        super().__init_subclass__(**keywords)
        if "name" not in vars(cls):
            package, _, stem = cls.__module__.rpartition(".")
            cls.name = stem if package in OPEN else _snake(cls.__name__)


def register(cls: type[T]) -> type[T]:
    """Let `cls`, a subclass of an open package's base, be found by its `name`; a decorator.

    A class that is registered under the same name again takes the place of the first, with a warning.
    Raises UserError for a name that the package has itself, and a class of no such base.
    """
    package = _package(cls)
    if cls.name in _files(package):
        raise UserError(f"{package} has {cls.name!r} itself; give {cls.__name__} another name")
    known = _REGISTERED[package]
    if known.get(cls.name, cls) is not cls:
        warnings.warn(f"{cls.name!r} now names {_origin(cls)}, in place of another class", stacklevel=2)
    known[cls.name] = cls
    return cls


def name_of(cls: type[Entry]) -> str:
    """The name by which `cls` is found; a class from elsewhere that nobody has registered is registered.

    Raises UserError if another class is found by that name.
    """
    package = _package(cls)
    if cls.__module__ == f"{package}.{cls.name}":
        return cls.name
    found = _REGISTERED[package].get(cls.name)
    if found is None:
        register(cls)
    elif _origin(found) != _origin(cls):
        raise UserError(
            f"{cls.name!r} names {_origin(found)}, not {_origin(cls)}; give one of them another `name`"
        )
    return cls.name


def names(package: str) -> list[str]:
    """Names of the entries of `package`, sorted; none of them is imported."""
    return sorted({*_files(package), *_REGISTERED.get(package, {}), *_entry_points(package)})


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
    one from elsewhere. Raises UserError if there is none, with the near ones, or it cannot be imported."""
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


def _files(package: str) -> list[str]:
    """Names of the public modules in `package`, sorted; nothing is imported but the package itself."""
    files = (file.name for file in resources.files(package).iterdir())
    return sorted(f[:-3] for f in files if f.endswith(".py") and not f.startswith("_"))


def _entry_points(package: str) -> dict[str, metadata.EntryPoint]:
    """What installed packages have for an open package, by name."""
    found = metadata.entry_points(group=package) if package in OPEN else ()
    return {point.name: point for point in found}


def _load(package: str, name: str) -> None:
    """Register the class of an entry point, by the entry point's name."""
    point = _entry_points(package).get(name)
    if point is None:
        raise _unknown(package, name)
    try:
        found = point.load()
    except Exception as error:
        reason = brief(error, 150, named=True)
        raise UserError(f"{point.value}, installed as {name!r}, fails ({reason}); mend it") from None
    if not (isinstance(found, type) and issubclass(found, Entry) and _package(found) == package):
        raise UserError(f"{point.value}, installed as {name!r}, is not for {package}; mend its group")
    if found.name != name:
        _REGISTERED[package] = {k: cls for k, cls in _REGISTERED[package].items() if cls is not found}
        found.name = name
    register(found)


def _defined(found: ModuleType, base: type) -> type:
    """The one subclass of `base` that a module defines."""
    own = [
        value
        for value in vars(found).values()
        if isinstance(value, type) and issubclass(value, base) and value.__module__ == found.__name__
    ]
    assert len(own) == 1, f"{found.__name__} must define exactly one {base.__name__}"
    return own[0]


def _package(cls: type) -> str:
    """The open package whose base `cls` has. Raises UserError if it has none."""
    packages = (parent.__module__.rpartition(".")[0] for parent in cls.__mro__)
    found = next((package for package in packages if package in OPEN), None)
    if found is None:
        raise UserError(f"{cls.__name__} has no base of {', '.join(OPEN)}; derive it from one")
    return found


def _origin(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def _snake(name: str) -> str:
    """`FewPetals` as `few_petals`, `MyVAE` as `my_vae`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _unknown(package: str, name: str) -> UserError:
    kind = package.rpartition(".")[2].replace("_", " ")
    return UserError(f"{name!r} is not among the {kind}; {near(name, names(package))}")
