"""NumPy arrays: an .npy file of images, an .npz file, or a folder of train, validation, test ones.

In an .npz the images are called images, x or data; labels or y hold the classes; label_names and
channels hold names of classes and channels; every other array of that length is a column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from likeness.data import fingerprints
from likeness.data.columns import LABEL_COLUMNS, Column, of_words
from likeness.data.reading.pictures import Arrays as ArrayPictures
from likeness.data.reading.pictures import image_array
from likeness.data.settings import DataSettings
from likeness.data.sources._source import Source, split_of
from likeness.data.table import Table
from likeness.errors import UserError
from likeness.files.archives import npy, npz

IMAGES = ("images", "image", "imgs", "x", "data", "arr_0")
CLASS_NAMES = ("label_names", "class_names")
CHANNEL_NAMES = ("channels", "channel_names")


@dataclass(frozen=True)
class Part:
    """The arrays of one file."""

    file: Path
    images: np.ndarray
    rest: Mapping[str, np.ndarray]

    def columns(self) -> dict[str, np.ndarray]:
        """Arrays with one value for each image. Raises UserError for labels of another length."""
        count = len(self.images)
        for name in LABEL_COLUMNS:
            if name in self.rest and self.rest[name].shape != (count,):
                raise UserError(
                    f"{self.file} has {count} images, but {name} has shape "
                    f"{self.rest[name].shape}; store one label for each image"
                )
        usable = {n: a for n, a in self.rest.items() if a.shape == (count,)}
        named = CLASS_NAMES + CHANNEL_NAMES
        return {n: a for n, a in usable.items() if n not in named and a.dtype.kind in "biufU"}

    def words(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """The names under the first of `keys` that the file has."""
        return next((tuple(map(str, self.rest[k].ravel())) for k in keys if k in self.rest), ())


class Arrays(Source):
    """A path that ends in .npy or .npz, or a folder with such files named after the splits."""

    def claims(self, spec: str) -> bool:
        return bool(_files(Path(spec)))

    def read(self, spec: str, settings: DataSettings) -> Table:
        files = _files(Path(spec))
        parts = [_part(file, settings) for file in files]
        counts = [len(part.images) for part in parts]
        whole, images = Path(spec).is_file(), _join(parts)
        return Table(
            pictures=ArrayPictures(images),
            names=[f"{p.file.name}[{i}]" for p in parts for i in range(len(p.images))],
            digest=fingerprints.of_files([("" if whole else f.name, f) for f in files]),
            columns=_columns(parts),
            splits=np.repeat(["" if whole else split_of(f.stem) for f in files], counts),
            channel_names=parts[0].words(CHANNEL_NAMES),
            digests=fingerprints.of_rows(images),
        )


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if path.suffix in (".npy", ".npz") else []
    found = [p for ending in ("npy", "npz") for p in path.glob(f"*.{ending}") if split_of(p.stem)]
    return sorted(found)


def _part(file: Path, settings: DataSettings) -> Part:
    if file.suffix == ".npy":
        return Part(file, image_array(npy(file), str(file), settings.layout), {})
    arrays = npz(file, settings.bytes_in_memory)
    key = next((name for name in IMAGES if name in arrays), None)
    if key is None:
        found = ", ".join(sorted(arrays)) or "nothing"
        raise UserError(f"{file} has no images, only {found}; call the array of images `images`")
    return Part(file, image_array(arrays.pop(key), str(file), settings.layout), arrays)


def _join(parts: list[Part]) -> np.ndarray:
    if len(parts) == 1:
        return parts[0].images
    first, *others = parts
    for other in others:
        here, there = first.images, other.images
        if here.shape[1:] != there.shape[1:] or here.dtype != there.dtype:
            raise UserError(
                f"{first.file} holds {here.dtype} images {here.shape[1:]}, {other.file} "
                f"{there.dtype} {there.shape[1:]}; give both one shape and type"
            )
    return np.concatenate([part.images for part in parts])


def _columns(parts: list[Part]) -> dict[str, Column]:
    all_columns = [part.columns() for part in parts]
    names = [name for name in all_columns[0] if all(name in some for some in all_columns)]
    return {
        name: _column(name, np.concatenate([some[name] for some in all_columns]), parts[0])
        for name in names
    }


def _column(name: str, values: np.ndarray, part: Part) -> Column:
    if values.dtype.kind == "U":
        return of_words(values)
    classes = part.words(CLASS_NAMES) if name in LABEL_COLUMNS else ()
    return Column(values, classes or None)
