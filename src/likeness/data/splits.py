"""Which image is in which split: a pure function of the data, the settings and a seed."""

import numpy as np

from likeness.data.settings import DataSettings
from likeness.errors import UserError

SPLITS = ("train", "validation", "test")
AT_LEAST = 4
"""Images needed to have any splits."""
_CARVING, _LIMITING = 1, 2
"""Keep apart the random choices made with one seed."""


def split_rows(
    count: int,
    own: np.ndarray | None,
    groups: np.ndarray | None,
    settings: DataSettings,
    seed: int,
    odd: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Rows of each split, in ascending order.

    The source's `own` splits are kept, unless they mix groups; those it lacks are carved out of its
    training images; `odd` images stay in the test alone. Raises UserError where there are too few images
    or groups.
    """
    if count < AT_LEAST:
        raise UserError(f"{count} image(s) are too few; give at least {AT_LEAST}")
    rows = _own_rows(count, own, groups)
    shares = {"test": settings.test, "validation": settings.validation}
    missing = {name: share for name, share in shares.items() if share and not len(rows[name])}
    rows |= _carved(rows["train"], groups, missing, seed)
    if odd is not None:
        rows |= {name: rows[name][~odd[rows[name]]] for name in ("train", "validation")}
    rows["train"] = _limited(rows["train"], settings.limit, seed)
    return {name: rows[name] for name in SPLITS}


def _own_rows(count: int, own: np.ndarray | None, groups: np.ndarray | None) -> dict[str, np.ndarray]:
    everything = np.arange(count)
    fresh = dict.fromkeys(SPLITS, everything[:0]) | {"train": everything}
    if own is None or not (own == "train").any() or _mixes(own, groups):
        return fresh
    return {name: everything[own == name] for name in SPLITS}


def _mixes(own: np.ndarray, groups: np.ndarray | None) -> bool:
    """Whether a group is in two of the source's own splits."""
    if groups is None:
        return False
    pairs = np.unique(np.stack([groups, np.unique(own, return_inverse=True)[1]]), axis=1)
    return pairs.shape[1] > len(np.unique(groups))


def _carved(
    pool: np.ndarray, groups: np.ndarray | None, shares: dict[str, float], seed: int
) -> dict[str, np.ndarray]:
    """`pool` as train and the splits in `shares`, whole groups at a time."""
    groups = pool if groups is None else groups[pool]
    units, unit_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.random.Generator(np.random.PCG64([seed, _CARVING])).permutation(len(units))
    filled, start, carved = np.cumsum(sizes[order]), 0, {}
    for name, share in shares.items():
        done = filled[start - 1] if start else 0
        full = int(np.searchsorted(filled, done + share * len(pool) - 1e-9))
        stop = min(max(full, start) + 1, len(units))
        carved[name] = pool[np.isin(unit_of, order[start:stop])]
        start = stop
    carved["train"] = pool[np.isin(unit_of, order[start:])]
    if empty := [name for name, rows in carved.items() if not len(rows)]:
        kind = f"{len(units)} images or groups"
        raise UserError(f"{kind} leave none for {empty[0]}; give more, or a smaller share")
    return carved


def _limited(rows: np.ndarray, limit: int | None, seed: int) -> np.ndarray:
    if limit is None or limit >= len(rows):
        return rows
    random = np.random.Generator(np.random.PCG64([seed, _LIMITING]))
    return np.sort(random.permutation(rows)[:limit])
