"""The 1797 handwritten digits, 8x8, that come with scikit-learn: real images without a download."""

from typing import Any

import numpy as np

from likeness.data import fingerprints
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
        names = [f"digits[{i}]" for i in range(len(images))]
        digests = fingerprints.of_rows(images)
        return Table(
            pictures=Arrays(images),
            names=names,
            digest=fingerprints.of_contents(names, digests),
            columns={"label": Column(found["target"], tuple("0123456789"))},
            digests=digests,
        )
