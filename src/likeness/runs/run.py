"""The layout of a run:

RUN/config.yaml     every setting, complete
RUN/data.json       how stored values map to [-1, 1], the images' shape
RUN/split.npz       name, content digest and split of each image of the data
RUN/prior.npy       codes drawn from the prior, where that is the user's own
RUN/metrics.jsonl   a line of numbers every few steps
RUN/pictures/       reconstructions and samples as they came to be
RUN/checkpoints/    step-N folders, the newest few; the folder `best`, where --best-by asks for one
RUN/taught/         the metric taught on the data of the run, where one is
RUN/report.html     configuration, curves, pictures, final numbers
RUN/tensorboard/    the same curves, where TensorBoard is installed
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from likeness import config, documents
from likeness.config import Config
from likeness.data.conditions import Conditions
from likeness.errors import RunError, UserError
from likeness.files import atomic, version
from likeness.registry import suggestion
from likeness.runs.origins import check_at_hand

CHECKPOINTS = "checkpoints"
"""Folder of a run's checkpoints."""
REQUIRED_KEYS = {"shape", "scaling", "images", "conditions", "training_conditions"}
"""What data.json must have."""


@dataclass(frozen=True)
class Run:
    """A directory with all files of one training."""

    path: Path

    @property
    def config_file(self) -> Path:
        """Every setting of the training, as YAML."""
        return self.path / "config.yaml"

    @property
    def data_file(self) -> Path:
        """What was read: the shape of the images, the range of their values, their names."""
        return self.path / "data.json"

    @property
    def split_file(self) -> Path:
        """Name, content digest and split of each image."""
        return self.path / "split.npz"

    @property
    def prior_file(self) -> Path:
        """Samples of the user's own prior; there is none for the other priors."""
        return self.path / "prior.npy"

    @property
    def metrics_file(self) -> Path:
        """The logged metrics, one JSON object per line."""
        return self.path / "metrics.jsonl"

    @property
    def pictures(self) -> Path:
        """Directory of the reconstructions and samples of each validation."""
        return self.path / "pictures"

    @property
    def checkpoints(self) -> Path:
        """Directory of the checkpoints."""
        return self.path / CHECKPOINTS

    @property
    def best(self) -> Path:
        """Checkpoint that was best by the metric `--best-by`."""
        return self.checkpoints / "best"

    @property
    def taught(self) -> Path:
        """Directory of the metric taught on the run's data, if there is one."""
        return self.path / "taught"

    @property
    def report(self) -> Path:
        """The report, a page for a browser."""
        return self.path / "report.html"

    @property
    def tensorboard(self) -> Path:
        """Directory of the event files of TensorBoard."""
        return self.path / "tensorboard"

    def exists(self) -> bool:
        """Whether a training was started in this directory."""
        return self.config_file.exists()

    def config(self) -> Config:
        """The run's configuration. Raises UserError if the file is not one, or if it names a class that is
        not registered."""
        document = version.remove_version(documents.read(self.config_file), self.config_file)
        try:
            return config.build(document)
        except UserError:
            with suppress(RunError):
                check_at_hand(self.data())
            raise

    def write_config(self, settings: Config) -> None:
        """Write config.yaml. Raises RunError if there is no room."""
        text = f"{version.KEY}: {version.VERSION}\n{config.text(settings)}"
        atomic.write(self.config_file, text.encode())

    def data(self) -> dict[str, Any]:
        """The contents of data.json: scaling, shape, names. Raises RunError if it cannot be read."""
        try:
            found = json.loads(self.data_file.read_text())
            if not isinstance(found, dict) or not found.keys() >= REQUIRED_KEYS:
                raise ValueError("it is not what was written")
        except (OSError, ValueError) as error:
            raise RunError(f"{self.data_file} cannot be read ({error}); restore it from a copy") from None
        return version.remove_version(found, self.data_file)

    def conditions(self) -> Conditions:
        """The conditions that the run is trained on. Raises RunError if they cannot be read."""
        try:
            return Conditions.from_document(self.data()["conditions"])
        except ValueError as error:
            raise RunError(f"{self.data_file}: {error}; restore it from a copy") from None

    def write_data(self, about: dict[str, Any]) -> None:
        """Write data.json. Raises RunError if there is no room."""
        atomic.write(self.data_file, json.dumps(version.add_version(about), indent=1).encode())

    def metrics(self) -> list[dict[str, Any]]:
        """The lines of metrics.jsonl that are whole, oldest first."""
        lines = self.metrics_file.read_text().splitlines() if self.metrics_file.exists() else []
        return [line for text in lines if (line := _parse_line(text))]

    def newest(self) -> dict[str, Any]:
        """The newest value of each metric, by name."""
        lines = self.metrics()
        return {name: v for line in lines for name, v in line.items() if v is not None}

    def forget_after(self, step: int) -> None:
        """Delete the metrics of later steps, which will be trained again."""
        kept = [line for line in self.metrics() if line["step"] <= step]
        atomic.write(self.metrics_file, "".join(json.dumps(k) + "\n" for k in kept).encode())


def find_run(path: str | Path) -> Run:
    """The run in a directory. UserError if there is none."""
    run = Run(Path(path))
    if not run.exists():
        raise UserError(f"{path} is not a run: it has no config.yaml; give the directory of a training")
    return run


def run_of(path: str | Path) -> Run:
    """The run in a directory, or the run of a checkpoint. Raises UserError if there is none."""
    path = Path(path)
    if path.parent.name != CHECKPOINTS:
        return find_run(path)
    if not path.is_dir():
        there = sorted(p.name for p in path.parent.glob("*")) if path.parent.is_dir() else []
        raise UserError(f"there is no checkpoint {path}; {suggestion(path.name, there or ['another run'])}")
    return find_run(path.parent.parent)


def create(path: str | Path) -> Run:
    """A new run directory, still empty. UserError if one is there already or cannot be made."""
    run = Run(Path(path))
    if run.exists() or not _free(run.path):
        raise UserError(_directory_in_use_error(run))
    try:
        for folder in (run.path, run.pictures, run.checkpoints):
            folder.mkdir(parents=True, exist_ok=True)
        (run.path / "lock").touch()
    except (OSError, RunError) as error:
        raise UserError(f"{path} cannot be written ({error}); choose another directory") from None
    return run


FILES_BEFORE_TRAINING = ("data.json", "split.npz", "metrics.jsonl", "prior.npy", "lock")
"""Files that a training may have written before it begins."""


def _free(path: Path) -> bool:
    """Whether `path` has no files but those that a training which never started may have left."""
    if not path.exists():
        return True
    return path.is_dir() and all(
        p.is_dir() or p.name in FILES_BEFORE_TRAINING or p.name.startswith(atomic.TEMPORARY)
        for p in path.rglob("*")
    )


def _directory_in_use_error(run: Run) -> str:
    if run.exists():
        return (
            f"{run.path} holds a run already; continue it with `likeness train --resume {run.path}`, "
            "or choose another directory"
        )
    return f"{run.path} is not empty, or not a directory; choose another"


@contextmanager
def new(path: str | Path) -> Iterator[Run]:
    """A context with a new, locked run directory, which is removed if no training starts within it. Raises
    UserError if the directory exists or cannot be made, RunError if another process is just making it."""
    path = Path(path)
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    run = create(path)
    with lock(run):
        try:
            yield run
        finally:
            if not run.exists():
                _remove(run, made)


@contextmanager
def lock(run: Run) -> Iterator[None]:
    """Keep other trainings out of the directory. Raises RunError, which names the process that uses it, or
    UserError if it cannot be written."""
    with _lock_file(run) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise RunError(
                f"{run.path} is in use by process {file.read().strip()}; wait for it or stop it"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _lock_file(run: Run) -> TextIO:
    try:
        return (run.path / "lock").open("a+")
    except OSError as error:
        raise UserError(
            f"{run.path} cannot be written ({error.strerror}); make it writable, or copy it elsewhere"
        ) from None


def _remove(run: Run, made: Sequence[Path]) -> None:
    """Remove what was written before a training started, the lock last, and the folders made for it."""
    for folder in (run.pictures, run.checkpoints, run.tensorboard):
        shutil.rmtree(folder, ignore_errors=True)
    atomic.sweep(run.path)
    for name in FILES_BEFORE_TRAINING:
        (run.path / name).unlink(missing_ok=True)
    with suppress(OSError):  # one that others have put something into stays
        for folder in made:
            folder.rmdir()


def _parse_line(text: str) -> dict[str, Any] | None:
    """A line of metrics, or None if it was cut short by a crash."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) and "step" in line else None
