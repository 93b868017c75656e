"""Metrics taught on the data of a run, or of other data; what the command does is tested with it."""

from pathlib import Path

import numpy as np
import pytest

from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.runs.loading import load_metric
from likeness.runs.teaching import teach_data, teach_run
from support.small_runs import trained
from support.teaching import stripes


def test_a_metric_of_a_run_is_taught_on_its_training_images_alone(tmp_path: Path) -> None:
    np.savez(tmp_path / "data.npz", images=stripes(200)[0])
    run = trained(tmp_path / "run", tmp_path / "data.npz")
    metric, _ = teach_run(run.path, steps=1)
    assert metric.parts.about["images"] == round(0.8 * run.data()["images"]["train"])
    assert load_metric(run.path).shape == metric.shape


def test_a_folder_that_exists_is_refused_before_anything_is_taught(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is there already; choose another folder"):
        teach_data(DataSettings(data="nothing"), tmp_path)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a run"):
        teach_run(tmp_path)
