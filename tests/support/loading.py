"""What tests of loaded data share."""

from collections.abc import Callable

import numpy as np

from likeness.data.dataset import Dataset, Split

Load = Callable[..., Dataset]
"""Data, by word or path, loaded with settings given by name."""


def three(data: Dataset) -> tuple[Split, Split, Split]:
    """The splits, in order."""
    return data.train, data.validation, data.test


def by_name(data: Dataset) -> dict[str, np.ndarray]:
    """Every image of the data, by what messages call it."""
    return {name: image for split in three(data) for name, image in zip(split.names, split.images)}


def numbers(split: Split) -> list[int]:
    """The n of images that are called file[n]."""
    return [int(name.partition("[")[2].rstrip("]")) for name in split.names]
