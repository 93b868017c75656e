"""Methods trained on the same data under one budget, and measured alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from likeness import registry
from likeness.analysis import evaluation
from likeness.analysis.evaluation import Asked, Evaluation, chosen_metrics, measured
from likeness.analysis.feature_spaces import CLASSIFIER, RANDOM, space
from likeness.errors import UserError
from likeness.intervals import Interval
from likeness.objectives import Objective
from likeness.runs.loading import load_model
from likeness.runs.run import Run
from likeness.runs.settings import gathered
from likeness.runs.train import train
from likeness.training.progress import Progress

MEASURED = ("pixels", "structure", "sharpness", "latents", "prior")


@dataclass(frozen=True)
class Trained:
    """One method and seed, trained and measured."""

    method: str
    seed: int
    run: Run
    numbers: Mapping[str, Interval]
    cautions: Sequence[str] = ()
    """Why some numbers are missing, or not to be relied on."""

    @property
    def seconds(self) -> float:
        """How long the training took."""
        return float(self.run.newest().get("seconds", 0.0))

    @property
    def memory(self) -> float | None:
        """The most MiB that the process held while it trained, where that is known."""
        return self.run.newest().get("peak_memory_mib")


def compare(
    methods: Sequence[str],
    seeds: int,
    settings: Mapping[str, Any],
    out: Path,
    split: str,
    watcher: Callable[[Progress], None],
    most: int | None = None,
) -> list[Trained]:
    """Train each method once for each seed, or take the run that is there, and measure all, on `most`
    images.

    Methods whose trained players others borrow are trained first, under the same budget.
    Raises UserError for an unknown method.
    """
    known = registry.names("likeness.objectives")
    for method in methods:
        if method not in known:
            raise UserError(f"there is no method {method!r}; {registry.suggestion(method, known)}")
    ordered = list(dict.fromkeys([*(lender for m in methods for lender in _borrows(m).values()), *methods]))
    runs = [
        (method, seed, _trained(method, seed, settings, out, watcher))
        for seed in range(seeds)
        for method in ordered
    ]
    return [Trained(method, seed, run, *_measured(run, split, most)[:2]) for method, seed, run in runs]


def _borrows(method: str) -> Mapping[str, str]:
    """The pretrained players that a method takes, each with the method that trains it."""
    return registry.entry("likeness.objectives", method, Objective).pretrained_players


def _trained(
    method: str, seed: int, settings: Mapping[str, Any], out: Path, watcher: Callable[[Progress], None]
) -> Run:
    run, said = Run(_place(out, method, seed)), dict(settings) | {"seed": seed}
    if lenders := _borrows(method):
        said["borrow"] = {player: str(_place(out, lender, seed)) for player, lender in lenders.items()}
    wanted = gathered(method, said)
    if not run.report.exists() or run.config() != wanted:
        train(wanted, run.path, resume=True, watcher=watcher)
    return run


def _measured(run: Run, split: str, most: int | None) -> Evaluation:
    """All numbers; of sets in the features of a classifier where the data have labels or attributes, and
    of an untrained network, unless images are too few."""
    judged = load_model(run.path, device=run.config().training.device)
    evidence = evaluation.gathered(judged, Asked(split, most))
    numbers, cautions, _ = measured(evidence, chosen_metrics(MEASURED))
    for name in (CLASSIFIER, RANDOM):
        try:
            spaces = {name: space(name, run, judged.shape, judged.training_data, judged.device)}
            more = measured(replace(evidence, feature_spaces=spaces), chosen_metrics(["distributions"]))
        except UserError as error:
            more = Evaluation({}, [f"nothing is compared in the features of {name}, because {error}"])
        numbers, cautions = numbers | more.numbers, [*cautions, *more.cautions]
    return Evaluation(numbers, cautions)


def _place(out: Path, method: str, seed: int) -> Path:
    return out / f"{method}-{seed}"
