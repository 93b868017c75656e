"""A registry is a folder: each public file is one entry and its name is the name users type."""

import difflib
import importlib
from importlib import resources
from types import ModuleType

from likeness.errors import UserError


def names(package: str) -> list[str]:
    """Names of the public modules in `package`, sorted; nothing is imported but the package itself."""
    files = (entry.name for entry in resources.files(package).iterdir())
    return sorted(f[:-3] for f in files if f.endswith(".py") and not f.startswith("_"))


def near(word: str, known: list[str]) -> str:
    """How an error message lists what could have been meant."""
    close = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else f"choose one of {', '.join(known)}"


def module(package: str, name: str) -> ModuleType:
    """The module `name` of `package`; UserError lists the near ones if there is none."""
    known = names(package)
    kind = package.rpartition(".")[2].replace("_", " ")
    if name not in known:
        raise UserError(f"{name!r} is not among the {kind}; {near(name, known)}")
    return importlib.import_module(f"{package}.{name}")


def entry(package: str, name: str, base: type) -> type:
    """The one subclass of `base` that the file `name` of `package` defines."""
    found = module(package, name)
    classes = [
        value
        for value in vars(found).values()
        if isinstance(value, type) and issubclass(value, base) and value.__module__ == found.__name__
    ]
    assert len(classes) == 1, f"{found.__name__} must define exactly one {base.__name__}"
    return classes[0]
