"""Images that do not fit into memory."""

import os

import numpy as np
import pytest

from likeness.data.batches import Batches
from likeness.data.reading import encoded
from likeness.errors import RunError, UserError


def test_mapped_images_equal_those_in_memory(pictures, loaded):
    here, mapped = loaded(pictures), loaded(pictures, in_memory_gib=1e-9)
    assert isinstance(mapped.train.images, np.memmap)
    np.testing.assert_array_equal(here.train.images, mapped.train.images)
    batch = Batches(mapped.train, mapped.scaling, 4, 0).at(0)
    assert batch.x.shape == (4, 3, 8, 8)


def test_a_second_load_decodes_nothing(pictures, loaded, monkeypatch):
    first = loaded(pictures, in_memory_gib=1e-9)
    monkeypatch.setattr(encoded, "pixels", None)
    again = loaded(pictures, in_memory_gib=1e-9)
    np.testing.assert_array_equal(first.train.images, again.train.images)


def test_other_settings_or_files_take_another_entry(pictures, loaded, own_cache):
    for options in ({}, {"grey": True}, {"size": "4"}, {"limit": 3}):
        loaded(pictures, in_memory_gib=1e-9, **options)
    (pictures / "00.png").write_bytes((pictures / "01.png").read_bytes())
    loaded(pictures, in_memory_gib=1e-9)
    assert len(list(own_cache.iterdir())) == 5


def test_a_failed_load_leaves_nothing_in_the_cache(pictures, loaded, own_cache):
    good = (pictures / "00.png").read_bytes()
    (pictures / "00.png").write_bytes(good[:-30])
    with pytest.raises(UserError):
        loaded(pictures, in_memory_gib=1e-9)
    assert not list(own_cache.iterdir())


def test_what_a_killed_load_left_goes_after_a_day_and_not_before(pictures, loaded, own_cache):
    own_cache.mkdir(exist_ok=True)
    old, young = own_cache / ".partial-a", own_cache / ".partial-b"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (0, 0))
    loaded(pictures, in_memory_gib=1e-9)
    assert not old.exists() and young.exists()


def test_a_damaged_entry_is_written_anew(pictures, loaded, own_cache):
    loaded(pictures, in_memory_gib=1e-9)
    (next(own_cache.iterdir()) / "faults.json").write_text("{")
    data = loaded(pictures, in_memory_gib=1e-9)
    assert sum(map(len, (data.train, data.validation, data.test))) == 12


def test_a_cache_that_cannot_be_written_is_one_line(pictures, loaded, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LIKENESS_CACHE", str(tmp_path / "file"))
    with pytest.raises(RunError, match="LIKENESS_CACHE"):
        loaded(pictures, in_memory_gib=1e-9)
