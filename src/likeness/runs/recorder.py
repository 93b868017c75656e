"""What a training logs: metrics, pictures, and TensorBoard events if it is installed."""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from likeness.batch import Batch
from likeness.config import Config
from likeness.data.batches import in_order
from likeness.data.dataset import Dataset
from likeness.files import atomic
from likeness.models.autoencoder import Autoencoder
from likeness.pages import pictures
from likeness.runs.run import Run
from likeness.training import precision
from likeness.training.loop import State, noise_of, seed_noise
from likeness.training.step import validate

MAX_PICTURED_IMAGES = 16
"""Images in a picture of reconstructions; samples fill a square of four times as many."""
MAX_UNREAD_STEPS = 50
"""Steps whose reports may wait to be read."""


class Recorder:
    """Logs the metrics of a run, and makes its pictures from the same images and codes each time."""

    def __init__(self, run: Run, config: Config, dataset: Dataset, state: State) -> None:
        self.run, self.config, self.dataset, self.state = run, config, dataset, state
        self.where = precision.device(config.training.device)
        self._sums: dict[str, float] = {}
        self._counts: Counter[str] = Counter()
        self._unread: list[Mapping[str, float | Tensor]] = []
        self._board = _tensorboard(run)

    def add(self, report: Mapping[str, float | Tensor]) -> None:
        """Add the metrics of one step. They are read later, since reading waits for the device."""
        self._unread.append(report)
        if len(self._unread) == MAX_UNREAD_STEPS:
            self._read()

    def _read(self) -> None:
        """Add what was collected to the sums; a mean over no sample is NaN, and is not counted."""
        for name in {name: None for report in self._unread for name in report}:
            seen = [report[name] for report in self._unread if name in report]
            on_device = [value for value in seen if isinstance(value, Tensor)]
            read = torch.stack(on_device).tolist() if on_device else []
            values = [*read, *(value for value in seen if not isinstance(value, Tensor))]
            counted = [value for value in values if not math.isnan(value)]
            self._sums[name] = sum(counted, self._sums.get(name, 0.0))
            self._counts[name] += len(counted)
        self._unread = []

    def write(self, step: int, seconds: float, speed: float, memory: dict[str, float]) -> dict[str, Any]:
        """Log the means since the last line, and the time per step and memory."""
        self._read()
        means = {name: total / (self._counts[name] or math.nan) for name, total in self._sums.items()}
        self._sums, self._counts = {}, Counter()
        line = {"step": step, "seconds": round(seconds, 3), "images_per_second": round(speed, 1)}
        return self._log(line | memory | means)

    def validate(self, step: int) -> dict[str, Any]:
        """Log the losses on validation images; no network is updated."""
        reports = [self._validation_terms(batch, step) for batch in self._validation()]
        if not reports:
            return {}
        means = {f"validation_{name}": value for name, value in _means(reports).items()}
        return self._log({"step": step} | means)

    def validation_names(self, step: int) -> list[str]:
        """Names of the metrics of validation lines at `step`; none without validation images."""
        batch = next(self._validation(), None)
        return (
            [] if batch is None else [f"validation_{name}" for name in self._validation_terms(batch, step)]
        )

    def has_validation(self, step: int) -> bool:
        """Whether validation is due at `step`."""
        lines = (line for line in self.run.metrics() if line["step"] == step)
        return any(name.startswith("validation_") for line in lines for name in line)

    def picture(self, model: Autoencoder, step: int) -> None:
        """Write the pictures: samples of the prior at fixed codes, and fixed images above their
        reconstructions."""
        samples = pictures.grid(model.sample(4 * MAX_PICTURED_IMAGES), columns=8)
        atomic.write(self.run.pictures / f"samples-{step:08d}.png", pictures.png(samples))
        if model.encodes and len(self.dataset.validation):
            shown = next(in_order(self.dataset.validation, self.dataset.scaling, MAX_PICTURED_IMAGES))
            sheet = pictures.pairs(shown.x, model.reconstruct(shown.x, shown.condition, shown.labels))
            atomic.write(self.run.pictures / f"reconstructions-{step:08d}.png", pictures.png(sheet))

    def _validation(self) -> Iterator[Batch]:
        """Whole batches of validation images, as many as the log settings say."""
        size, split = self.config.training.batch, self.dataset.validation
        left = min(self.config.log.validate_images, len(split))
        for batch in in_order(split, self.dataset.scaling, size, self.where) if left else ():
            yield batch
            left -= len(batch.x)
            if left <= 0:
                return

    def _validation_terms(self, batch: Batch, step: int) -> dict[str, Tensor]:
        chosen = precision.resolve(self.config.training.precision, self.where)
        within = precision.autocast(chosen, self.where)
        with precision.default_device(self.where), precision.set_tf32(chosen), torch.random.fork_rng():
            first = int(batch.index[0])
            seed_noise(self.config.training.seed, first)
            noisy = batch.with_noise(noise_of(batch, self.config.training.seed, "validation", first))
            return validate(self.config.objective, self.state.nets, noisy, step, within)

    def _log(self, line: dict[str, Any]) -> dict[str, Any]:
        line = {name: value if math.isfinite(value) else None for name, value in line.items()}
        atomic.append(self.run.metrics_file, json.dumps(line, allow_nan=False))
        for name, value in line.items() if self._board else ():
            if value is not None:
                self._board.add_scalar(name, value, line["step"])
        return line


def _means(reports: Sequence[Mapping[str, Tensor]]) -> dict[str, float]:
    """The mean of each metric over the reports that have it; a loss of a batch without samples is left
    out."""
    values: dict[str, list[float]] = {}
    for report in reports:
        for name, value in report.items():
            values.setdefault(name, []).append(float(value))
    return {name: float(np.nanmean(found)) for name, found in values.items()}


def _tensorboard(run: Run) -> Any:
    """A writer of TensorBoard's files, or None where it is not installed."""
    try:
        from torch.utils.tensorboard.writer import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(run.tensorboard))
