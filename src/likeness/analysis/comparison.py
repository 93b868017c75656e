"""Comparison of methods that are trained on the same data for as many steps, and evaluated alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from likeness import registry
from likeness.analysis import evaluation
from likeness.analysis.evaluation import Evaluation, EvaluationOptions, measure, select_metrics
from likeness.analysis.feature_spaces import CLASSIFIER, RANDOM, feature_space
from likeness.config import Config
from likeness.errors import UserError
from likeness.intervals import Interval
from likeness.objectives import Objective
from likeness.runs.loading import load_model
from likeness.runs.run import Run
from likeness.runs.settings import check_names, gather, settings_of
from likeness.runs.train import train
from likeness.training.progress import Progress

COMPARED_METRICS = ("pixels", "structure", "sharpness", "latents", "prior")
"""Metrics that need no feature space."""


@dataclass(frozen=True)
class TrainedMethod:
    """The run of one method and seed, with its evaluation."""

    method: str
    """Name of the method."""
    seed: int
    """Seed of the training."""
    run: Run
    """The run."""
    numbers: Mapping[str, Interval]
    """Means of metrics with their 95 % intervals, by name."""
    cautions: Sequence[str] = ()
    """Reasons why numbers are missing or unreliable, one sentence each."""

    @property
    def seconds(self) -> float:
        """Duration of the training in seconds."""
        return float(self.run.newest().get("seconds", 0.0))

    @property
    def memory(self) -> float | None:
        """Peak memory of the process during training in MiB; None if the system does not report it."""
        return self.run.newest().get("peak_memory_mib")


def compare(
    methods: Sequence[str],
    seeds: int,
    settings: Mapping[str, Any],
    out: Path,
    split: str,
    watcher: Callable[[Progress], None],
    max_images: int | None = None,
) -> list[TrainedMethod]:
    """Train each method once for each seed, or load the run in `out`, and evaluate all on at most
    `max_images` images of a split.

    Methods that provide pretrained networks for others are trained first, for as many steps. Raises
    UserError for an unknown method.
    """
    known = registry.names("likeness.objectives")
    for method in methods:
        if method not in known:
            raise UserError(f"there is no method {method!r}; {registry.suggestion(method, known)}")
    check_names(methods, settings)
    pretrained = [provider for m in methods for provider in _pretrained_players(m).values()]
    ordered = list(dict.fromkeys([*pretrained, *methods]))
    for method in ordered:  # whatever is wrong is refused before any work
        _config(method, 0, settings, out)
    runs = [
        (method, seed, _train(method, seed, settings, out, watcher))
        for seed in range(seeds)
        for method in ordered
    ]
    return [
        TrainedMethod(method, seed, run, *_measure(run, split, max_images)[:2])
        for method, seed, run in runs
    ]


def _pretrained_players(method: str) -> Mapping[str, str]:
    """Pretrained networks that a method needs, each with the method that trains it."""
    return registry.entry("likeness.objectives", method, Objective).pretrained_players


def _config(method: str, seed: int, settings: Mapping[str, Any], out: Path) -> Config:
    """The configuration of one training."""
    values = settings_of(method, settings) | {"seed": seed}
    if providers := _pretrained_players(method):
        values["borrow"] = {name: str(_run_folder(out, other, seed)) for name, other in providers.items()}
    return gather(method, values)


def _train(
    method: str, seed: int, settings: Mapping[str, Any], out: Path, watcher: Callable[[Progress], None]
) -> Run:
    run, config = Run(_run_folder(out, method, seed)), _config(method, seed, settings, out)
    if not run.report.exists() or run.config() != config:
        train(config, run.path, resume=True, watcher=watcher)
    return run


def _measure(run: Run, split: str, max_images: int | None) -> Evaluation:
    """All numbers; set distances in the features of a classifier, if the data have labels or attributes,
    and of an untrained network, unless there are too few images."""
    model = load_model(run.path, device=run.config().training.device)
    data = evaluation.gather(model, EvaluationOptions(split, max_images))
    numbers, cautions, _ = measure(data, select_metrics(COMPARED_METRICS))
    for name in (CLASSIFIER, RANDOM):
        try:
            spaces = {name: feature_space(name, run, model.shape, model.training_data, model.device)}
            more = measure(replace(data, feature_spaces=spaces), select_metrics(["distributions"]))
        except UserError as error:
            more = Evaluation({}, [f"nothing is compared in the features of {name}, because {error}"])
        numbers, cautions = numbers | more.numbers, [*cautions, *more.cautions]
    return Evaluation(numbers, cautions)


def _run_folder(out: Path, method: str, seed: int) -> Path:
    return out / f"{method}-{seed}"
