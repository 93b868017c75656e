"""Training as a run: begin or resume, write down, save, stop when asked."""

import copy
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from likeness import __version__, config
from likeness.config import Config
from likeness.data.batches import Batches
from likeness.data.dataset import Dataset, load
from likeness.errors import RunError, Stopped, UserError
from likeness.files import atomic
from likeness.models.model import Model
from likeness.runs import checkpoints, prior_file
from likeness.runs.pretrained import borrow
from likeness.runs.recorder import Recorder
from likeness.runs.report import write_report
from likeness.runs.run import Run, create, locked
from likeness.runs.signals import Stop, deferred
from likeness.training import memory, precision
from likeness.training.loop import State, begin, loop, networks
from likeness.training.peak_memory import Peak
from likeness.training.progress import Progress, Watcher
from likeness.training.size import check_batch, check_size


def train(
    settings: Config,
    path: str | Path,
    *,
    resume: bool = False,
    watcher: Watcher | None = None,
    other_data: bool = False,
) -> Run:
    """Train, and write the run to the directory `path`; with `resume`, go on exactly where it stopped.

    Raises UserError for a directory in use, other settings or other data than the run's (unless
    `other_data`), RunError for what goes wrong on the way, Stopped after a signal; all is saved then.
    """
    run = Run(Path(path))
    again = resume and run.exists()
    if again:
        settings = _agreed(run, settings)
    else:
        run = create(path)
    with locked(run), torch.random.fork_rng():
        return Fit(run, settings, watcher or (lambda progress: None)).go(again, other_data)


class Fit:
    """One training in progress."""

    def __init__(self, run: Run, settings: Config, watcher: Watcher) -> None:
        self.run, self.settings, self.watcher = run, settings, watcher
        self.seconds = 0.0
        self.step = 0

    def go(self, again: bool, other_data: bool) -> Run:
        """From the data to the report."""
        said = self.settings
        self.memory = Peak(precision.device(said.training.device))
        for folder in (self.run.path, self.run.checkpoints, self.run.pictures):
            atomic.sweep(folder)
        self.dataset = load(said.data, said.training.seed).telling(said.objective.given)
        self.dataset.train.check_fills(said.training.batch)
        if not again:
            prior_file.keep(self.run, said)
        self.settings = s = prior_file.with_own_prior(self.run, said)
        s.objective.check(torch.from_numpy(self.dataset.train.labels), s.training.batch)
        if again:
            self._same_data(other_data)
        self.state = self._state(again)
        atomic.write(self.run.data_file, json.dumps(_about(s, self.dataset), indent=1).encode())
        atomic.write(self.run.config_file, config.text(said).encode())
        with deferred() as stop, memory.kept(self.settings.training.keep_memory):
            self._steps(stop)
        return self.run

    def _state(self, again: bool) -> State:
        """Networks and moves: fresh, borrowed where asked for, or as the last checkpoint has them."""
        s = self.settings
        check_size(s.objective, s.net, self.dataset.shape)
        check_batch(s.objective, s.net, self.dataset.shape, s.training.batch)
        nets = networks(s.objective, s.net, self.dataset.shape, s.training)
        saved = again and self._was_saved()
        borrow(s, nets, self.dataset.shape, ready=saved)
        state = begin(s.objective, nets, s.training)
        if saved:
            checkpoint, damaged = checkpoints.newest(self.run.checkpoints)
            checkpoints.restore(state, checkpoint)
            checkpoints.set_aside(self.run.checkpoints, checkpoint.step)
            for fault in damaged:
                note = f"{fault}; going on from step {checkpoint.step}"
                self.watcher(Progress(checkpoint.step, None, 0, None, note))
            self.step, self.seconds = checkpoint.step, checkpoint.seconds
        self.run.forget_after(self.step)
        return state

    def _was_saved(self) -> bool:
        """Whether a checkpoint is there, or should be: a run never starts from nothing by itself."""
        reached = max((line["step"] for line in self.run.metrics()), default=0)
        due = reached > self.run.config().log.checkpoint_every or self.run.report.exists()
        return due or bool(checkpoints.found(self.run.checkpoints))

    def _steps(self, stop: Stop) -> None:
        """Train to the end, or until a signal; either way, save."""
        s, d = self.settings, self.dataset
        self.recorder = Recorder(self.run, s, d, self.state)
        total = s.training.total(len(d.train))
        batches = Batches(
            d.train, d.scaling, s.training.batch, s.training.seed, s.data.flip, s.data.shift,
            self.recorder.where,
        )  # fmt: skip
        steps = loop(s.objective, self.state, batches, s.training, self.step, total)
        begun = time.perf_counter() - self.seconds
        try:
            for self.step, report in steps:
                self.seconds = time.perf_counter() - begun
                self._after_step(report, total)
                if stop.number is not None or self._out_of_time():
                    break
        except RunError as error:
            raise RunError(f"{error}; {self._last_good()}") from None
        self._save()
        if stop.number is not None:
            raise Stopped(
                f"stopped at step {self.step} and saved; go on with "
                f"`likeness train --resume {self.run.path}`", stop.number,
            )  # fmt: skip
        self._finish()

    def _after_step(self, report: Any, total: int | None) -> None:
        log, line = self.settings.log, None
        self.recorder.add(report)
        if self.step % log.log_every == 0 or self.step == total:
            line = self.recorder.write(self.step, self.seconds, self._speed(), self.memory.numbers())
        if self.step % log.pictures_every == 0:
            self.recorder.validate(self.step)
            self.recorder.picture(self.model(), self.step)
        if self.step % log.checkpoint_every == 0:
            self._save()
        self.watcher(Progress(self.step, total, self._images_per_step(), line))

    def _finish(self) -> None:
        if self.step % self.settings.log.pictures_every:
            self.recorder.validate(self.step)
            self.recorder.picture(self.model(), self.step)
        write_report(self.run)

    def model(self) -> Model:
        """The model as it is now, with averaged weights where they are kept."""
        average = self.state.average
        nets = copy.deepcopy(average.nets if average else self.state.nets).cpu()
        d, seen = self.dataset, _seen(self.settings, self.dataset)
        return Model(self.settings, nets, d.shape, d.scaling, self.step, seen)

    def _save(self) -> None:
        checkpoints.save_checkpoint(
            self.run.checkpoints, self.state, self.step, self.seconds, self.settings.log.keep
        )

    def _images_per_step(self) -> int:
        return self.settings.training.batch * self.settings.training.accumulate

    def _speed(self) -> float:
        return self.step * self._images_per_step() / max(self.seconds, 1e-9)

    def _out_of_time(self) -> bool:
        minutes = self.settings.training.minutes
        return minutes is not None and self.seconds >= 60 * minutes

    def _last_good(self) -> str:
        saved = checkpoints.found(self.run.checkpoints)
        return f"the last good checkpoint is {saved[-1]}" if saved else "no checkpoint was made yet"

    def _same_data(self, other_data: bool) -> None:
        """Refuse to go on with data that are not those of the run."""
        if self.run.data()["fingerprint"] != self.dataset.fingerprint and not other_data:
            raise UserError(
                f"the data in {self.settings.data.data} are not those that {self.run.path} was "
                "trained on (files were added, removed or changed); restore them, or pass --other-data"
            )


def _about(settings: Config, d: Dataset) -> dict[str, Any]:
    """What a run keeps of its data and of the machine that trained it."""
    return {
        "shape": list(d.shape),
        "scaling": d.scaling.document(),
        "fingerprint": d.fingerprint,
        "images": {split.name: len(split) for split in (d.train, d.validation, d.test)},
        "skipped": list(d.skipped),
        "label_names": list(d.label_names),
        "attribute_names": list(d.attribute_names),
        "channel_names": list(d.channel_names),
        "seen": ["".join("01"[int(v)] for v in row) for row in _seen(settings, d).tolist()],
        "made_with": {
            "likeness": __version__, "torch": torch.__version__, "machine": platform.machine(),
            "threads": torch.get_num_threads(), "cores": os.cpu_count(),
        },
    }  # fmt: skip


SEEN = 1000
"""Attributes of training images that are kept, for samples to be made with."""


def _seen(settings: Config, d: Dataset) -> Tensor:
    """Attributes of training images (at most SEEN, a), where networks are told some."""
    rows = d.train.attributes
    if rows is None or not settings.objective.given:
        return torch.zeros(0, 0)
    return torch.from_numpy(rows[:: -(-len(rows) // SEEN)])


def _agreed(run: Run, settings: Config) -> Config:
    """The settings to go on with; UserError lists what differs and may not."""
    old, new = config.document(run.config()), config.document(settings)
    differing = config.changes(old, new)
    if differing:
        raise UserError(
            f"{run.path} was begun with other settings ({'; '.join(differing)}); "
            "resume with the same, or choose another directory"
        )
    return settings
