"""Which split each image of a run's data is in, and how these images are found again when the data have
changed."""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from likeness.data import fingerprints
from likeness.data.splits import SPLITS, UNUSED
from likeness.data.table import Table

_WORDS = np.array([*SPLITS, UNUSED])
"""What splits are called, by their numbers in a file."""
_LISTED = 3
"""Images that a message names; the rest are counted."""


@dataclass(frozen=True)
class SplitRecord:
    """The split of every image of a data set, with its name and the digest of its content."""

    names: Sequence[str]
    digests: np.ndarray
    """(n, 16) uint8, of the content of each image."""
    splits: np.ndarray
    """(n,) train, validation, test or unused."""
    fingerprint: str
    """Of the data as a whole, with what stands beside the images."""
    labelled: np.ndarray | None = None
    """(n,) whether a training image keeps its label, where only some do."""

    @classmethod
    def unsplit(cls, table: Table) -> "SplitRecord":
        """The record of a table of which no image has a split yet."""
        splits = np.full(len(table.names), UNUSED)
        return cls(table.names, table.contents, splits, table.digest)

    @property
    def key(self) -> str:
        """Digest of the data and their splits."""
        return fingerprints.of_parts([self.fingerprint, *self.splits.tolist()])

    @cached_property
    def contents(self) -> list[bytes]:
        """Digests of the images, one by one."""
        every, size = self.digests.tobytes(), fingerprints.DIGEST_BYTES
        return [every[k : k + size] for k in range(0, len(every), size)]

    def knows(self, other: "SplitRecord", split: str) -> np.ndarray:
        """(m,) whether images of another record have the same content as an image of this one that is in a
        split."""
        known = {content for content, name in zip(self.contents, self.splits.tolist()) if name == split}
        return np.array([content in known for content in other.contents], bool)

    def match(self, here: "SplitRecord") -> "Match":
        """Match its images with those of other data: first by name and content, then by content, then by
        name, where the image has changed unless it is a copy. Each image is matched once; of images of
        equal content, those for training come first."""
        names, contents = list(self.names), self.contents
        if (here.fingerprint, len(here.names)) == (self.fingerprint, len(names)):
            return Match(self, here, np.arange(len(names)))
        known = set(contents) | {content for content, n in Counter(here.contents).items() if n > 1}
        changed = [None if c in known else name for name, c in zip(here.names, here.contents)]
        order = np.argsort(self.splits != "train", kind="stable").tolist()
        found: dict[int, int] = {}
        _pair(found, order, list(zip(names, contents)), list(zip(here.names, here.contents)))
        _pair(found, order, contents, here.contents)
        _pair(found, order, names, changed)
        return Match(self, here, np.array([found.get(row, -1) for row in range(len(here.names))]))

    def arrays(self) -> dict[str, np.ndarray]:
        """The record as arrays, to be written."""
        names = "\0".join(self.names).encode("utf-8", "surrogateescape")
        some = {} if self.labelled is None else {"labelled": self.labelled}
        return {
            "names": np.frombuffer(names, np.uint8),
            "digests": self.digests,
            "splits": np.argmax(self.splits[:, None] == _WORDS, axis=1).astype(np.uint8),
            "fingerprint": np.array(self.fingerprint),
        } | some

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "SplitRecord":
        """The record in such arrays. Raises ValueError or KeyError if they are not those of one."""
        names = arrays["names"].tobytes().decode("utf-8", "surrogateescape").split("\0")
        digests, splits, labelled = arrays["digests"], arrays["splits"], arrays.get("labelled")
        shapes = [digests.shape == (len(names), fingerprints.DIGEST_BYTES), splits.shape == (len(names),)]
        shapes += [] if labelled is None else [labelled.shape == splits.shape and labelled.dtype == bool]
        if not all(shapes) or digests.dtype != np.uint8 or splits.dtype != np.uint8:
            raise ValueError("its arrays do not fit one another")
        if splits.max() >= len(_WORDS):
            raise ValueError(f"it has a split {splits.max()}")
        return cls(names, digests, _WORDS[splits], str(arrays["fingerprint"]), labelled)


@dataclass(frozen=True)
class Match:
    """A record, and the positions of its images in the data as they are now."""

    kept: SplitRecord
    here: SplitRecord
    """The data as they are now."""
    positions: np.ndarray
    """(m,) place of each image in the record, or -1."""

    @property
    def new(self) -> np.ndarray:
        """(m,) whether an image is not in the record."""
        return self.positions < 0

    @cached_property
    def is_changed(self) -> np.ndarray:
        """(m,) whether an image matches by its name alone."""
        return ~self.new & (self.kept.digests[self.positions] != self.here.digests).any(1)

    @cached_property
    def gone(self) -> list[str]:
        """Names of the images that are in the record and no longer in the data."""
        gone = np.setdiff1d(np.arange(len(self.kept.names)), self.positions)
        return [self.kept.names[int(row)] for row in gone]

    @property
    def same(self) -> bool:
        """Whether no image, label or attribute has changed."""
        return self.here.fingerprint == self.kept.fingerprint

    @property
    def mostly(self) -> bool:
        """Whether at least half of the images of the record, or of the data, have equal content in the
        other."""
        same = int((~self.new & ~self.is_changed).sum())
        return 2 * same >= min(len(self.kept.names), len(self.here.names))

    @cached_property
    def record(self) -> SplitRecord:
        """The data as they are now, with the splits of the record; new images are unused."""
        splits = np.where(self.new, UNUSED, self.kept.splits[self.positions])
        labelled = self.kept.labelled
        labelled = None if labelled is None else labelled[self.positions] & ~self.new
        here = self.here
        return SplitRecord(here.names, here.digests, splits, here.fingerprint, labelled)

    def changes(self, fate: str = "") -> str:
        """Which images are gone, new and changed, as text; `fate` says what happens to new ones. "" where
        nothing has changed."""
        new, changed = (self._names_of(some) for some in (self.new, self.is_changed))
        parts = [
            _count_phrase(self.gone, "image of the run is gone", "images of the run are gone"),
            _count_phrase(new, f"image is new{fate}", f"images are new{fate}"),
            _count_phrase(changed, "image has changed", "images have changed"),
        ]
        return ", ".join(filter(None, parts))

    def _names_of(self, some: np.ndarray) -> list[str]:
        return [self.here.names[int(row)] for row in np.flatnonzero(some)]


def format_names(names: Sequence[str]) -> str:
    """The first few names, in brackets."""
    return f"({', '.join(names[:_LISTED])}{', ...' if len(names) > _LISTED else ''})"


def _count_phrase(names: Sequence[str], one: str, many: str) -> str:
    return f"{len(names):,} {one if len(names) == 1 else many} {format_names(names)}" if names else ""


def _pair(
    found: dict[int, int], order: Sequence[int], known: Sequence[Hashable], wanted: Sequence[Hashable]
) -> None:
    """Add to `found` the place of each wanted key among the known ones, one for one, in `order`."""
    taken, free = set(found.values()), defaultdict[Hashable, deque[int]](deque)
    for place in order:
        if place not in taken:
            free[known[place]].append(place)
    for row, key in enumerate(wanted):
        if row not in found and free.get(key):
            found[row] = free[key].popleft()
