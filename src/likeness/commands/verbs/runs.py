"""The command `likeness runs`."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from annotated_types import Ge
from pydantic import BeforeValidator

from likeness.commands._arguments import path_text
from likeness.commands._verb import Result, verb
from likeness.settings import Metavar

Folder = Annotated[str, BeforeValidator(path_text), Metavar("DIR")]
Columns = Annotated[int, Ge(0)]


@verb("train and look", numbers=True)
def runs(
    directory: Folder = ".",
    *,
    sort_by: Annotated[str, Metavar("NAME")] = "",
    settings_columns: Columns = 5,
) -> Result:
    """List the runs in a directory, and the settings in which they differ.

    Args:
        directory: A directory with runs in it.
        sort_by: Sort by this number of metrics.jsonl (validation_pixels) or of an evaluation
            (test/pixel_mse), lowest first, or, with `:max` after it, highest first; by default newest
            first.
        settings_columns: Number of columns, at most, for settings that differ.
    """
    from likeness.runs.best import Figure
    from likeness.runs.listing import differing_settings, table_of_runs

    listed = table_of_runs(directory, sort_by)
    names = differing_settings(listed)
    shown, left = names[:settings_columns], names[settings_columns:]
    number = Figure(sort_by).name or _usual_number(listed)
    lines = _table([_row(run, number, shown) for run in listed])
    if left:
        many = f"--settings-columns {len(names)}"
        lines.append(f"{len(left)} more settings differ, {many} shows them: {', '.join(left)}")
    return Result(lines, [asdict(run) for run in listed])


def _usual_number(runs: Sequence[Any]) -> str:
    """The number of validation images that most runs have."""
    names = (name for run in runs for name in run.numbers if name.startswith("validation_"))
    return next((name for name, _ in Counter(names).most_common(1)), "")


def _row(run: Any, number: str, settings: Sequence[str]) -> dict[str, str]:
    """The cells of a run, by the heads of the columns."""
    value = run.numbers.get(number)
    row = {"run": str(run.path), "method": run.method, "data": run.data, "steps": f"{run.step:,}"}
    row |= {"images": f"{run.images:,}", "when": f"{run.when:%Y-%m-%d %H:%M}"}
    row |= {number: "" if value is None else f"{value:.5g}"} if number else {}
    row |= {"best": run.best}
    return row | {name.partition(".")[2]: _cell(run.settings.get(name, "")) for name in settings}


def _cell(value: Any) -> str:
    """A setting as a cell."""
    return "none" if value is None else str(value)


def _table(rows: Sequence[dict[str, str]]) -> list[str]:
    """Rows under their heads, a line each; a column that is empty throughout is left out."""
    heads = [head for head in rows[0] if any(row[head] for row in rows)]
    widths = {head: max(len(head), *(len(row[head]) for row in rows)) for head in heads}
    every = [{head: head for head in heads}, *rows]
    return ["  ".join(f"{row[head]:<{widths[head]}}" for head in heads).rstrip() for row in every]
