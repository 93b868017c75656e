"""How a training starts: data are read and checked, and networks are new or restored from the last
checkpoint."""

from functools import partial
from typing import NamedTuple

import torch

from likeness.config import Config
from likeness.data.conditions import Values
from likeness.data.dataset import Dataset, load
from likeness.data.training_data import TrainingData
from likeness.errors import warn
from likeness.files import atomic
from likeness.runs import checkpoints, prior_file, split_file
from likeness.runs.pretrained import borrow
from likeness.runs.run import Run
from likeness.training import precision
from likeness.training.loop import State, begin, networks
from likeness.training.peak_memory import PeakMemory
from likeness.training.size import check_batch, check_size

MAX_CONDITIONS = 1000
"""Training images whose conditions are kept, for samples to be made with."""


class Data(NamedTuple):
    """The data of a training."""

    dataset: Dataset
    settings: Config
    """The settings, with the prior that is kept with the run where it is the user's own."""
    peak: PeakMemory
    """The memory taken since before the data were read."""


def load_data(run: Run, settings: Config, again: bool, other_data: bool) -> Data:
    """Read the data of a run. Raises UserError if they are too few, are not those that the run was started
    with (unless `other_data`), or lack what the method needs."""
    peak = PeakMemory(precision.device(settings.training.device))
    for folder in (run.path, run.checkpoints, run.pictures):
        atomic.sweep(folder)
    seed, names = settings.training.seed, settings.objective.condition
    if again:
        own = TrainingData(settings.data, seed, partial(split_file.read, run))
        dataset = own.load_to_resume(other_data).with_conditions_of(run.conditions())
    else:
        dataset = load(settings.data, seed).with_conditions(names)
    dataset.train.check_fills(settings.training.batch)
    if not again:
        prior_file.keep(run, settings)
    settings = prior_file.with_own_prior(run, settings)
    settings.objective.check(torch.from_numpy(dataset.train.labels), settings.training.batch)
    return Data(dataset, settings, peak)


class Start(NamedTuple):
    """The networks, moves and step that a training starts or resumes from."""

    state: State
    step: int
    seconds: float


def restore(run: Run, s: Config, dataset: Dataset, again: bool) -> Start:
    """Networks and moves: fresh, borrowed where asked for, or as the last checkpoint has them. Raises
    UserError if the networks are too large, RunError if no checkpoint is intact."""
    width = dataset.conditions.width
    check_size(s.objective, s.net, dataset.shape, width)
    check_batch(s.objective, s.net, dataset.shape, s.training.batch, width)
    nets = networks(s.objective, s.net, dataset.shape, s.training, width)
    saved = again and _was_saved(run)
    borrow(s, nets, dataset.conditions, ready=saved)
    state = begin(s.objective, nets, s.training)
    start = _from_checkpoint(run, state) if saved else Start(state, 0, 0.0)
    run.forget_after(start.step)
    return start


def _from_checkpoint(run: Run, state: State) -> Start:
    checkpoint, damaged = checkpoints.newest(run.checkpoints)
    checkpoints.restore(state, checkpoint)
    checkpoints.set_aside(run.checkpoints, checkpoint.step)
    for fault in damaged:
        warn(f"{fault.partition(';')[0]}; going on from step {checkpoint.step}")
    return Start(state, checkpoint.step, checkpoint.seconds)


def _was_saved(run: Run) -> bool:
    """Whether there is a checkpoint, or should be one: a resumed run never starts from nothing by
    itself."""
    reached = max((line["step"] for line in run.metrics()), default=0)
    due = reached > run.config().log.checkpoint_every or run.report.exists()
    return due or bool(checkpoints.list_checkpoints(run.checkpoints))


def training_conditions(d: Dataset) -> Values:
    """Values of the conditions of training images, evenly spaced, at most MAX_CONDITIONS of them."""
    kept = torch.from_numpy(d.condition_values(d.train, d.conditions))
    return kept[:: -(-len(kept) // MAX_CONDITIONS)]
