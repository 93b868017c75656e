"""The images that a user means: those of a split, or all."""

import numpy as np

from likeness.data.columns import concatenate
from likeness.data.dataset import Dataset, Split
from likeness.errors import UserError

ALL = "all"
CHOICES = ("train", "validation", "test", ALL)


def select_split(dataset: Dataset, name: str, data: str) -> Split:
    """The split of that name, or `all` images of the data called `data`. UserError if it has none."""
    splits = (dataset.train, dataset.validation, dataset.test)
    split = together(splits) if name == ALL else {s.name: s for s in splits}[name]
    if not len(split):
        raise UserError(f"{data} has no {name} images; choose another --split")
    return split


def together(splits: tuple[Split, ...]) -> Split:
    """Several splits joined into one."""
    traits = [s.attributes for s in splits if s.attributes is not None]
    conditions = [s.condition for s in splits if s.condition is not None]
    return Split(
        ALL,
        np.concatenate([s.images for s in splits]),
        np.concatenate([s.labels for s in splits]),
        [name for s in splits for name in s.names],
        np.concatenate(traits) if traits else None,
        np.concatenate(conditions) if conditions else None,
        {name: concatenate([s.columns[name] for s in splits]) for name in splits[0].columns},
    )


def thin(split: Split, most: int | None) -> Split:
    """A split; if it has more than `most` images, `most` of them, evenly spaced."""
    if most is None or most >= len(split):
        return split
    return split.rows(np.linspace(0, len(split) - 1, most).astype(int))
