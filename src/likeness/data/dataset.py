"""`load`: from a word or a path to training, validation and test images, in memory or mapped."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from likeness.data import conditions
from likeness.data.columns import (
    Classes,
    Column,
    attributes,
    classes,
    concatenate,
    few_labels,
    groups,
    label_column,
)
from likeness.data.conditions import UNCONDITIONED, Conditions
from likeness.data.reading.changing import ChangingImages, StoredImages, some_of
from likeness.data.reading.gathering import Gathered, gather
from likeness.data.reading.pictures import IMAGES_AT_A_TIME
from likeness.data.reading.scaling import Scaling, scaling_of
from likeness.data.settings import DataSettings, InMemory
from likeness.data.sources import read
from likeness.data.split_record import Match, SplitRecord
from likeness.data.splits import SPLITS, draw, join, limit_training
from likeness.data.table import Table
from likeness.errors import UserError
from likeness.registry import suggestion
from likeness.shapes import UNLABELLED, Shape


@dataclass(frozen=True)
class Split:
    """The images of one split, as stored, and what is known of them."""

    name: str
    images: StoredImages
    """(n, height, width, channels), as stored; maybe memory-mapped, or read anew at each access."""
    labels: np.ndarray
    """(n,) int64, UNLABELLED where not known."""
    names: Sequence[str]
    """What messages call each image."""
    attributes: np.ndarray | None = None
    """(n, a) float32, 0 or 1."""
    condition: np.ndarray | None = None
    """(n, w) float32, as networks take it."""
    columns: Mapping[str, Column] = field(default_factory=dict)
    """Everything that stands beside the images, by name."""

    def __len__(self) -> int:
        return len(self.images)

    @property
    def labelled(self) -> bool:
        """Whether any class is known."""
        return bool((self.labels != UNLABELLED).any())

    def rows(self, kept: np.ndarray) -> "Split":
        """The split of the images at some positions."""
        traits = None if self.attributes is None else self.attributes[kept]
        condition = None if self.condition is None else self.condition[kept]
        columns = {name: column.rows(kept) for name, column in self.columns.items()}
        names = [self.names[int(row)] for row in kept]
        return Split(
            self.name, some_of(self.images, kept), self.labels[kept], names, traits, condition, columns
        )

    def with_attributes(self, columns: Sequence[int]) -> "Split":
        """The same images with only some of their attributes, by position."""
        traits = self.attributes
        return replace(self, attributes=None if traits is None else traits[:, list(columns)])

    def check_fills(self, batch_size: int) -> None:
        """Raises UserError if there are fewer images than one batch needs."""
        if len(self) < batch_size:
            raise UserError(
                f"{len(self)} {self.name} images do not fill a batch of {batch_size}; "
                "give more images or a smaller batch"
            )

    def check_varied(self) -> None:
        """Raises UserError if all images are equal."""
        if not len(self):
            raise UserError("no training images are left; mend the bad ones")
        starts = range(0, len(self), IMAGES_AT_A_TIME)
        if all((self.images[i : i + IMAGES_AT_A_TIME] == self.images[0]).all() for i in starts):
            raise UserError("constant images: all for training are the same; give images that differ")


@dataclass(frozen=True)
class Dataset:
    """Images in three splits; validation and test may be empty where their share is 0."""

    train: Split
    validation: Split
    test: Split
    scaling: Scaling
    shape: Shape
    record: SplitRecord
    """The split of every image of the data, also of those that are not used."""
    label_names: tuple[str, ...] = ()
    attribute_names: tuple[str, ...] = ()
    channel_names: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    """Name and reason of each bad image left out."""
    label_column: str = ""
    """What the column of the labels is called, where there is one."""
    conditions: Conditions = UNCONDITIONED
    """What `condition` of its splits encodes."""
    notes: tuple[str, ...] = ()
    """How data were read that do not say it themselves."""

    @property
    def is_changing(self) -> bool:
        """Whether images differ each time they are read, as with random transforms."""
        return isinstance(self.train.images, ChangingImages)

    @property
    def fingerprint(self) -> str:
        """A digest of the contents: equal for equal files, whatever folder they are in."""
        return self.record.fingerprint

    @property
    def splits(self) -> tuple[Split, Split, Split]:
        """Training, validation and test."""
        return self.train, self.validation, self.test

    def with_conditions(self, names: Sequence[str]) -> "Dataset":
        """The same images with conditions of these names: columns, or `label` for the labels. UserError if
        one is no column, or has no value for an image."""
        if not names:
            return self
        parts = [self._columns(split) for split in self.splits]
        every = {name: concatenate([part[name] for part in parts]) for name in parts[0]}
        return self.with_conditions_of(conditions.find(names, every, parts[0]))

    def with_conditions_of(self, found: Conditions) -> "Dataset":
        """The same images with the conditions of a trained model. Raises UserError if a column or a value
        is missing, or the model does not know a value."""
        if not found.items:
            return self
        train, validation, test = (
            replace(s, condition=found.encode(torch.from_numpy(self.condition_values(s, found))).numpy())
            for s in self.splits
        )
        return replace(self, train=train, validation=validation, test=test, conditions=found)

    def condition_values(self, split: Split, found: Conditions) -> np.ndarray:
        """(n, c) float64 conditions of a split's images. UserError as `with_conditions_of`."""
        return found.values(self._columns(split), split.names)

    def _columns(self, split: Split) -> dict[str, Column]:
        """The columns of a split, its labels by the name of their column, or as `label`."""
        if not self.label_names:
            return dict(split.columns)
        labels = Column(split.labels, self.label_names)
        own = {self.label_column: labels} if self.label_column else {}
        return {"label": labels, **split.columns, **own}

    def with_attributes(self, names: Sequence[str]) -> "Dataset":
        """The same images with only the attributes of these names, or with all where none is named.
        UserError lists the near ones if there is none such."""
        known = self.attribute_names
        for name in names:
            if name not in known:
                hint = suggestion(name, list(known)) if known else "the data have no attributes"
                raise UserError(f"there is no attribute {name!r}; {hint}")
        columns = [known.index(name) for name in names or known]
        splits = {s.name: s.with_attributes(columns) for s in self.splits}
        return replace(self, **splits, attribute_names=tuple(names or known))


def load(settings: DataSettings, seed: int, keep: SplitRecord | None = None) -> Dataset:
    """The data that `settings` name, split by `seed`, or as in the record to `keep`, without new images.

    Raises UserError, one line, for all that is wrong with them.
    """
    table = read(settings)
    if keep:
        return arrange(table, keep.match(SplitRecord.unsplit(table)).record, settings, seed)
    dataset = arrange(table, draw_splits(table, settings, seed), settings, seed)
    dataset.train.check_varied()
    return dataset


def draw_splits(table: Table, settings: DataSettings, seed: int) -> SplitRecord:
    """Splits for all images of a table. Raises UserError where there are too few images or groups."""
    group_of = groups(table.columns, settings.group)
    splits = draw(len(table.pictures), table.splits, group_of, settings, seed)
    splits = limit_training(splits, ~_odd(table, settings), settings.limit, seed)
    return replace(SplitRecord.unsplit(table), splits=splits)


def add_new_images(table: Table, match: Match, settings: DataSettings, seed: int) -> SplitRecord:
    """The splits of images that are known, and splits for those that are new."""
    record, new, usual = match.record, match.new, ~_odd(table, settings)
    units = groups(table.columns, settings.group)
    if units is None:
        units = np.unique(record.digests, axis=0, return_inverse=True)[1].ravel()
    splits = join(record.splits, new, table.splits, units, settings, seed)
    if settings.limit is not None:
        room = settings.limit - int((usual & ~new & (splits == "train")).sum())
        splits = limit_training(splits, usual & new, max(room, 0), seed)
    return replace(record, splits=splits)


def arrange(table: Table, record: SplitRecord, settings: DataSettings, seed: int) -> Dataset:
    """The images of a table, in the splits of a record of them; images `without` are left out of training
    and validation. Raises UserError for images that cannot be used."""
    label = label_column(table.columns, settings.label)
    known = classes(table.columns, label, len(table.pictures))
    traits, trait_names = attributes(table.columns, (label, settings.group))
    odd = _odd(table, settings)
    rows = {s: np.flatnonzero((record.splits == s) & ~(odd & (s != "test"))) for s in SPLITS}
    gathered = gather(table, np.concatenate(list(rows.values())), settings)
    if not len(gathered.images):
        raise UserError(f"no images are left of {settings.data}; mend the bad ones, or give others")

    splits = {}
    for name, kept, images in _divide(gathered, rows):
        names = [table.names[int(row)] for row in kept]
        some = None if traits is None else traits[kept]
        labels = known.labels[kept]
        if name == "train" and settings.labels:
            labels, record = _few_labels(labels, known.names, kept, record, settings.labels, seed)
        columns = {name: column.rows(kept) for name, column in table.columns.items()}
        splits[name] = Split(name, images, labels, names, some, columns=columns)
    train = splits["train"].images
    scaling = scaling_of(train if len(train) else gathered.images, settings.range or table.range)
    return Dataset(
        **splits,
        scaling=scaling,
        shape=_shape(gathered.images),
        record=record,
        label_names=known.names,
        attribute_names=trait_names,
        channel_names=_channel_names(table.channel_names, settings),
        skipped=gathered.skipped,
        label_column=label or "",
        notes=_notes(table, gathered, scaling, known) if isinstance(settings.data, InMemory) else (),
    )


def _odd(table: Table, settings: DataSettings) -> np.ndarray:
    """(n,) whether an image is of a class that training goes `without`."""
    label = label_column(table.columns, settings.label)
    return classes(table.columns, label, len(table.pictures)).among(settings.without)


def _few_labels(
    labels: np.ndarray, names: tuple[str, ...], rows: np.ndarray, record: SplitRecord, keep: int, seed: int
) -> tuple[np.ndarray, SplitRecord]:
    """Labels of the training images `rows`, where some keep them: those of the record, or so many that are
    drawn; and the record that says which."""
    if record.labelled is None:
        few = few_labels(labels, keep, names, seed)
        labelled = np.zeros(len(record.splits), bool)
        labelled[rows[few != UNLABELLED]] = True
        record = replace(record, labelled=labelled)
    assert record.labelled is not None
    return np.where(record.labelled[rows], labels, UNLABELLED), record


def _notes(table: Table, gathered: Gathered, scaling: Scaling, known: Classes) -> tuple[str, ...]:
    """Sentences on how images in memory were read."""
    sides = "x".join(map(str, gathered.images.shape[1:]))
    limits = {f"{low:g} to {high:g}" for low, high in zip(scaling.low, scaling.high)}
    values = limits.pop() if len(limits) == 1 else "a range of each channel"
    labels = f"{len(known.names)} classes" if known.names else "none"
    read = f"{len(table.pictures):,} images {sides} {scaling.dtype} in {values}; labels: {labels}"
    return (f"{read}; read anew for each batch" if table.pictures.is_changing else read,)


def _divide(
    gathered: Gathered, rows: dict[str, np.ndarray]
) -> Iterator[tuple[str, np.ndarray, StoredImages]]:
    """For each split: its name, the rows that were kept, and its slice of the gathered images."""
    first = 0
    for name, chosen in rows.items():
        start, stop = np.searchsorted(gathered.positions, [first, first + len(chosen)])
        yield (
            name,
            chosen[gathered.positions[start:stop] - first],
            some_of(gathered.images, slice(start, stop)),
        )
        first += len(chosen)


def _shape(images: StoredImages) -> Shape:
    height, width, channels = images.shape[1:]
    return Shape(channels, height, width)


def _channel_names(names: tuple[str, ...], settings: DataSettings) -> tuple[str, ...]:
    if settings.grey or not names:
        return ()
    return tuple(names[c] for c in settings.channels or range(len(names)))
