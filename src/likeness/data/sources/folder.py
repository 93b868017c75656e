"""A folder of image files. Folders in it called train, validation (or valid, val) and test are the
splits; the folders below them, or at the top, are the classes; a table beside the images (.csv or
.parquet) with a column of file names adds columns."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from likeness.data import fingerprints
from likeness.data.columns import of_words
from likeness.data.reading.decoding import ENDINGS
from likeness.data.reading.encoded import Encoded
from likeness.data.settings import DataSettings
from likeness.data.sidecars import sidecar_columns, sidecars
from likeness.data.sources._source import SPLIT_WORDS, Source
from likeness.data.table import Table
from likeness.errors import UserError


@dataclass(frozen=True)
class FilePictures(Encoded):
    """Image files under a folder."""

    root: Path
    names: Sequence[str]
    """Their paths from the folder, with slashes."""

    def __len__(self) -> int:
        return len(self.names)

    def name(self, row: int) -> str:
        return self.names[row]

    def read(self, rows: np.ndarray) -> Iterator[Path]:
        return (self.root / self.names[int(row)] for row in rows)


class Folder(Source):
    """A folder with image files in it, at any depth."""

    def claims(self, spec: str) -> bool:
        return any(_is_image(name) for name in _below(Path(spec)))

    def read(self, spec: str, settings: DataSettings) -> Table:
        root = Path(spec)
        files = sorted(_check_links(root, _below(root)))
        images = [name for name in files if _is_image(name)]
        tables = sidecars(root, files)
        splits, classes = zip(*(_split_and_class(name) for name in images))
        columns = {"label": of_words(np.array(classes))} if any(classes) else {}
        digests = fingerprints.of_items(root / name for name in [*images, *tables])
        return Table(
            pictures=FilePictures(root, images),
            names=images,
            digest=fingerprints.of_contents([*images, *tables], digests),
            columns=columns | sidecar_columns(root, tables, images),
            splits=np.array(splits),
            digests=digests[: len(images)],
        )


def _below(root: Path) -> Iterator[str]:
    """Paths, from `root`, of the files below it that are not hidden; links are not followed."""
    for folder, inner, files in os.walk(root):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(files) + [name for name in inner if Path(folder, name).is_symlink()]:
            if not name.startswith("."):
                yield Path(folder, name).relative_to(root).as_posix()


def _is_image(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in ENDINGS


def _check_links(root: Path, names: Iterator[str]) -> Iterator[str]:
    """The names of files. Raises UserError for a link that leads out of the folder."""
    inside = root.resolve()
    for name in names:
        path = root / name
        try:
            outside = path.is_symlink() and not path.resolve().is_relative_to(inside)
            is_file = path.is_file()
        except (OSError, RuntimeError) as error:  # a place nobody may look at, or links in a circle
            raise UserError(f"{path} cannot be read ({error}); mend or move it") from None
        if outside:
            raise UserError(f"{name} links to a place outside {root}; copy the files instead")
        if is_file:
            yield name


def _split_and_class(name: str) -> tuple[str, str]:
    """The split and the class (or "") of an image, from the folders above it."""
    folders = name.split("/")[:-1]
    split = SPLIT_WORDS.get(folders[0].lower(), "") if folders else ""
    return split, "/".join(folders[1:] if split else folders)
