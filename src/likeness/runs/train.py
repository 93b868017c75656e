"""Training as a run: begin or resume, write down, save, stop when asked."""

import copy
import os
import platform
import time
from pathlib import Path
from typing import Any

import torch

from likeness import __version__, config
from likeness.config import Config
from likeness.data.batches import Batches
from likeness.errors import RunError, Stopped, UserError
from likeness.models.model import Model
from likeness.runs import checkpoints
from likeness.runs.recorder import Recorder
from likeness.runs.report import write_report
from likeness.runs.run import Run, create, locked
from likeness.runs.signals import deferred
from likeness.runs.start import load_data, restore, training_conditions
from likeness.training import memory
from likeness.training.loop import loop
from likeness.training.progress import Progress, Watcher


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
        _refuse_other_settings(run, settings)
    else:
        run = create(path)
    with locked(run), torch.random.fork_rng():
        training = TrainingRun(run, settings, watcher or (lambda progress: None), again, other_data)
        s, start, total = training.settings, training.step, training.total
        with deferred() as stop, memory.kept(s.training.keep_memory):
            try:
                for step, report in loop(
                    s.objective, training.state, training.batches, s.training, start, total
                ):
                    training.record(step, report)
                    if stop.number is not None or training.out_of_time():
                        break
            except RunError as error:
                raise RunError(f"{error}; {training.last_good()}") from None
            training.save()
            if stop.number is not None:
                raise Stopped(
                    f"stopped at step {training.step} and saved; go on with "
                    f"`likeness train --resume {run.path}`", stop.number,
                )  # fmt: skip
            training.finish()
    return run


class TrainingRun:
    """One training in progress: the data, the networks as they are now, and what is written of them.

    Raises UserError for data or settings that cannot be trained on, RunError for a run that cannot be
    resumed; nothing of the run is changed then, but for what an interrupted write left behind.
    """

    def __init__(
        self, run: Run, settings: Config, watcher: Watcher, again: bool = False, other_data: bool = False
    ) -> None:
        self.run, self.watcher = run, watcher
        self.dataset, self.settings, self.peak = load_data(run, settings, again, other_data)
        self.state, self.step, self.seconds = restore(run, self.settings, self.dataset, again, watcher)
        s, d = self.settings, self.dataset
        run.write_data(self._about())
        if d.conditions.items and not self.step:
            self.watcher(Progress(0, None, 0, None, f"conditioned on {d.conditions}"))
        for note in d.notes:
            self.watcher(Progress(self.step, None, 0, None, note))
        run.write_config(settings)
        self.recorder = Recorder(run, s, d, self.state)
        self.batches = Batches(
            d.train, d.scaling, s.training.batch, s.training.seed, s.data.flip, s.data.shift,
            self.recorder.where,
        )  # fmt: skip
        self.total = s.training.total(len(d.train))
        """Steps of the whole training; None where minutes decide."""
        self._begun = time.perf_counter() - self.seconds

    def record(self, step: int, report: Any) -> None:
        """Take in what one step reports; write, draw and save what is due."""
        self.step, self.seconds = step, time.perf_counter() - self._begun
        log, line = self.settings.log, None
        self.recorder.add(report)
        if step % log.log_every == 0 or step == self.total:
            line = self.recorder.write(step, self.seconds, self._speed(), self.peak.numbers())
        if step % log.pictures_every == 0:
            self._draw()
        if step % log.checkpoint_every == 0:
            self.save()
        self.watcher(Progress(step, self.total, self._images_per_step(), line))

    def finish(self) -> None:
        """Draw the last pictures and write the report."""
        if self.step % self.settings.log.pictures_every:
            self._draw()
        write_report(self.run)

    def save(self) -> None:
        """Write a checkpoint of the step that was made last."""
        checkpoints.save_checkpoint(
            self.run.checkpoints, self.state, self.step, self.seconds, self.settings.log.keep
        )

    def out_of_time(self) -> bool:
        """Whether the training has taken the minutes that it was given."""
        minutes = self.settings.training.minutes
        return minutes is not None and self.seconds >= 60 * minutes

    def last_good(self) -> str:
        """Which checkpoint there is to go back to, in words."""
        saved = checkpoints.found(self.run.checkpoints)
        return f"the last good checkpoint is {saved[-1]}" if saved else "no checkpoint was made yet"

    def model(self) -> Model:
        """The model as it is now, with averaged weights where they are kept."""
        average = self.state.average
        nets = copy.deepcopy(average.nets if average else self.state.nets).cpu()
        d = self.dataset
        rows = d.conditions.encode(training_conditions(d))
        return Model(self.settings, nets, d.shape, d.scaling, self.step, d.conditions, rows)

    def _draw(self) -> None:
        self.recorder.validate(self.step)
        self.recorder.picture(self.model(), self.step)

    def _images_per_step(self) -> int:
        return self.settings.training.batch * self.settings.training.accumulate

    def _speed(self) -> float:
        return self.step * self._images_per_step() / max(self.seconds, 1e-9)

    def _about(self) -> dict[str, Any]:
        """What a run keeps of its data and of the machine that trained it."""
        d = self.dataset
        return {
            "shape": list(d.shape),
            "scaling": d.scaling.document(),
            "fingerprint": d.fingerprint,
            "images": {split.name: len(split) for split in (d.train, d.validation, d.test)},
            "skipped": list(d.skipped),
            "label_names": list(d.label_names),
            "attribute_names": list(d.attribute_names),
            "channel_names": list(d.channel_names),
            "conditions": d.conditions.document(),
            "training_conditions": training_conditions(d).T.tolist(),
            "made_with": {
                "likeness": __version__, "torch": torch.__version__, "machine": platform.machine(),
                "threads": torch.get_num_threads(), "cores": os.cpu_count(),
            },
        }  # fmt: skip


def _refuse_other_settings(run: Run, settings: Config) -> None:
    """Raises UserError, which lists them, if settings differ from those of a run and may not."""
    old, new = config.document(run.config()), config.document(settings)
    differing = config.changes(old, new)
    if differing:
        raise UserError(
            f"{run.path} was begun with other settings ({'; '.join(differing)}); "
            "resume with the same, or choose another directory"
        )
