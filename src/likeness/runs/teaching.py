"""Metrics taught on the data of a run, which keeps them, or on other data."""

import shutil
from pathlib import Path

from likeness.data.dataset import load
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.models.codes import load_own_data
from likeness.runs.loading import load_model
from likeness.runs.run import Run, find_run, lock
from likeness.similarity.taught_metric import TaughtMetric
from likeness.similarity.teach_metric import teach_metric
from likeness.similarity.teaching import STEPS
from likeness.training.progress import Watcher


def teach_run(
    path: str | Path,
    *,
    data: str | None = None,
    from_scratch: bool = False,
    steps: int = STEPS,
    seed: int = 0,
    device: str = "cpu",
    watcher: Watcher = lambda progress: None,
) -> tuple[TaughtMetric, Run]:
    """Teach a metric on the training images of a run, which are at `data` if not where they were, and keep
    it in the run: its discriminator is taught, or a new one if it has none or `from_scratch`.

    A metric that was taught before is replaced. Raises UserError if there is no run, its data are not
    found, or no metric can be taught on them.
    """
    run, model = find_run(path), load_model(path)
    model.training_data = model.training_data.at(data)
    dataset = load_own_data(model)
    metric = teach_metric(
        dataset.train, model.scaling, model.shape, model.data,
        net=model.net, discriminator=None if from_scratch else model.discriminator,
        condition=model.mean_condition, steps=steps, seed=seed, device=device, watcher=watcher,
    )  # fmt: skip
    with lock(run):
        shutil.rmtree(run.taught, ignore_errors=True)
        metric.save(run.taught)
    return metric, run


def teach_data(
    settings: DataSettings,
    out: str | Path,
    *,
    steps: int = STEPS,
    seed: int = 0,
    device: str = "cpu",
    watcher: Watcher = lambda progress: None,
) -> tuple[TaughtMetric, Path]:
    """Teach a metric on the training images of data, without a run, and save it to the folder `out`. Raises
    UserError if the folder exists, or no metric can be taught on the data."""
    if Path(out).exists():
        raise UserError(f"{out} is there already; choose another folder")
    dataset = load(settings, seed)
    metric = teach_metric(
        dataset.train, dataset.scaling, dataset.shape, settings,
        steps=steps, seed=seed, device=device, watcher=watcher,
    )  # fmt: skip
    return metric, metric.save(out)
