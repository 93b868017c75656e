"""Models and metrics loaded from runs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from likeness.data.conditions import Conditioning, one_row
from likeness.data.reading.scaling import Scaling
from likeness.errors import UserError, warn
from likeness.models.autoencoder import Autoencoder
from likeness.noise import use_seed
from likeness.objectives import missing_part_error
from likeness.runs import checkpoints
from likeness.runs.prior_file import with_own_prior
from likeness.runs.run import Run, run_of
from likeness.runs.split_file import training_data
from likeness.shapes import Shape
from likeness.similarity.image_metric import ImageMetric, Reduction
from likeness.similarity.parts import Parts, is_metric, layer_weights, read_parts
from likeness.similarity.perceptual_metric import PerceptualMetric
from likeness.similarity.taught_metric import TaughtMetric, is_taught, read_taught
from likeness.training import precision


def load_model(path: str | Path, average: bool | None = None, device: str = "cpu") -> Autoencoder:
    """The model of a run, or of one checkpoint of it, on a device: with averaged weights or without, by
    default with them where it keeps them.

    Raises UserError if there is no run, no averaged weights or no such device, RunError if no checkpoint
    is intact.
    """
    path, where = Path(path), precision.device(device)
    wanted = partial(_weights, average)
    run = run_of(path)
    if run.path != path:
        return _model(run, checkpoints.read(path, wanted), average).to(where)
    checkpoint, damaged = checkpoints.newest(run.checkpoints, wanted)
    for fault in damaged:
        warn(f"{fault.partition(';')[0]}; step {checkpoint.step} is taken instead")
    return _model(run, checkpoint, average).to(where)


def _weights(average: bool | None, names: Sequence[str]) -> list[str]:
    """The name of the file of weights to read, of a checkpoint with files of these names."""
    averaged = checkpoints.AVERAGE in names and average is not False
    return [checkpoints.AVERAGE if averaged else checkpoints.WEIGHTS]


def _model(run: Run, checkpoint: checkpoints.Checkpoint, average: bool | None) -> Autoencoder:
    config, data = with_own_prior(run, run.config()), run.data()
    shape, conditions = Shape(*data["shape"]), run.conditions()
    with use_seed():  # first weights are drawn, only to be replaced
        nets = config.objective.networks(config.net, shape, conditions.width)
    if average and checkpoints.AVERAGE not in checkpoint.names:
        raise UserError(
            f"{run.path} keeps no averaged weights; train with --ema 0.999, or leave average out"
        )
    checkpoints.load_strictly(nets, checkpoint, next(iter(checkpoint.files)))
    values = torch.tensor(data["training_conditions"], dtype=torch.float64)
    rows = conditions.encode(values.reshape(len(conditions.items), -1).T) if conditions.items else None
    scaling = Scaling.from_document(data["scaling"])
    own = training_data(run)
    return Autoencoder(
        config.objective, config.net, nets, shape, scaling, own, checkpoint.step, conditions, rows
    )


def load_metric(
    path: str | Path,
    layers: Mapping[str, float] | str | None = None,
    unit: bool | None = None,
    average: bool | None = None,
    condition: Conditioning = None,
    reduction: Reduction = "none",
    device: str = "cpu",
) -> ImageMetric:
    """The metric of a run, of one of its checkpoints, or kept alone in a folder, on a device.

    A run that was taught a metric gives that one, unless something of the discriminator is asked for.
    `layers` are those of the discriminator, by name or index, with weights (`"conv2:0.5,conv3"`), else
    those that the run was trained with. `average` asks for averaged weights, or for those without;
    otherwise they are averaged where the run keeps such. Images are compared under one `condition`, by
    default the mean of those of training images, so that it is a function of two images. `reduction` is
    that of many pairs. Raises UserError if there is none, or no such layer, condition or reduction.
    """
    path, where = Path(path), precision.device(device)
    choices = {"layers": layers, "unit": unit, "average": average, "condition": condition}
    asked = [name for name, value in choices.items() if value is not None]
    if is_taught(path) and asked:
        raise UserError(f"{path} is a taught metric, which has no choice of {asked[0]}; leave it out")
    if not asked and (taught := _taught_folder(path)):
        return TaughtMetric(read_taught(taught), reduction).to(where)
    alone = is_metric(path)
    if alone and average is not None:
        raise UserError(
            f"{path} is a metric kept alone, as it was saved; name the run to choose its weights"
        )
    parts = read_parts(path) if alone else _of_run(path, average)
    changes: dict[str, Any] = {} if layers is None else {"layers": layer_weights(layers)}
    changes |= {} if unit is None else {"unit": unit}
    changes |= {} if condition is None else {"condition": one_row(parts.conditions, condition)}
    return PerceptualMetric(replace(parts, **changes), reduction).to(where)


def _taught_folder(path: Path) -> Path | None:
    """The folder of a taught metric: the one given, or that of the run; None if there is none."""
    return next((folder for folder in (path, Run(path).taught) if is_taught(folder)), None)


def _of_run(path: Path, average: bool | None) -> Parts:
    lender = load_model(path, average)
    Dis = lender.discriminator
    if Dis is None:
        raise missing_part_error(lender.method, "discriminator")
    layers = lender.objective.metric_layers(Dis)
    net, data = lender.net, lender.data
    condition = lender.mean_condition
    return Parts(
        net, Dis, layers, lender.shape, lender.scaling, data,
        conditions=lender.conditions, condition=condition,
    )  # fmt: skip
