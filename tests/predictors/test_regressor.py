"""The regressor of attributes: it reads what is there, and is kept."""

from pathlib import Path

import pytest
import torch

from likeness.data.dataset import load
from likeness.data.settings import DataSettings
from likeness.predictors import fitting, regressor
from support.marked import write_marked


def test_a_regressor_reads_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regressor, "STEPS", 60)
    monkeypatch.setattr(regressor, "BATCH", 32)
    monkeypatch.setattr(fitting, "CHOSEN_EVERY", 20)
    write_marked(tmp_path)
    dataset = load(DataSettings(data=str(tmp_path / "marked.npz")), 0)
    found = regressor.regressor(tmp_path / "learned", dataset, False, lambda progress: None)
    x, truth = dataset.scaling.to_unit(dataset.test.images), dataset.test.attributes
    assert truth is not None
    right = (found.read(x) > 0) == torch.from_numpy(truth > 0.5)
    assert right.float().mean(0).min() > 0.9
    again = regressor.regressor(tmp_path / "learned", dataset, False, lambda progress: None)
    assert torch.equal(again.read(x), found.read(x))
