"""The directory of a run: what is in it, who may be in it, and what it refuses."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

import likeness
from likeness import config, documents
from likeness.__main__ import main
from likeness.errors import LikenessError, RunError, UserError
from likeness.runs.run import Run, create, find_run, lock, new
from likeness.runs.train import train
from support.small_runs import configured, steps, trained, weights


def test_a_run_holds_what_its_module_says(run: Path) -> None:
    assert {p.name for p in run.iterdir()} - {"tensorboard"} == {
        "config.yaml", "data.json", "split.npz", "metrics.jsonl", "pictures", "checkpoints", "report.html",
        "lock",
    }  # fmt: skip
    assert steps(run) == [2, 4]


def test_the_configuration_is_complete_and_builds_the_same_run(run: Path, images: Path) -> None:
    document = documents.read(run / "config.yaml")
    assert document.pop("format") == 1
    assert config.build(document) == configured(images, checkpoint_every=2)
    assert document["training"]["lr"] == 3e-4


def test_every_document_of_a_run_says_its_version(run: Path) -> None:
    states = [json.loads(path.read_text()) for path in run.glob("checkpoints/*/state.json")]
    every = [documents.read(run / "config.yaml"), json.loads((run / "data.json").read_text()), *states]
    assert [document["format"] for document in every] == [1] * 4


def test_a_run_of_another_version_is_refused_in_one_line(run: Path) -> None:
    text = (run / "config.yaml").read_text()
    (run / "config.yaml").write_text(text.replace("format: 1", "format: 0"))
    with pytest.raises(RunError, match=r"config\.yaml has format version 0, this Likeness reads 1; .*"):
        likeness.load(run)


def test_a_directory_with_a_run_is_not_trained_in_again(run: Path, images: Path) -> None:
    before = weights(run)
    with pytest.raises(UserError, match=r"holds a run already; continue it with .*--resume"):
        trained(run, images)
    assert weights(run) == before


@pytest.mark.parametrize("place", ["file", "file/below", "full"])
def test_a_place_that_cannot_hold_a_run_is_refused_before_data_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("kept")
    code = main(["train", "ae", str(tmp_path / place), "--data", str(tmp_path / "none.npz")])
    assert code == 2
    message = capsys.readouterr().err
    assert re.fullmatch(r"likeness: .*choose another( directory)?\n", message)
    assert "none.npz" not in message
    assert (tmp_path / "file").read_text() == "kept"
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["notes.txt"]


def test_an_empty_directory_may_become_a_run(images: Path, tmp_path: Path) -> None:
    (tmp_path / "run" / "pictures").mkdir(parents=True)
    trained(tmp_path / "run", images)
    assert steps(tmp_path / "run") == [4]


def test_a_directory_in_use_is_refused_naming_the_process(run: Path, images: Path) -> None:
    with lock(Run(run)), pytest.raises(RunError, match=r"in use by process \d+; wait for it"):
        trained(run, images, checkpoint_every=2, resume=True)
    trained(run, images, checkpoint_every=2, resume=True)


@pytest.mark.parametrize("content", ["", "{", "\x00"])
def test_data_json_that_is_no_json_is_named(run: Path, content: str) -> None:
    (run / "data.json").write_text(content)
    with pytest.raises(RunError, match=r"data\.json cannot be read"):
        likeness.load(run)


@pytest.mark.parametrize("content", ["{}", "[]", "3"])
def test_data_json_without_its_keys_is_named(run: Path, content: str) -> None:
    (run / "data.json").write_text(content)
    with pytest.raises(LikenessError, match=r"data\.json"):
        likeness.load(run)


@pytest.mark.parametrize("content", ["", "- a", "method: [", "!!python/object/apply:os.system ['true']"])
def test_a_damaged_configuration_is_refused_in_one_line(
    run: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (run / "config.yaml").write_text(content)
    assert main(["sample", str(run)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_lines_of_metrics_that_are_not_whole_are_left_out(run: Path) -> None:
    file = run / "metrics.jsonl"
    count = len(Run(run).metrics())
    with file.open("a") as log:
        log.write('[1]\n{"pixels": 1}\n\x00\x00\n{"step": 9')
    assert len(Run(run).metrics()) == count


def made(path: Path, *lines: str) -> Run:
    """A run directory with these lines of metrics."""
    run = create(path)
    run.metrics_file.write_text("".join(line + "\n" for line in lines))
    return run


def test_the_newest_value_of_each_number_is_that_of_the_last_line_that_says_it(tmp_path: Path) -> None:
    run = made(tmp_path / "run", '{"step": 1, "a": 1.0, "b": 2.0}', '{"step": 2, "a": 3.0, "b": null}')
    assert run.newest() == {"step": 2, "a": 3.0, "b": 2.0}
    assert create(tmp_path / "other").newest() == {}


def test_steps_that_are_made_again_are_forgotten_and_lines_cut_short_too(tmp_path: Path) -> None:
    run = made(tmp_path / "run", *(f'{{"step": {k}, "a": {k}.5}}' for k in (1, 2, 3)), '{"step": 4, "a')
    run.forget_after(2)
    assert run.metrics_file.read_text() == '{"step": 1, "a": 1.5}\n{"step": 2, "a": 2.5}\n'


def test_a_directory_without_settings_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is not a run: it has no config\.yaml; give the directory"):
        find_run(tmp_path)
    assert not create(tmp_path / "run").exists()


def test_what_a_training_that_never_began_has_left_is_in_nobodys_way(tmp_path: Path) -> None:
    left = create(tmp_path / "run")
    left.data_file.write_text("{}")
    (left.checkpoints / ".partial-step-00000002").mkdir()
    assert create(tmp_path / "run").path == left.path
    (left.checkpoints / "notes.txt").write_text("mine")
    with pytest.raises(UserError, match="is not empty, or not a directory; choose another"):
        create(tmp_path / "run")


@pytest.mark.parametrize("there", ["", "runs", "runs/one"])
@pytest.mark.parametrize("wrong", [{"data": "none.npz"}, {"batch": 1000}, {"method": "aae_semi"}])
def test_a_refused_training_leaves_nothing_that_was_not_there(
    images: Path, tmp_path: Path, there: str, wrong: dict[str, Any]
) -> None:
    (tmp_path / there).mkdir(parents=True, exist_ok=True)
    before = sorted(tmp_path.rglob("*"))
    settings = configured(**{"data": str(images)} | wrong)
    with pytest.raises(UserError):
        train(settings, tmp_path / "runs" / "one")
    assert sorted(tmp_path.rglob("*")) == before


def test_what_others_have_put_beside_a_refused_training_stays(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), new(tmp_path / "runs" / "one") as run:
        run.prior_file.touch()
        (tmp_path / "runs" / "notes.txt").write_text("mine")
        _ = 1 / 0
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["notes.txt"]


def test_a_directory_that_another_training_is_just_making_is_left_to_it(
    images: Path, tmp_path: Path
) -> None:
    with new(tmp_path / "run") as run:
        with pytest.raises(RunError, match="in use by process"):
            trained(run.path, images)
        assert (run.path / "lock").exists() and run.checkpoints.exists()
        run.write_config(configured(images))
    assert run.exists(), "a training that has begun stays"


def test_a_run_that_cannot_be_locked_is_refused_in_one_line(run: Path, images: Path) -> None:
    (run / "lock").unlink()
    (run / "lock").mkdir()
    with pytest.raises(UserError, match=r"cannot be written \(Is a directory\); make it writable, or copy"):
        trained(run, images, checkpoint_every=2, resume=True)


def test_a_lock_is_given_back_whatever_ends_it(tmp_path: Path) -> None:
    run = create(tmp_path / "run")
    with pytest.raises(ZeroDivisionError), lock(run):
        _ = 1 / 0
    with lock(run), pytest.raises(RunError, match=f"in use by process {os.getpid()}; "), lock(run):
        pytest.fail("two are in it")


def test_what_is_kept_of_the_data_comes_back_without_its_version(tmp_path: Path) -> None:
    run = create(tmp_path / "run")
    about = {
        "shape": [1, 6, 5],
        "scaling": {},
        "fingerprint": "x",
        "images": {"train": 3},
        "conditions": [],
        "training_conditions": [],
    }
    run.write_data(about)
    assert run.data() == about
