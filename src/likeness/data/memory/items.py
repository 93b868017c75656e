"""Data sets that have a length and give their items one by one, as those of PyTorch and lists do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from likeness.data import fingerprints
from likeness.data.columns import Column
from likeness.data.memory.columns import column
from likeness.data.memory.entries import Entry, split_item
from likeness.data.memory.pictures import picture
from likeness.data.reading.decoding import Item
from likeness.data.reading.encoded import Encoded
from likeness.data.reading.ranges import extent, float_range, join
from likeness.data.settings import DataSettings
from likeness.data.table import Table
from likeness.errors import UserError, error_summary, warn

MAX_COMPARED_ITEMS = 64
"""Items that are read twice, to see whether they change."""


@dataclass(frozen=True)
class Reader:
    """The items of a data set, each read whenever it is asked for."""

    items: Any
    settings: DataSettings

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, row: int) -> Item:
        return self.entry(row).image

    def entry(self, row: int) -> Entry:
        """An item. Raises UserError, with its number, if it has no image, or if reading it raised an
        error."""
        try:
            item = self.items[int(row)]
        except Exception as error:  # whatever the author's code raises
            reason = error_summary(error, 120, with_type=True)
            raise UserError(f"item {row} of the data raised {reason}; mend the data set") from error
        value, beside = split_item(item, self.settings.image)
        return Entry(picture(value, f"data[{row}]", self.settings.layout), beside)


@dataclass(frozen=True)
class Items(Encoded):
    """The images of a data set, held, or read from it again."""

    values: Sequence[Item] | Reader

    def __len__(self) -> int:
        return len(self.values)

    def name(self, row: int) -> str:
        return f"data[{row}]"

    def read(self, rows: np.ndarray) -> Iterator[Item]:
        return (self.values[int(row)] for row in rows)


@dataclass(frozen=True)
class ChangingItems(Items):
    """The images of a data set that transforms them at random."""

    is_changing: ClassVar[bool] = True


def table(items: Any, settings: DataSettings) -> Table:
    """The data of a data set, each item read once, and some twice. Raises UserError for an item that cannot
    be read, or is no image."""
    reader = Reader(items, settings)
    if not len(reader):
        raise UserError("the data have no items; give some")
    changing = _changes(reader)
    entries = _Entries(reader, settings, keep=not changing)
    columns = _columns(entries.beside, getattr(items, "features", None) or {})
    values = reader if entries.images is None else entries.images
    if changing:
        warn("the data give other images at each reading; this training cannot be resumed exactly")
    return Table(
        pictures=ChangingItems(values) if changing else Items(values),
        names=[f"data[{row}]" for row in range(len(reader))],
        digest=_digest(entries, columns, changing),
        columns=columns,
        range=entries.range,
        digests=None if changing else entries.digests,
    )


class _Entries:
    """What one reading of all items finds: their images, as long as memory may hold them, or None."""

    def __init__(self, reader: Reader, settings: DataSettings, keep: bool) -> None:
        images: list[Item] = []
        self.images = images if keep else None
        self.beside: list[dict[str, Any]] = []
        self.kinds: set[str] = set()
        digests, extents, held = [], [], 0
        for row in range(len(reader)):
            image, beside = reader.entry(row)
            self.beside.append(beside)
            self.kinds.add(_kind(image))
            digests.append(np.frombuffer(fingerprints.of_image(image), np.uint8))
            held += image.nbytes if isinstance(image, np.ndarray) else 0
            if held > settings.bytes_in_memory:
                self.images = None
            if self.images is not None:
                self.images.append(image)
            if isinstance(image, np.ndarray) and image.dtype.kind == "f" and settings.range is None:
                extents.append(extent(image))
        self.digests = np.array(digests)
        self.range = float_range(join(extents), "the data") if extents else None


def _kind(image: Item) -> str:
    return f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image).__name__


def _digest(entries: _Entries, columns: Mapping[str, Column], changing: bool) -> str:
    """Digest of all values; of data that change from reading to reading, of those that stay."""
    if changing:
        return fingerprints.of_parts([str(len(entries.beside)), *sorted(entries.kinds)])
    return fingerprints.of_memory(entries.digests, sorted(entries.kinds), columns)


def _changes(reader: Reader) -> bool:
    """Whether some items, evenly spaced, differ when they are read a second time."""
    rows = np.unique(np.linspace(0, len(reader) - 1, MAX_COMPARED_ITEMS).astype(int)).tolist()
    return any(_item_hash(reader, row) != _item_hash(reader, row) for row in rows)


def _item_hash(reader: Reader, row: int) -> bytes:
    return fingerprints.of_image(reader[row])


def _columns(beside: Sequence[Mapping[str, Any]], features: Mapping[str, Any]) -> dict[str, Column]:
    """A column for each of the other values of items that is a number or a word."""
    columns = {}
    for name in dict.fromkeys(name for some in beside for name in some):
        values = [some.get(name) for some in beside]
        found = column(values, getattr(features.get(name), "names", None))
        if found is not None:
            columns[name] = found
        elif name == "label":
            warn(
                f"labels of the data are {type(values[0]).__name__}, not one value each; they are left out"
            )
    return columns
