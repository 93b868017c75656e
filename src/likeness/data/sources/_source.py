"""What a source of images is, and which source reads a name or a path. To add one: a file beside this,
with one subclass of Source."""

import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from likeness import registry
from likeness.data.memory import values as memory
from likeness.data.settings import DataSettings, InMemory
from likeness.data.table import Table
from likeness.errors import UserError
from likeness.registry import Entry

PACKAGE = "likeness.data.sources"
SPLIT_WORDS = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "test": "test",
    "t10k": "test",
}
"""What the splits are called in names of files and folders."""


class Source(Entry, ABC):
    """A kind of place that images are read from."""

    words: ClassVar[tuple[str, ...]] = ()
    """Words, other than paths, that name its data."""

    @abstractmethod
    def claims(self, spec: str) -> bool:
        """Whether `spec`, a name or a path, is data of this kind; opens as few files as possible."""

    @abstractmethod
    def read(self, spec: str, settings: DataSettings) -> Table:
        """The data at `spec`. Raises UserError for anything wrong with them."""


def sources() -> dict[str, Source]:
    """Every source by its name; an installed one that cannot be imported is left out, with a warning."""
    return {name: source() for name, source in registry.all_classes(PACKAGE, Source).items()}


def read(settings: DataSettings) -> Table:
    """The data that the user named."""
    if isinstance(settings.data, InMemory):
        return memory.read(settings.data.value, settings)
    if not settings.data:
        raise UserError("--data is empty; name a file, a folder (. is this one) or a word")
    known = sources()
    spec = locate(settings.data, _words(known))
    claiming = {name: source for name, source in known.items() if source.claims(spec)}
    if len(claiming) > 1:
        kinds = " and as ".join(claiming)
        raise UserError(f"{spec} can be read as {kinds}; name a file or a folder with one kind")
    if not claiming:
        raise _unknown(spec, _words(known))
    return claiming.popitem()[1].read(spec, settings)


def locate(word: str, words: list[str]) -> str:
    """`word`, or the path of that name in the folder LIKENESS_DATA if there is one, and `word` is neither
    a path from here nor one of the `words` that name data."""
    if word in words or _exists(word) or ".." in Path(word).parts:
        return word
    path = _collection() / word
    return str(path) if _exists(path) else word


def _words(known: dict[str, Source]) -> list[str]:
    return [word for source in known.values() for word in source.words]


def split_of(name: str) -> str:
    """The split that the name of a file or folder stands for, or ""."""
    for word in name.lower().replace("_", "-").replace(".", "-").split("-"):
        if word in SPLIT_WORDS:
            return SPLIT_WORDS[word]
    return ""


def _collection() -> Path:
    return Path(os.environ.get("LIKENESS_DATA") or os.devnull)


def _exists(path: str | Path) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def _unknown(spec: str, words: list[str]) -> UserError:
    if _exists(spec):
        return UserError(
            f"{spec} holds no images that can be read; give image files, Parquet, .npz, .npy or idx files"
        )
    folder = Path(spec).parent if _exists(Path(spec).parent) else Path()
    beside = [str(folder / p.name) for p in folder.iterdir() if not p.name.startswith(".")]
    here = _collection()
    stored = [p.name for p in here.iterdir()] if here.is_dir() else []
    hint = registry.suggestion(spec, words + stored + beside[:100])
    return UserError(f"there are no data {spec!r}; {hint}")
