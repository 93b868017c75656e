"""Likeness: autoencoders whose measure of likeness is learned from your own data.

model = likeness.load("runs/faces")
x = model.images(["a.png", "b.png"])
model.reconstruct(x), model.sample(16)

metric = likeness.metric("runs/faces")
loss = metric(made, x).mean()
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from likeness.runs.fit import Progress
    from likeness.runs.metric import LearnedMetric
    from likeness.runs.model import Model

__version__ = "0.1.0"


def load(path: "str | Path") -> "Model":
    """The model of a run, or of one checkpoint of it.

    Raises UserError if there is no run, RunError if no checkpoint is intact.
    """
    from likeness.runs import model

    return model.load(path)


def metric(
    path: "str | Path",
    layers: "Mapping[str, float] | str | None" = None,
    unit: bool | None = None,
    average: bool | None = None,
) -> "LearnedMetric":
    """The learned measure of likeness of a run, or one kept alone: a frozen, differentiable distance.

    `layers` chooses layers of the discriminator, with weights; `unit=False` leaves features at their
    own length; `average` asks for averaged weights, of a run with `ema`, or for those without, by default
    averaged where there are such. Raises UserError if the run has no discriminator or no such layer.
    """
    from likeness.runs import metric

    return metric.load(path, layers, unit, average)


def train(
    method: str,
    path: "str | Path",
    *,
    resume: bool = False,
    other_data: bool = False,
    watcher: "Callable[[Progress], None] | None" = None,
    **settings: Any,
) -> "Model":
    """Train `method` as the command does, with settings by their plain names; the trained model.

    `likeness.train("vae_gan", "runs/x", data="digits", steps=500, net="larsen")`. Raises UserError
    for a wrong setting or directory, RunError for what fails on the way.
    """
    from likeness.runs import fit
    from likeness.runs.settings import gathered

    fit.train(gathered(method, settings), path, resume=resume, watcher=watcher, other_data=other_data)
    return load(path)
