"""The table of runs: which are found, in which order, and in which settings they differ."""

import json
import shutil
from pathlib import Path

import pytest

from likeness.errors import LikenessWarning, UserError
from likeness.runs.listing import MAX_FOLDER_DEPTH, RunSummary, differing_settings, table_of_runs
from likeness.runs.run import Run
from support.small_runs import trained


@pytest.fixture(scope="module")
def made(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs, one of them two folders down: of another method, and of another rate."""
    folder = tmp_path_factory.mktemp("made")
    trained(folder / "a", images, lr=0.1)
    trained(folder / "b", images, lr=0.2, best_by="validation_pixels")
    trained(folder / "more" / "c", images, "vae", lr=0.1)
    for name, mean in (("a", 3.0), ("b", 2.0)):
        document = {"numbers": {"pixel_mse": {"mean": mean, "low": 0, "high": 9, "images": 4}}}
        (folder / name / "evaluation-test.json").write_text(json.dumps(document))
    (folder / "notes.txt").write_text("mine")
    return folder


def names(runs: list[RunSummary]) -> list[str]:
    """Which runs, in their order."""
    return [run.path.name for run in runs]


def test_a_row_says_what_the_run_itself_says(made: Path) -> None:
    rows = {run.path.name: run for run in table_of_runs(made)}
    assert rows.keys() == {"a", "b", "c"}
    for name, row in rows.items():
        run = Run(row.path)
        assert (row.method, row.data) == (run.config().method, run.config().data.data)
        assert (row.step, row.images) == (4, 32)
        assert row.numbers.items() >= run.newest().items()
        assert row.best.startswith("step 4, validation_pixels") == (name == "b")
    assert rows["a"].numbers["test/pixel_mse"] == 3.0


def test_the_newest_comes_first_or_the_lowest_or_the_highest_number(made: Path) -> None:
    assert names(table_of_runs(made)) == sorted("abc", key="cba".index)
    assert names(table_of_runs(made, "test/pixel_mse")) == ["b", "a", "c"], "one without it is the last"
    assert names(table_of_runs(made, "test/pixel_mse:max")) == ["a", "b", "c"]
    values = [run.numbers["pixels"] for run in table_of_runs(made, "pixels")]
    assert values == sorted(values) and len(set(values)) == 3


def test_settings_that_differ_are_named_and_no_others(made: Path) -> None:
    runs = table_of_runs(made)
    assert differing_settings(runs) == ["training.lr", "log.best_by"]
    assert differing_settings([run for run in runs if run.path.name != "b"]) == []


def test_a_damaged_run_is_named_and_the_others_are_listed(made: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(made, tmp_path / "made"))
    (folder / "a" / "config.yaml").write_text("method: [")
    (folder / "b" / "data.json").write_text("{}")
    with pytest.warns(LikenessWarning) as warned:
        assert names(table_of_runs(folder)) == ["c"]
    said = [str(warning.message) for warning in warned]
    assert [line.startswith(f"{folder / name} is left out (") for name, line in zip("ab", said)] == [
        True
    ] * 2
    (folder / "more" / "c" / "evaluation-test.json").write_text('{"numbers": [1]}')
    with pytest.warns(LikenessWarning), pytest.raises(UserError, match="there is no run in"):
        table_of_runs(folder)


def test_runs_are_looked_for_a_few_folders_down(made: Path, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["x"] * (MAX_FOLDER_DEPTH - 1))
    shutil.copytree(made / "a", deep / "near")
    shutil.copytree(made / "b", deep / "x" / "far")
    assert names(table_of_runs(tmp_path)) == ["near"]
    assert names(table_of_runs(made / "a")) == ["a"], "a run is itself listed"


def test_a_number_that_no_run_has_is_refused_with_the_near_ones(made: Path) -> None:
    with pytest.raises(UserError, match="has the number 'pixel'; did you mean pixels"):
        table_of_runs(made, "pixel")
