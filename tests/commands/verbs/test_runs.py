"""`likeness runs`: one's runs in a table."""

import json
import shutil
from pathlib import Path

from likeness.runs.listing import table_of_runs
from support.commands import Likeness, done, refused


def test_a_row_for_each_run_with_a_column_for_each_setting_that_differs(
    likeness: Likeness, run: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        shutil.copytree(run, tmp_path / name)
    config = tmp_path / "two" / "config.yaml"
    config.write_text(config.read_text().replace("lr: 0.0003", "lr: 0.5"))
    head, *rows = done(likeness("runs", tmp_path, "--sort-by", "pixels")).out.splitlines()
    assert head.split() == ["run", "method", "data", "steps", "images", "when", "pixels", "lr"]
    assert {tuple(row.split()[:2]) for row in rows} == {
        (str(tmp_path / name), "vae_gan") for name in ("one", "two")
    }
    assert {row.split()[-1] for row in rows} == {"0.0003", "0.5"}
    out = done(likeness("runs", tmp_path, "--settings-columns", 0)).out
    assert out.splitlines()[-1] == "1 more settings differ, --settings-columns 1 shows them: training.lr"


def test_json_has_all_that_is_known(likeness: Likeness, run: Path) -> None:
    [found] = json.loads(done(likeness("runs", run, "--json")).out)["numbers"]
    [row] = table_of_runs(run)
    assert found["numbers"] == row.numbers and found["path"] == str(run) and found["step"] == 4


def test_a_folder_without_runs_is_refused(likeness: Likeness, tmp_path: Path) -> None:
    assert "there is no run in" in refused(likeness("runs", tmp_path))
