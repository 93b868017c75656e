"""The version of the layout of what is written: a file of another version is refused in one line.

Raise VERSION with every change after which older files would be misread.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from likeness.errors import RunError

KEY = "format"
VERSION = 1


def add_version(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with the version first."""
    return {KEY: VERSION, **document}


def remove_version(document: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The document of a file without its version. Raises RunError if that is another than VERSION."""
    found = document.get(KEY)
    if found != VERSION:
        what = "no format version" if found is None else f"format version {found!r}"
        raise RunError(
            f"{path} has {what}, this Likeness reads {VERSION}; make it again with this version, or use "
            "the one that wrote it"
        )
    return {name: value for name, value in document.items() if name != KEY}
