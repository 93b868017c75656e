"""What a source returns: pictures, columns, names and splits, one row for each image."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from likeness.data import fingerprints
from likeness.data.columns import Column
from likeness.data.reading.pictures import Pictures
from likeness.data.settings import Range
from likeness.errors import UserError


@dataclass(frozen=True)
class Table:
    """Images before they are read, with the columns, names and splits of each."""

    pictures: Pictures
    names: Sequence[str]
    """What messages call each image."""
    digest: str
    """Fingerprint of the source's contents."""
    columns: Mapping[str, Column] = field(default_factory=dict)
    """Values by column name, for labels, groups and attributes."""
    splits: np.ndarray | None = None
    """"train", "validation", "test" or "" for each image, where the source says."""
    channel_names: tuple[str, ...] = ()
    range: Range | None = None
    """What is black and white in them, where it is known; the settings may say otherwise."""
    digests: np.ndarray | None = None
    """(n, 16) uint8, of the content of each image; None where images are not the same at each reading."""

    @property
    def contents(self) -> np.ndarray:
        """(n, 16) uint8 that identify images: digests of their contents, or of their names."""
        return fingerprints.of_names(self.names) if self.digests is None else self.digests

    def __post_init__(self) -> None:
        for name, column in self.columns.items():
            if len(column.values) != len(self.pictures):
                raise UserError(
                    f"there are {len(column.values)} values of {name} for "
                    f"{len(self.pictures)} images; give one for each image"
                )
