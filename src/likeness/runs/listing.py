"""A table of runs: their methods, metrics, and the settings in which they differ."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from likeness import config, documents, registry
from likeness.errors import LikenessError, UserError, warn
from likeness.runs.best import Figure, best_of
from likeness.runs.run import Run

MAX_FOLDER_DEPTH = 4
"""Folders within one another in which runs are looked for."""
OWN_COLUMN = ("method", "data.data", "training.steps", "training.epochs", "training.minutes")
"""Settings that have columns of their own, or whose effect has."""


@dataclass(frozen=True)
class RunSummary:
    """One row of the table: one run."""

    path: Path
    method: str
    data: str
    step: int
    images: int
    """Of training."""
    when: datetime
    """Of the last line of its metrics, else of its settings."""
    best: str
    """Its best checkpoint, in words; nothing where it keeps none."""
    numbers: dict[str, float]
    """The newest of metrics.jsonl, and the means of evaluation-*.json, by name."""
    settings: dict[str, Any]
    """All of them, by their full names."""


def table_of_runs(folder: str | Path, by: str = "") -> list[RunSummary]:
    """The runs in a folder, the newest first, or by a number: `NAME`, the lowest first, `NAME:max`, the
    highest; those without it come last.

    A damaged run is left out with a warning. Raises UserError if there is no run or no such number.
    """
    folder = Path(folder)
    runs = [listed for run in _find_runs(folder, MAX_FOLDER_DEPTH) if (listed := _summarise(run))]
    if not runs:
        raise UserError(f"there is no run in {folder}; name a folder that holds directories of trainings")
    if not by:
        return sorted(runs, key=lambda run: run.when, reverse=True)
    figure, known = Figure(by), sorted({name for run in runs for name in run.numbers})
    if figure.name not in known:
        near = registry.suggestion(figure.name, known)
        raise UserError(f"no run in {folder} has the number {figure.name!r}; {near}")
    return sorted(runs, key=lambda run: figure.sign * run.numbers.get(figure.name, figure.sign * math.inf))


def differing_settings(runs: Sequence[RunSummary]) -> list[str]:
    """The settings that differ between runs; those that most runs have come first."""
    names = dict.fromkeys(name for run in runs for name in run.settings)
    found = [name for name in names if name not in OWN_COLUMN and len(_values(runs, name)) > 1]
    return sorted(found, key=lambda name: -sum(name in run.settings for run in runs))


def _values(runs: Sequence[RunSummary], name: str) -> set[str]:
    return {repr(run.settings[name]) for run in runs if name in run.settings}


def _find_runs(folder: Path, depth: int) -> Iterator[Run]:
    """The runs in a folder, or the folder itself if it is one; folders within a run are not searched."""
    run = Run(folder)
    if run.exists():
        yield run
    elif depth and folder.is_dir():
        for inner in sorted(folder.iterdir()):
            yield from _find_runs(inner, depth - 1) if inner.is_dir() else ()


def _summarise(run: Run) -> RunSummary | None:
    """The row of a run; None, with a warning, if it cannot be read."""
    try:
        settings = dict(documents.leaves(config.document(run.config())))
        counts = run.data()["images"]
        numbers = {name: float(value) for name, value in run.newest().items()}
        return RunSummary(
            run.path, settings["method"], str(settings["data.data"]), int(numbers.get("step", 0)),
            int(counts["train"]), _when(run), str(best_of(run) or ""),
            numbers | _evaluation_means(run), settings,
        )  # fmt: skip
    except (LikenessError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        warn(f"{run.path} is left out ({str(error).partition(';')[0]})")
        return None


def _when(run: Run) -> datetime:
    written = run.metrics_file if run.metrics_file.exists() else run.config_file
    return datetime.fromtimestamp(written.stat().st_mtime)


def _evaluation_means(run: Run) -> dict[str, float]:
    """The mean of each metric that was evaluated on a run, by split and name: `test/pixel_mse`."""
    found: dict[str, float] = {}
    for file in sorted(run.path.glob("evaluation-*.json")):
        kind, numbers = file.stem.removeprefix("evaluation-"), json.loads(file.read_text())["numbers"]
        found |= {f"{kind}/{name}": float(number["mean"]) for name, number in numbers.items()}
    return found
