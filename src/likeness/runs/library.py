"""What a Python program does with runs: train a model, load a model, load its metric."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from likeness.data.conditions import Conditioning
from likeness.models.autoencoder import Autoencoder
from likeness.objectives import Objective
from likeness.runs.loading import load_metric, load_model
from likeness.runs.settings import gather
from likeness.runs.train import train as train_configured
from likeness.similarity.image_metric import ImageMetric, Reduction
from likeness.training.progress import Watcher


def load(path: str | Path) -> Autoencoder:
    """The model of a run, or of one checkpoint of it.

    Raises UserError if there is no run, RunError if no checkpoint is intact.
    """
    return load_model(path)


def metric(
    path: str | Path,
    layers: Mapping[str, float] | str | None = None,
    unit: bool | None = None,
    average: bool | None = None,
    condition: Conditioning = None,
    reduction: Reduction = "none",
) -> ImageMetric:
    """The learned measure of likeness of a run, or one kept alone: a frozen, differentiable distance.

    `layers` chooses layers of the discriminator, with weights; `unit=False` leaves features at their
    own length; `average` asks for averaged weights, of a run with `ema`, or for those without, by default
    averaged where there are such. `condition` is the one that images are compared under, of a run that has
    conditions, by default the mean of those of training images. `reduction` is "none", a distance for each
    pair, or "mean" or "sum" of all pairs, as of PyTorch's losses. Raises UserError if the run has no
    discriminator, or there is no such layer, condition or reduction.
    """
    return load_metric(path, layers, unit, average, condition, reduction)


def train(
    method: str | Objective,
    path: str | Path,
    *,
    resume: bool = False,
    other_data: bool = False,
    watcher: Watcher | None = None,
    **settings: Any,
) -> Autoencoder:
    """Train a method, as the command does: by its name with settings by theirs, or as it is, of which an
    editor knows the settings; the trained model.

    `likeness.train("vae_gan", "runs/x", data="digits", steps=500, net="larsen")`, or
    `likeness.train(likeness.VAEGAN(gamma=2), "runs/x", data=array, net=likeness.nets.ResNet(base=32))`.
    `data` is a word, a path, an array, a tensor, (images, labels), a data set, a frame, or any of these
    with how they are read, as `likeness.Images("photos/", size=64)`; other settings are laid over what is
    given whole. `transform` is an augmentation of one's own: a function of one stored training image, a
    tensor (c, h, w) on the CPU, that returns one of the same shape and type, such as torchvision's v2
    transforms. What it draws from PyTorch, NumPy and Python is a function of the seed and the step; to
    resume, give the same again. Raises UserError for a wrong setting or directory, RunError for what fails
    on the way.
    """
    config = gather(method, settings)
    train_configured(config, path, resume=resume, watcher=watcher, other_data=other_data)
    return load_model(path)
