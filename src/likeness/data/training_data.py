"""The data that a model was trained on, as they are now: in the splits that they had for its training."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from likeness.data.dataset import Dataset, add_new_images, arrange, draw_splits
from likeness.data.settings import Data, DataSettings, InMemory
from likeness.data.sources import locate, read
from likeness.data.split_record import Match, SplitRecord, format_names
from likeness.data.table import Table
from likeness.errors import UserError, warn


@dataclass(frozen=True)
class TrainingData:
    """What a run knows of the data that it was trained on."""

    settings: DataSettings
    seed: int
    record: Callable[[], SplitRecord] | None = None
    """Reads the splits that the training had; without it they are drawn as for the training."""
    place: str | None = None
    """Where the data are now, if not where the settings say; or other data to be looked at instead."""

    def at(self, place: str | None) -> "TrainingData":
        """The same data at another place, if one is given."""
        return replace(self, place=place) if place else self

    def load(self, data: Data | None = None) -> Dataset:
        """The images in the splits that they had, without new ones, at the place named or at their own; or
        other data in splits of their own: those at another place of which less than half is known.

        Warns of images that are gone, new or changed, and of images of other data that were trained on,
        which count as training images. Raises UserError for data that cannot be read.
        """
        settings = replace(self.settings, data=data or self.place or self.settings.data)
        table = read(settings)
        if self.record is None:
            return arrange(table, draw_splits(table, settings, self.seed), settings, self.seed)
        match = self.record().match(SplitRecord.unsplit(table))
        own = _same_place(settings.data, self.settings.data)
        if not own and not match.mostly:
            return arrange(table, self._of_others(table, match, settings), settings, self.seed)
        _tell(settings.place, "" if own else "the data of the run, at another place", match)
        return arrange(table, match.record, settings, self.seed)

    def holds(self, dataset: Dataset) -> bool:
        """Whether some data are those of the training, wherever they are."""
        return self.record is not None and self.record().match(dataset.record).mostly

    def load_to_resume(self, other_data: bool) -> Dataset:
        """The data of the training, to go on with. With `other_data` they may have changed: images that
        are known keep their split, new ones join. Raises UserError for changed data otherwise."""
        assert self.record is not None, "what is resumed has a record"
        settings, table = self.settings, read(self.settings)
        match = self.record().match(SplitRecord.unsplit(table))
        if table.pictures.is_changing and not other_data:
            raise UserError(
                "the data give other images at each reading, with which no training is resumed exactly; "
                "pass --other-data, or give data without random transforms"
            )
        if match.same:
            return arrange(table, match.record, settings, self.seed)
        changes = match.changes() or "their names, or what stands beside them, have changed"
        if not other_data:
            raise UserError(
                f"the data in {settings.place} are not those that the run was trained on: {changes}; "
                "restore them, or pass --other-data"
            )
        record = add_new_images(table, match, settings, self.seed)
        warn(f"{settings.place}: {match.changes(_fates(record, match)) or changes}")
        dataset = arrange(table, record, settings, self.seed)
        dataset.train.check_varied()
        return dataset

    def _of_others(self, table: Table, match: Match, settings: DataSettings) -> SplitRecord:
        """Splits of other data; images that the model was trained on are in the training split."""
        record = draw_splits(table, settings, self.seed)
        moved = match.kept.knows(record, "train") & np.isin(record.splits, ("validation", "test"))
        if moved.any():
            names = format_names([record.names[int(row)] for row in np.flatnonzero(moved)])
            warn(f"{settings.place}: {moved.sum():,} images {names} were trained on; they count as train")
        return replace(record, splits=np.where(moved, "train", record.splits))


def _tell(data: str, where: str, match: Match) -> None:
    """Warn of images that are gone, new or changed. Raises UserError if no image is left."""
    if match.new.all():
        raise UserError(
            f"no image in {data} is one of those that the run was trained on; restore them, or name their "
            "place with --data"
        )
    if said := "; ".join(filter(None, [where, match.changes(" and left out")])):
        warn(f"{data}: {said}")


def _fates(record: SplitRecord, match: Match) -> str:
    """The splits of new images."""
    splits, counts = np.unique(record.splits[match.new], return_counts=True)
    return f" ({', '.join(f'{n:,} {name}' for name, n in zip(splits, counts.tolist()))})"


def _same_place(one: Any, other: Any) -> bool:
    if isinstance(one, InMemory) or isinstance(other, InMemory):
        return one is other
    return Path(locate(one, [])).resolve() == Path(locate(other, [])).resolve()
