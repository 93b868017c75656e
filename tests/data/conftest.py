"""Images made for the tests of data."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from likeness.data.dataset import Dataset, load
from likeness.data.settings import DataSettings
from support.loading import Load
from support.made_images import noise


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The image cache of one test."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("LIKENESS_CACHE", str(folder))
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of twelve different 8x8 RGB PNG files."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for i in range(12):
        Image.fromarray(noise(8, 8, 3, seed=i)).save(folder / f"{i:02}.png")
    return folder


@pytest.fixture
def loaded() -> Load:
    """Data loaded with settings given by name and seed 0."""

    def load_with(data: object, seed: int = 0, **settings: Any) -> Dataset:
        return load(DataSettings(data=str(data), **settings), seed)

    return load_with
