"""The regressor of attributes: it reads what is there, and is kept."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from likeness.data.augmentation import UNCHANGED
from likeness.data.dataset import Dataset, load
from likeness.data.settings import DataSettings
from likeness.errors import RunError, UserError
from likeness.predictors import fitting, regressor
from likeness.predictors.regressor import Regressor, RegressorInfo
from support.marked import write_marked


def test_a_regressor_reads_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regressor, "STEPS", 60)
    monkeypatch.setattr(regressor, "BATCH_SIZE", 32)
    monkeypatch.setattr(fitting, "VALIDATION_INTERVAL", 20)
    write_marked(tmp_path)
    dataset = load(DataSettings(data=str(tmp_path / "marked.npz")), 0)
    found = regressor.regressor(tmp_path / "learned", dataset, UNCHANGED, lambda progress: None)
    x, truth = dataset.scaling.to_unit(dataset.test.images), dataset.test.attributes
    assert truth is not None
    right = (found.predict(x) > 0) == torch.from_numpy(truth > 0.5)
    assert right.float().mean(0).min() > 0.9
    again = regressor.regressor(tmp_path / "learned", dataset, UNCHANGED, lambda progress: None)
    assert torch.equal(again.predict(x), found.predict(x))


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data of two attributes, of none, and of others."""
    folder = tmp_path_factory.mktemp("marked")
    write_marked(folder)
    return folder


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regressors of a few steps."""
    monkeypatch.setattr(regressor, "STEPS", 2)
    monkeypatch.setattr(regressor, "BATCH_SIZE", 8)


def dataset_of(file: Path, **settings: Any) -> Dataset:
    """The data in a file."""
    return load(DataSettings(data=str(file), **settings), 0)


def made(folder: Path, dataset: Dataset) -> Regressor:
    """The regressor in a folder."""
    return regressor.regressor(folder, dataset, UNCHANGED, lambda progress: None)


def test_values_beyond_the_range_are_read_as_its_ends() -> None:
    found = Regressor(RegressorInfo(["a", "b"], [1, 1, 2], "", 0, 0.0), nn.Flatten())
    x = torch.tensor([[3.0, -0.5], [0.25, -9.0]])[:, None, None]
    assert found.predict(x).tolist() == [[1.0, -0.5], [0.25, -1.0]]


def test_what_is_kept_says_what_it_was_trained_on(marked: Path, tmp_path: Path, short: None) -> None:
    dataset = dataset_of(marked / "marked.npz")
    about = made(tmp_path / "r", dataset).info
    assert (about.names, about.shape, about.steps) == (["dark", "striped"], [1, 8, 8], 2)
    assert about.fingerprint == dataset.fingerprint and about.error > 0


def test_a_regressor_of_other_data_is_refused(marked: Path, tmp_path: Path, short: None) -> None:
    made(tmp_path / "r", dataset_of(marked / "marked.npz"))
    before = (tmp_path / "r" / "regressor.safetensors").read_bytes()
    with pytest.raises(UserError, match="is for other data, or another size; name another folder"):
        made(tmp_path / "r", dataset_of(marked / "other.npz"))
    assert (tmp_path / "r" / "regressor.safetensors").read_bytes() == before


def test_data_without_attributes_or_validation_images_are_refused(marked: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no attributes: the data have no columns of 0 and 1"):
        made(tmp_path / "r", dataset_of(marked / "bare.npz"))
    with pytest.raises(
        UserError, match=r"a regressor needs validation images, and there are none; raise --validation"
    ):
        made(tmp_path / "r", dataset_of(marked / "marked.npz", validation=0.0))


def test_a_regressor_is_not_written_among_other_things(marked: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for place in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(UserError, match="holds other files than a regressor; name a new folder"):
            made(place, dataset_of(marked / "marked.npz"))
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_a_regressor_that_was_damaged_is_to_be_removed(marked: Path, tmp_path: Path, short: None) -> None:
    dataset = dataset_of(marked / "marked.npz")
    made(tmp_path / "r", dataset)
    weights = tmp_path / "r" / "regressor.safetensors"
    weights.write_bytes(weights.read_bytes()[:-8])
    with pytest.raises(RunError, match=r"r holds no regressor that can be read \(.*\); remove it"):
        made(tmp_path / "r", dataset)
