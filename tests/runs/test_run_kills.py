"""A training ended from outside: killed, stopped by a signal, or out of disk space."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from likeness.errors import RunError
from likeness.runs import checkpoints
from likeness.runs.checkpoints import Checkpoint
from likeness.runs.run import Run
from likeness.runs.signals import SIGNALS
from support.forks import Ended, Forks, until
from support.small_runs import FLAGS, newest, steps, temporaries, trained, weights

EVERY = ["--checkpoint-every", "2", "--log-every", "1", "--keep", "2"]


Train = Callable[..., Ended]


@pytest.fixture
def train(forks: Forks, images: Path) -> Train:
    """Runs the command that trains an autoencoder in a directory, for so many steps."""

    def command(path: Path, total: int, *more: object, **how: Any) -> Ended:
        words = ["train", "ae", path, "--data", images, *FLAGS, "--steps", total, *more]
        return forks.run(*words, **how)

    return command


def test_a_training_killed_three_times_ends_with_the_same_bits(train: Train, tmp_path: Path) -> None:
    options = ("--checkpoint-every", 10, "--ema", 0.9)
    assert train(tmp_path / "whole", 90, *options).code == 0
    path, chance, reached = tmp_path / "killed", random.Random(0), 0

    def kill(pid: int) -> None:
        until(lambda: steps(path)[-1:] > [reached])
        time.sleep(chance.uniform(0, 0.03))
        os.kill(pid, signal.SIGKILL)

    for _ in range(3):
        assert train(path, 90, *options, "--resume", during=kill, slow=0.004).code == -signal.SIGKILL
        assert newest(path).step >= reached
        reached = newest(path).step
    assert reached < 90
    assert train(path, 90, *options, "--resume").code == 0
    for name in (checkpoints.WEIGHTS, checkpoints.AVERAGE, checkpoints.OPTIMIZERS):
        assert weights(path, name) == weights(tmp_path / "whole", name)
    assert [line["step"] for line in Run(path).metrics()] == [50, 90, 90]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_a_training_saved_with_one_line_and_resuming_is_exact(
    train: Train, tmp_path: Path, number: signal.Signals
) -> None:
    path = tmp_path / "run"

    def stop(pid: int) -> None:
        until(lambda: Run(path).metrics())
        os.kill(pid, number)

    ended = train(path, 100_000, "--log-every", 3, during=stop, slow=0.002)
    assert ended.code == 128 + number
    (line,) = [text for text in ended.err.splitlines() if "likeness:" in text]
    reached = int(re.findall(r"stopped at step (\d+) and saved; go on with", line)[0])
    assert "Traceback" not in ended.err
    assert steps(path) == [reached]
    for where in (path, tmp_path / "whole"):
        assert train(where, reached + 3, "--log-every", 3, "--resume").code == 0
    assert weights(path) == weights(tmp_path / "whole")


@pytest.mark.parametrize("number, code", [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_while_data_are_read_ends_with_one_line(
    train: Train, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    reading = tmp_path / "reading"

    def stop(pid: int) -> None:
        until(reading.exists)
        os.kill(pid, number)

    ended = train(tmp_path / "run", 4, during=stop, scanning=str(reading))
    assert ended.code == code
    assert ended.err == f"likeness: stopped by {number.name}; nothing was left half-written\n"
    assert train(tmp_path / "run", 4).code == 0


def test_a_second_signal_ends_at_once_and_the_last_checkpoint_is_intact(
    train: Train, tmp_path: Path
) -> None:
    path = tmp_path / "run"

    def stop_twice(pid: int) -> None:
        until(lambda: steps(path))
        time.sleep(0.15)  # into the next step, which takes a second
        os.kill(pid, signal.SIGTERM)
        time.sleep(0.05)
        os.kill(pid, signal.SIGTERM)

    ended = train(path, 1000, "--checkpoint-every", 1, during=stop_twice, slow=1)
    assert ended.code == 143
    assert "stopped at once; the last checkpoint is intact" in ended.err
    assert newest(path).step == steps(path)[-1]


def test_ctrl_c_before_anything_is_imported_is_one_line(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from likeness.__main__ import main\n"
        "from likeness.commands import command_line\n"
        "command_line.run = lambda words: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.exit(main(['train']))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.returncode == 130
    assert ended.stderr.count("\n") == 1


@dataclass(frozen=True)
class Death:
    """What became of a training that was killed."""

    begun: bool
    """Whether its configuration was written."""
    due: bool
    """Whether it had logged the step of its first checkpoint, which was not there."""
    lost: bool
    """Whether there were checkpoints, all damaged."""
    again: Ended
    """The same command once more."""
    left: list[Path]
    same: bool
    """Whether it came to the same weights as one that was not killed."""


@pytest.fixture(scope="module")
def deaths(forks: Forks, images: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Death]:
    """A training killed at every second file operation, from folder to report, and resumed."""
    folder, found = tmp_path_factory.mktemp("deaths"), []

    def command(path: Path, **fault: Any) -> Ended:
        words = ["train", "ae", path, "--data", images, *FLAGS, "--steps", 4, *EVERY, "--resume"]
        return forks.run(*words, **fault)

    assert command(folder / "whole").code == 0
    for k in count(1, 2):
        path = folder / f"{k}"
        if command(path, dies_at=k, watched=str(path)).code == 0:
            break
        begun, none = Run(path).exists(), not steps(path)
        due = none and any(line["step"] == 2 for line in Run(path).metrics())
        lost = not none and newest_or_none(path) is None
        again = command(path)
        same = not again.code and weights(path) == weights(folder / "whole")
        found.append(Death(begun, due, lost, again, temporaries(path), same))
    return found


def test_killed_between_two_file_operations_a_training_goes_on_exactly(deaths: list[Death]) -> None:
    begun = [death for death in deaths if death.begun and not death.due]
    assert len(begun) > 12
    assert not [death for death in begun if death.lost or death.left or not death.same]


def test_killed_while_the_first_checkpoint_is_written_a_training_goes_on_exactly(
    deaths: list[Death],
) -> None:
    due = [death for death in deaths if death.due]
    assert due
    assert not [death for death in due if death.left or not death.same]


def test_killed_before_its_configuration_is_written_a_training_begins_anew(deaths: list[Death]) -> None:
    early = [death for death in deaths if not death.begun]
    assert len(early) > 2
    assert not [death for death in early if death.left or not death.same]


def newest_or_none(path: Path) -> Checkpoint | None:
    """The newest checkpoint unless all are damaged."""
    try:
        return newest(path)
    except RunError:
        return None


def test_killed_within_a_save_the_previous_checkpoint_is_whole(train: Train, tmp_path: Path) -> None:
    """At every operation in the folder of checkpoints, from a run that has one to one with two."""
    begun, ended, k = tmp_path / "begun", None, 0
    assert train(begun, 2, *EVERY).code == 0
    while ended is None or ended.code:
        k += 1
        path = tmp_path / f"{k}"
        shutil.copytree(begun, path)
        ended = train(path, 4, *EVERY, "--resume", dies_at=k, watched=str(path / "checkpoints"))
        for found in checkpoints.list_checkpoints(path / "checkpoints"):
            checkpoints.read(found)
        assert steps(path)[0] == 2
    assert steps(path) == [2, 4]
    assert k > 8


def test_a_full_disk_names_path_and_need_and_harms_nothing(train: Train, tmp_path: Path) -> None:
    path = tmp_path / "run"
    assert train(path, 4, *EVERY).code == 0
    before = {p: p.read_bytes() for p in path.rglob("*") if p.is_file() and p.name != "lock"}
    largest = max(len(content) for p, content in before.items() if p.suffix == ".safetensors")
    ended = train(path, 8, *EVERY, "--resume", room=largest - 100)
    assert ended.code == 1
    (line,) = [text for text in ended.err.splitlines() if "likeness:" in text]
    assert f"{path}/checkpoints/step-00000006 could not be written" in line
    assert "File too large, 0.0 MiB needed" in line
    assert "the last good checkpoint is" in line
    assert "Traceback" not in ended.err
    kept = {p: c for p, c in before.items() if p.suffix == ".safetensors"}
    assert all(p.read_bytes() == content for p, content in kept.items())
    assert (path / "metrics.jsonl").read_bytes().startswith(before[path / "metrics.jsonl"])
    assert not temporaries(path)
    assert train(path, 8, *EVERY, "--resume").code == 0


def test_a_second_training_in_the_directory_is_refused_naming_the_process(
    train: Train, images: Path, tmp_path: Path
) -> None:
    path, refused = tmp_path / "run", []

    def second(pid: int) -> None:
        until(lambda: steps(path))
        with pytest.raises(RunError) as error:
            trained(path, images, resume=True, steps=100_000)
        refused.append((str(error.value), error.value.exit_code, pid))
        os.kill(pid, signal.SIGTERM)

    assert train(path, 100_000, "--checkpoint-every", 1, during=second, slow=0.002).code == 143
    ((message, code, pid),) = refused
    assert f"{path} is in use by process {pid};" in message
    assert code == 1
    assert steps(path)


def test_a_second_training_is_refused_while_the_first_still_reads_its_data(
    train: Train, images: Path, tmp_path: Path
) -> None:
    path, reading, refused = tmp_path / "run", tmp_path / "reading", []

    def second(pid: int) -> None:
        until(reading.exists)
        try:
            trained(path, images)
        except RunError as error:
            refused.append(str(error))
        os.kill(pid, signal.SIGTERM)

    train(path, 4, during=second, scanning=str(reading))
    assert refused
    assert "is in use by process" in refused[0]
