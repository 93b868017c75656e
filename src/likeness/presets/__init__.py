"""Presets: documents of settings, one file each; the name is the file's, on the command line too.

To add one: a YAML file beside this, whose first comment says what it is.
"""

from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from likeness import documents, registry
from likeness.errors import UserError


def names() -> list[str]:
    """The presets there are."""
    found = (entry.name for entry in resources.files("likeness.presets").iterdir())
    return sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml"))


def describe() -> str:
    """One line of help for all of them."""
    lines = [f"{name}: {_text(name).partition(chr(10))[0].lstrip('# ')}" for name in names()]
    return "settings to start from, a name or a YAML file; " + "; ".join(lines)


def read(name: str) -> dict[str, Any]:
    """The document of a preset, or of a YAML file. UserError lists the near names."""
    if name in names():
        return yaml.safe_load(_text(name))
    if Path(name).is_file():
        return documents.read(Path(name))
    raise UserError(f"{name!r} is neither a preset nor a file; {registry.suggestion(name, names())}")


def _text(name: str) -> str:
    return resources.files("likeness.presets").joinpath(f"{name}.yaml").read_text()
