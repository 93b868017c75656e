"""Likeness: whole training runs, and the bare step on one batch."""

import tempfile
from pathlib import Path
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.contenders.games import configured, fixed_batch, shape_of
from benchmarks.pace import Pace
from likeness.batch import Batch
from likeness.runs.train import train
from likeness.training import memory
from likeness.training.loop import begin, loop, networks
from likeness.training.progress import Progress


def run(pace: Pace, o: dict[str, Any]) -> None:
    """A training as the command makes it: data, steps, reports, the lines of metrics."""
    settings = configured(o | {"data": o["file"]})

    def after_each(progress: Progress) -> None:
        pace.tick()

    with tempfile.TemporaryDirectory() as folder:
        train(settings, Path(folder) / "run", watcher=after_each)


def step(pace: Pace, o: dict[str, Any]) -> None:
    """The engine alone, on one batch that stays: no data, no lines."""
    c = configured(o)
    if o.get("count"):
        pace.about["operations"] = operations(o)
    state = begin(c.objective, networks(c.objective, c.net, shape_of(o), c.training), c.training)
    steps = loop(c.objective, state, Same(fixed_batch(o, c.training.batch)), c.training, 0, None)
    with memory.keep_freed_memory():
        pace.run(lambda: next(steps))


class Same:
    """The same batch at every step."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch

    def at(self, t: int) -> Batch:
        """That batch."""
        return self.batch


def operations(o: dict[str, Any]) -> float:
    """Multiplications and additions of one step, counted at two images: all grow with the batch."""
    c, few = configured(o | {"precision": "float32"}), 2
    state = begin(c.objective, networks(c.objective, c.net, shape_of(o), c.training), c.training)
    steps = loop(c.objective, state, Same(fixed_batch(o, few)), c.training, 0, None)
    with FlopCounterMode(display=False) as counter:
        next(steps)
    return counter.get_total_flops() * c.training.batch / few


def encode(pace: Pace, o: dict[str, Any]) -> None:
    """Codes of a batch by a model that was trained."""
    model, x = _model(o)
    pace.run(lambda: model.encode(x).mean)


def decode(pace: Pace, o: dict[str, Any]) -> None:
    """Images of a batch of codes by a model that was trained."""
    model, _ = _model(o)
    z = model.sample_codes(o["images"])
    pace.run(lambda: model.decode(z))


def _model(o: dict[str, Any]) -> tuple[Any, torch.Tensor]:
    from likeness.data.reading.scaling import Scaling
    from likeness.models.autoencoder import Autoencoder

    c, shape = configured(o), shape_of(o)
    nets = networks(c.objective, c.net, shape, c.training)
    scaling = Scaling("uint8", (0.0,) * shape.channels, (255.0,) * shape.channels)
    return Autoencoder(c, nets, shape, scaling, 0), fixed_batch(o, o["images"]).x
