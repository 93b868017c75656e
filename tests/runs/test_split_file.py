"""The splits that are kept with a run."""

from pathlib import Path

import numpy as np
import pytest

from likeness.data.dataset import load
from likeness.data.settings import DataSettings
from likeness.errors import RunError
from likeness.runs import split_file
from likeness.runs.run import Run
from support.damage import flip
from support.small_runs import pixels, trained


def test_a_run_keeps_the_split_of_every_image_used_or_not(tmp_path: Path) -> None:
    data = tmp_path / "images.npz"
    np.savez(data, images=pixels(40, 6, 5, 1), labels=np.arange(40) % 2)
    run = trained(tmp_path / "run", data, limit=20, labels=10)
    kept = split_file.read(run)
    splits, counts = np.unique(kept.splits, return_counts=True)
    assert dict(zip(splits.tolist(), counts.tolist())) == {
        "train": 20, "validation": 4, "test": 4, "unused": 12,
    }  # fmt: skip
    expected = load(DataSettings(data=str(data), limit=20, labels=10), 0).record
    assert kept.key == expected.key and list(kept.names) == list(expected.names)
    np.testing.assert_array_equal(kept.digests, expected.digests)
    assert kept.labelled is not None and kept.labelled.sum() == 10
    np.testing.assert_array_equal(kept.labelled, expected.labelled)


def test_splits_that_are_damaged_or_gone_are_an_error_with_a_remedy(run: Path) -> None:
    file = run / "split.npz"
    whole = file.read_bytes()
    flip(file)
    for content in (file.read_bytes(), whole[: len(whole) // 2], b""):
        file.write_bytes(content)
        with pytest.raises(RunError, match=r"split.npz cannot be read \(.*\); restore it from a copy$"):
            split_file.read(Run(run))
    file.unlink()
    with pytest.raises(RunError, match=r"split.npz cannot be read \(.*\); restore it from a copy$"):
        split_file.read(Run(run))


def test_splits_of_another_version_are_refused(run: Path) -> None:
    file = run / "split.npz"
    arrays = dict(np.load(file))
    np.savez(file, **arrays | {"format": np.array(99)})  # pyright: ignore[reportArgumentType]
    with pytest.raises(RunError, match=r"has format version 99, this Likeness reads"):
        split_file.read(Run(run))
