"""The 1797 handwritten digits, 8x8, that come with scikit-learn: real images without a download."""

import hashlib
from typing import Any

import numpy as np

from likeness.data.columns import Column
from likeness.data.reading.pictures import Arrays
from likeness.data.settings import DataSettings
from likeness.data.sources._source import Source
from likeness.data.table import Table


class Digits(Source):
    """The word `digits`."""

    words = ("digits",)

    def claims(self, spec: str) -> bool:
        return spec in self.words

    def read(self, spec: str, settings: DataSettings) -> Table:
        from sklearn.datasets import load_digits  # takes a second to import

        found: Any = load_digits()
        images = np.rint(found["images"] * (255 / 16)).astype(np.uint8)[..., None]
        return Table(
            pictures=Arrays(images),
            names=[f"digits[{i}]" for i in range(len(images))],
            digest=hashlib.sha256(images.tobytes()).hexdigest(),
            columns={"label": Column(found["target"], tuple("0123456789"))},
        )
