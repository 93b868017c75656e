"""What a recipe is: the numbers and figures of a paper, and how they are made again.

To add a paper: a file beside this with `TABLES` and `FIGURES`, whose docstring says what each took and
gave.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from likeness.analysis.evaluation import EvaluationOptions, evaluate, write
from likeness.analysis.figures import write_clusters, write_manifold, write_plane
from likeness.errors import UserError
from likeness.intervals import Interval
from likeness.registry import suggestion
from likeness.runs.settings import gather
from likeness.runs.train import train
from likeness.training.progress import Progress

Watcher = Callable[[Progress], None]


@dataclass(frozen=True)
class Row:
    """One number of a paper."""

    paper: str
    """What is printed there, with its spread."""
    better: str
    """`more` or `less`: which way is better."""
    method: str
    settings: Mapping[str, Any]
    metric: str
    """The metric's file; its number is the first that it yields."""


@dataclass(frozen=True)
class Figure:
    """Pictures of one training."""

    shows: str
    method: str
    settings: Mapping[str, Any]
    draws: tuple[str, ...]
    """Names in `DRAWINGS`."""


Tables = Mapping[str, Mapping[str, Row]]
"""Rows of each table, by name; the one row of a table may be called ``."""
Figures = Mapping[str, Figure]

DRAWINGS: dict[str, Callable[[str, Path], Path]] = {
    "plane": lambda run, out: write_plane(run, "test", out),
    "manifold": lambda run, out: write_manifold(run, 10, 20, out),
    "clusters": lambda run, out: write_clusters(run, "test", 12, out),
}


def find_entry(what: str, entries: Mapping[str, Any], name: str) -> Any:
    """The entry called `name`; UserError lists the near ones."""
    if name not in entries:
        raise UserError(f"there is no {what} {name!r}; {suggestion(name, list(entries))}")
    return entries[name]


def reproduce_row(
    row: Row, folder: Path, data: str, seeds: int, split: str, watcher: Watcher
) -> Iterator[float]:
    """The number for each seed. Runs are kept in `folder` and gone on with where they stopped."""
    for seed in range(seeds):
        run = _train(row, folder / f"seed-{seed}", data, seed, watcher)
        numbers = _measure(run, split, row.metric)
        yield next(iter(numbers.values())).mean


def draw_figure(
    figure: Figure, folder: Path, data: str, split: str, watcher: Watcher
) -> tuple[list[Path], Mapping[str, Interval]]:
    """The pictures in `folder`, of the run beside them, and how its codes fill the prior."""
    run = _train(figure, folder / "run", data, 0, watcher)
    paths = [DRAWINGS[name](run, folder / f"{name}.png") for name in figure.draws]
    return paths, _measure(run, split, "prior")


def _measure(run: str, split: str, metric: str) -> Mapping[str, Interval]:
    """One metric, which is also written down beside the run."""
    asked = EvaluationOptions(split, metrics=[metric])
    found = evaluate(run, asked)
    write(run, found, asked)
    return found.numbers


def _train(entry: Row | Figure, path: Path, data: str, seed: int, watcher: Watcher) -> str:
    said = dict(entry.settings) | {"data": data, "seed": seed}
    return str(train(gather(entry.method, said), path, resume=True, watcher=watcher).path)
