"""Images that differ from one reading to the next, such as those of random transforms."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from likeness.data.reading.decoding import Header
from likeness.data.reading.fitting import header_after_fitting
from likeness.data.reading.pictures import Pictures, Survey
from likeness.data.settings import DataSettings
from likeness.errors import UserError


@dataclass(frozen=True)
class ChangingImages:
    """The images of a split, like an array (n, h, w, c) of which every access reads its images anew."""

    pictures: Pictures
    rows: np.ndarray
    """(n,) which of the pictures they are."""
    natural: Header
    settings: DataSettings

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number, height, width, channels."""
        return len(self), *header_after_fitting(self.natural, self.settings)[:3]

    @property
    def dtype(self) -> np.dtype:
        """Type of the stored values."""
        return np.dtype(self.natural.dtype)

    def __getitem__(self, index: int | slice | np.ndarray) -> np.ndarray:
        """Some images, read at this moment. Raises UserError, which names the image, if one cannot be
        used."""
        rows = np.atleast_1d(self.rows[index])
        images = np.empty((len(rows), *self.shape[1:]), self.dtype)
        for stack in self.pictures.stacks(rows, Survey(self.natural), self.settings):
            for position, reason in stack.faults.items():
                raise UserError(f"image {rows[position]} of the data cannot be used ({reason}); mend it")
            images[stack.positions] = stack.images
        return images if np.ndim(self.rows[index]) else images[0]

    def __array__(self, dtype: np.dtype | None = None, copy: bool | None = None) -> np.ndarray:
        return self[:].astype(dtype or self.dtype, copy=False)

    def only(self, index: slice | np.ndarray) -> "ChangingImages":
        """Some of the images, by position; none is read."""
        return replace(self, rows=self.rows[index])


StoredImages = np.ndarray | Any
"""(n, height, width, channels) uint8, uint16 or float32: an array, or `ChangingImages`."""


def some_of(images: StoredImages, index: slice | np.ndarray) -> StoredImages:
    """Some of the images of a split, by position; images that change are not read."""
    return images.only(index) if isinstance(images, ChangingImages) else images[index]
