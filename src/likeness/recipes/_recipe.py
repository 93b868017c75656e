"""What a recipe is: a published number, and how it is made again, once for each seed.

To add a paper: a file beside this with `TABLES`, whose docstring says what each took and gave.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from likeness.errors import UserError
from likeness.registry import near
from likeness.runs.evaluating import evaluate
from likeness.runs.fit import Progress, train
from likeness.runs.settings import gathered


@dataclass(frozen=True)
class Table:
    """One number of a paper."""

    paper: str
    """What is printed there, with its spread."""
    better: str
    """`more` or `less`: which way is better."""
    method: str
    settings: Mapping[str, Any]
    metric: str
    """The metric's file; its number is the first that it yields."""


def table_of(tables: Mapping[str, Table], name: str) -> Table:
    """The table called `name`; UserError lists the near ones."""
    if name not in tables:
        raise UserError(f"there is no table {name!r}; {near(name, list(tables))}")
    return tables[name]


def made(
    table: Table, folder: Path, data: str, seeds: int, split: str, watcher: Callable[[Progress], None]
) -> Iterator[float]:
    """The number for each seed. Runs are kept in `folder` and gone on with where they stopped."""
    for seed in range(seeds):
        said = dict(table.settings) | {"data": data, "seed": seed}
        run = train(gathered(table.method, said), folder / f"seed-{seed}", resume=True, watcher=watcher)
        measured = evaluate(str(run.path), split, only=[table.metric])
        yield next(iter(measured.values())).mean
