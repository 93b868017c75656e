"""Which image is in which split: a pure function of the data, the settings and a seed."""

import numpy as np

from likeness.data.settings import DataSettings
from likeness.errors import UserError

SPLITS = ("train", "validation", "test")
UNUSED = "unused"
"""What the split of images is called that are in none."""
MIN_IMAGES = 4
"""Images needed to have any splits."""
_CARVING, _LIMITING, _JOINING = 1, 2, 5
"""Keep apart the random choices made with one seed."""
_ROUNDING = 1e-9


def draw(
    count: int, own: np.ndarray | None, groups: np.ndarray | None, settings: DataSettings, seed: int
) -> np.ndarray:
    """(n,) the split of each image.

    The source's `own` splits are kept, unless they mix groups; those it lacks are carved out of its
    training images. Raises UserError where there are too few images or groups.
    """
    if count < MIN_IMAGES:
        raise UserError(f"{count} image(s) are too few; give at least {MIN_IMAGES}")
    splits = _own(count, own, groups)
    pool = np.flatnonzero(splits == "train")
    for name, some in _carve(pool, groups, _shares_to_carve(splits, settings), seed).items():
        splits[some] = name
    return splits


def limit_training(splits: np.ndarray, among: np.ndarray, limit: int | None, seed: int) -> np.ndarray:
    """`splits`, where all but `limit` of the training images `among` (n,) are unused, drawn at random."""
    rows = np.flatnonzero(among & (splits == "train"))
    if limit is None or limit >= len(rows):
        return splits
    random = np.random.Generator(np.random.PCG64([seed, _LIMITING]))
    splits = splits.copy()
    splits[random.permutation(rows)[limit:]] = UNUSED
    return splits


def join(
    splits: np.ndarray,
    new: np.ndarray,
    own: np.ndarray | None,
    units: np.ndarray,
    settings: DataSettings,
    seed: int,
) -> np.ndarray:
    """(n,) `splits`, where `new` images have that of their unit (a group, or images of one content), if
    others have one, or else one by the source or by the same shares; of few all may be for training."""
    splits = splits.copy()
    for name in reversed(SPLITS):  # training comes last, and counts
        splits[new & np.isin(units, units[~new & (splits == name)])] = name
    pool = np.flatnonzero(new & (splits == UNUSED))
    splits[pool] = _own(len(pool), None if own is None else own[pool], units[pool])
    train = pool[splits[pool] == "train"]
    shares = _shares_to_carve(splits[pool], settings)
    for name, some in _share_out(train, units, shares, seed).items():
        splits[some] = name
    return splits


def _own(count: int, own: np.ndarray | None, groups: np.ndarray | None) -> np.ndarray:
    """The source's own splits, or training for all."""
    splits = np.full(count, "train", f"U{max(map(len, SPLITS))}")
    if own is None or not (own == "train").any() or _mixes(own, groups):
        return splits
    splits[:] = np.where(np.isin(own, SPLITS), own, UNUSED)
    return splits


def _shares_to_carve(splits: np.ndarray, settings: DataSettings) -> dict[str, float]:
    """The shares of the splits that the source lacks."""
    shares = {"test": settings.test, "validation": settings.validation}
    return {name: share for name, share in shares.items() if share and not (splits == name).any()}


def _mixes(own: np.ndarray, groups: np.ndarray | None) -> bool:
    """Whether a group is in two of the source's own splits."""
    if groups is None:
        return False
    pairs = np.unique(np.stack([groups, np.unique(own, return_inverse=True)[1]]), axis=1)
    return pairs.shape[1] > len(np.unique(groups))


def _carve(
    pool: np.ndarray, groups: np.ndarray | None, shares: dict[str, float], seed: int
) -> dict[str, np.ndarray]:
    """`pool` divided into training and the splits in `shares`, without dividing a group."""
    groups = pool if groups is None else groups[pool]
    units, unit_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.random.Generator(np.random.PCG64([seed, _CARVING])).permutation(len(units))
    filled, start, carved = np.cumsum(sizes[order]), 0, {}
    for name, share in shares.items():
        done = filled[start - 1] if start else 0
        full = int(np.searchsorted(filled, done + share * len(pool) - _ROUNDING))
        stop = min(max(full, start) + 1, len(units))
        carved[name] = pool[np.isin(unit_of, order[start:stop])]
        start = stop
    carved["train"] = pool[np.isin(unit_of, order[start:])]
    if empty := [name for name, rows in carved.items() if not len(rows)]:
        kind = f"{len(units)} images or groups"
        raise UserError(f"{kind} leave none for {empty[0]}; give more, or a smaller share")
    return carved


def _share_out(
    pool: np.ndarray, groups: np.ndarray, shares: dict[str, float], seed: int
) -> dict[str, np.ndarray]:
    """The splits in `shares` taken from `pool`, without dividing a group, none larger than its share."""
    units, unit_of, sizes = np.unique(groups[pool], return_inverse=True, return_counts=True)
    order = np.random.Generator(np.random.PCG64([seed, _JOINING])).permutation(len(units))
    ends, low, found = np.cumsum(sizes[order]) / max(len(pool), 1) - _ROUNDING, 0.0, {}
    for name, share in shares.items():
        found[name] = pool[np.isin(unit_of, order[(ends > low) & (ends <= low + share)])]
        low += share
    return found
