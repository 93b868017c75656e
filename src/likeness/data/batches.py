"""Batches that are pure functions of (seed, step), so that resuming is exact by construction."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache

import numpy as np
import torch
from torch import Tensor

from likeness.batch import Batch
from likeness.data.augmentation import UNCHANGED, Augmentation
from likeness.data.dataset import Split
from likeness.data.reading.scaling import Scaling
from likeness.data.transforms import apply_transform
from likeness.shapes import UNLABELLED

_ORDER, _AUGMENTATION, _TRANSFORM = 3, 4, 5
"""Keep apart the random choices made with one seed."""


class Batches:
    """Endless full batches of a split: every image once an epoch, in an order drawn anew for each.

    Where an epoch does not divide into batches, one batch holds its end and the start of the next.
    """

    def __init__(
        self,
        split: Split,
        scaling: Scaling,
        batch_size: int,
        seed: int,
        augmentation: Augmentation = UNCHANGED,
        device: torch.device | str = "cpu",
    ) -> None:
        split.check_fills(batch_size)
        self.split, self.scaling, self.batch_size, self.seed = split, scaling, batch_size, seed
        self.augmentation, self.device = augmentation, torch.device(device)

    def index(self, t: int) -> np.ndarray:
        """Positions in the split of the images of step `t`."""
        count = len(self.split)
        epochs, places = np.divmod(np.arange(t * self.batch_size, (t + 1) * self.batch_size), count)
        parts = [_order(self.seed, e, count)[places[epochs == e]] for e in np.unique(epochs).tolist()]
        return np.concatenate(parts)

    def at(self, t: int, part: slice = slice(None)) -> Batch:
        """The batch of step `t`; of several processes, each asks for its own `part`."""
        index = self.index(t)
        random = np.random.Generator(np.random.PCG64([self.seed, _AUGMENTATION, t]))
        choices = self.augmentation.choices(random, len(index)).of(part)
        stored = to_stored_tensor(self._images(t, index, part), self.device)
        stored = self.augmentation(stored, self.scaling, choices)
        batch = _batch(self.split, self.scaling, index[part], stored)
        return replace(batch, labelled=self._few.at(t)) if self._few else batch

    def _images(self, t: int, index: np.ndarray, part: slice) -> np.ndarray:
        """The stored images of a part of a batch, as the user's own transform makes them."""
        images, transform = self.split.images[index[part]], self.augmentation.transform
        if transform is None:
            return images
        assert not isinstance(transform, str)
        names = [self.split.names[int(row)] for row in index[part]]
        seeds = [(self.seed, _TRANSFORM, t, place) for place in range(len(index))[part]]
        return apply_transform(images, transform, names, seeds)

    @cached_property
    def _few(self) -> "Batches | None":
        """Batches of the labelled images, where some are labelled and some are not."""
        known = np.flatnonzero(self.split.labels != UNLABELLED)
        if not 0 < len(known) < len(self.split):
            return None
        split = self.split.rows(known)
        size = min(self.batch_size, len(known))
        return Batches(split, self.scaling, size, self.seed, self.augmentation, self.device)


def in_order(
    split: Split, scaling: Scaling, batch_size: int, device: torch.device | str = "cpu"
) -> Iterator[Batch]:
    """A split once, in its own order, unchanged; the last batch may be smaller."""
    for start in range(0, len(split), batch_size):
        index = np.arange(start, min(start + batch_size, len(split)))
        stored = to_stored_tensor(split.images[start : start + batch_size], torch.device(device))
        yield _batch(split, scaling, index, stored)


def whole(split: Split, scaling: Scaling) -> Batch:
    """All of a split at once, in its own order, in memory; nothing of an empty one."""
    stored = to_stored_tensor(np.asarray(split.images), torch.device("cpu"))
    return _batch(split, scaling, np.arange(len(split)), stored)


def to_stored_tensor(images: np.ndarray, device: torch.device) -> Tensor:
    """Stored images (n, h, w, c) as a tensor on `device`, in their own type."""
    return sent(images if images.flags.writeable else images.copy(), device)


def sent(array: np.ndarray, device: torch.device) -> Tensor:
    """An array as a tensor on `device`; to a GPU it is copied from pinned memory, without waiting."""
    tensor = torch.from_numpy(array)
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)


@lru_cache(maxsize=4)
def _order(seed: int, epoch: int, count: int) -> np.ndarray:
    return np.random.Generator(np.random.PCG64([seed, _ORDER, epoch])).permutation(count)


def _batch(split: Split, scaling: Scaling, index: np.ndarray, stored: Tensor) -> Batch:
    traits, condition = split.attributes, split.condition
    return Batch(
        x=scaling.tensor_to_unit(stored),
        labels=sent(split.labels[index], stored.device),
        index=sent(index, stored.device),
        condition=None if condition is None else sent(condition[index], stored.device),
        attributes=None if traits is None else sent(traits[index], stored.device),
    )
