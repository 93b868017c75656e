"""Training as a run: start or resume, log, save checkpoints, stop when asked."""

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
from likeness.errors import RunError, Stopped, UserError, warn
from likeness.models.autoencoder import Autoencoder
from likeness.noise import preserve_generators
from likeness.runs import checkpoints, split_file
from likeness.runs.best import Figure, best_of
from likeness.runs.origins import origins
from likeness.runs.recorder import Recorder
from likeness.runs.report import write_report
from likeness.runs.run import Run, lock, new
from likeness.runs.signals import defer_signals
from likeness.runs.start import load_data, restore, training_conditions
from likeness.training import memory
from likeness.training.deterministic import use_deterministic_algorithms
from likeness.training.loop import loop
from likeness.training.progress import Progress, Watcher

STEP_LIMIT = 2**31
"""A step that no training reaches."""


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
    place = lock(run) if again else new(path)
    with place, use_deterministic_algorithms(settings.training.deterministic), preserve_generators():
        training = TrainingRun(run, settings, watcher or (lambda progress: None), again, other_data)
        s, start, total = training.settings, training.step, training.total
        with defer_signals() as stop, memory.keep_freed_memory(s.training.keep_memory):
            try:
                steps = loop(s.objective, training.state, training.batches, s.training, start, total)
                for step, report in () if training.end_reason() else steps:
                    training.record(step, report)
                    if stop.number is not None or training.end_reason():
                        break
            except RunError as error:
                raise RunError(f"{error}; {training.last_good()}") from None
            training.save()
            if stop.number is not None:
                raise Stopped(
                    f"stopped at step {training.step} and saved; go on with "
                    f"`likeness train --resume {run.path}`", stop.number,
                )  # fmt: skip
            training.finish(start)
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
        settings.augmentation.check(self.dataset.shape.channels)
        self.state, self.step, self.seconds = restore(run, self.settings, self.dataset, again)
        s, d = self.settings, self.dataset
        self.recorder = Recorder(run, s, d, self.state)
        self.total = s.training.total(len(d.train))
        """Steps of the whole training; None where minutes decide."""
        self.best = self._best_by()
        run.write_data(self._about())
        split_file.keep(run, d.record)
        if d.conditions.items and not self.step:
            warn(f"conditioned on {d.conditions}")
        for note in d.notes:
            warn(note)
        run.write_config(settings)
        self.batches = Batches(
            d.train, d.scaling, s.training.batch, s.training.seed, s.augmentation, self.recorder.where,
        )  # fmt: skip
        self._waited = self.best.validations_since_best(run) if self.best else 0
        self._begun = time.perf_counter() - self.seconds

    def record(self, step: int, report: Any) -> None:
        """Log the metrics of one step; write lines, pictures and checkpoints that are due."""
        self.step, self.seconds = step, time.perf_counter() - self._begun
        log, line = self.settings.log, None
        self.recorder.add(report)
        if step % log.log_every == 0 or step == self.total:
            line = self.recorder.write(step, self.seconds, self._throughput(), self.peak.mebibytes())
        if step % log.pictures_every == 0:
            self._draw()
        if step % log.checkpoint_every == 0:
            self.save()
        self.watcher(Progress(step, self.total, self._images_per_step(), line))

    def finish(self, start: int) -> None:
        """Make the last pictures and the report, and say why the training ended early, if it did."""
        if not self.recorder.has_validation(self.step):
            self._draw()
        write_report(self.run)
        if self.step == start:
            warn(f"{self.run.path} is finished: {self.end_reason()}")
        elif self.total is not None and self.step < self.total:
            warn(f"ended at step {self.step}: {self.end_reason()}")

    def save(self) -> None:
        """Write a checkpoint of the last step."""
        checkpoints.save_checkpoint(
            self.run.checkpoints, self.state, self.step, self.seconds, self.settings.log.keep
        )

    def end_reason(self) -> str | None:
        """Why there is nothing left to train, and how to train on; None if there is."""
        minutes, patience = self.settings.training.minutes, self.settings.training.patience
        if self.total is not None and self.step >= self.total:
            return f"all {self.total:,} steps are made; a larger --steps goes on"
        if minutes is not None and self.seconds >= 60 * minutes:
            return f"its {minutes:g} minutes are over; more --minutes go on"
        if self.best and patience and self._waited >= patience:
            best = best_of(self.run)
            return f"the best is {best}, {self._waited} validations ago; a larger --patience goes on"
        return None

    def last_good(self) -> str:
        """The checkpoint that resuming would start from, as text."""
        saved = checkpoints.list_checkpoints(self.run.checkpoints)
        return f"the last good checkpoint is {saved[-1]}" if saved else "no checkpoint was made yet"

    def model(self) -> Autoencoder:
        """The model as it is now, with averaged weights if there are any."""
        average = self.state.average
        nets = copy.deepcopy(average.nets if average else self.state.nets).cpu()
        s, d = self.settings, self.dataset
        rows = d.conditions.encode(training_conditions(d))
        own = split_file.training_data(self.run)
        return Autoencoder(s.objective, s.net, nets, d.shape, d.scaling, own, self.step, d.conditions, rows)

    def _best_by(self) -> Figure | None:
        """The metric that the best checkpoint is chosen by. Raises UserError if validation does not have
        it."""
        by = self.settings.log.best_by
        if by is None:
            return None
        figure = Figure(by)
        figure.check(self.recorder.validation_names(STEP_LIMIT if self.total is None else self.total))
        figure.warn_of_another(self.run)
        return figure

    def _draw(self) -> None:
        self.recorder.picture(self.model(), self.step)
        line = self.recorder.validate(self.step)
        if self.best:
            self.best.keep(self.run, self.state, self.seconds, line)
            self._waited = self.best.validations_since_best(self.run)

    def _images_per_step(self) -> int:
        return self.settings.training.batch * self.settings.training.accumulate

    def _throughput(self) -> float:
        return self.step * self._images_per_step() / max(self.seconds, 1e-9)

    def _about(self) -> dict[str, Any]:
        """What a run stores of its data and of the machine that it is trained on."""
        d = self.dataset
        return {
            "shape": list(d.shape),
            "scaling": d.scaling.document(),
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
                "classes": origins(self.settings),
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
