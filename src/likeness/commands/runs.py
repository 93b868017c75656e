"""List the runs in a folder, and in which settings they differ: likeness runs DIR."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from likeness.commands._options import Parser
from likeness.runs.best import Figure
from likeness.runs.listing import Listed, differing, table_of_runs


def run(words: list[str]) -> None:
    """Print a table with a row for each run, or all that is known of them as JSON."""
    parser = Parser(prog="likeness runs", description=__doc__)
    parser.add_argument("DIR", nargs="?", default=".", help="a folder with runs in it (default: this one)")
    by = (
        "sort by this number of metrics.jsonl (validation_pixels) or of an evaluation (test/pixel_mse), "
        "lowest first, or, with `:max` after it, highest first (default: newest first)"
    )
    parser.add_argument("--by", default="", metavar="NAME", help=by)
    columns = "columns for settings that differ, at most N (default: 5)"
    parser.add_argument("--settings", type=int, default=5, metavar="N", help=columns)
    parser.add_argument("--json", action="store_true", default=False, help="print it as JSON")
    given = parser.read(words)
    runs = table_of_runs(given.DIR, given.by)
    if given.json:
        print(json.dumps([asdict(run) for run in runs], indent=1, default=str))
        return
    names = differing(runs)
    shown, left = names[: max(given.settings, 0)], names[max(given.settings, 0) :]
    _print([_row(run, Figure(given.by).name or _usual(runs), shown) for run in runs])
    if left:
        print(f"{len(left)} more settings differ, --settings {len(names)} shows them: {', '.join(left)}")


def _usual(runs: Sequence[Listed]) -> str:
    """The number of validation images that most runs have."""
    names = (name for run in runs for name in run.numbers if name.startswith("validation_"))
    return next((name for name, _ in Counter(names).most_common(1)), "")


def _row(run: Listed, number: str, settings: Sequence[str]) -> dict[str, str]:
    """What a table says of a run, by the heads of its columns."""
    value = run.numbers.get(number)
    row = {"run": str(run.path), "method": run.method, "data": run.data, "steps": f"{run.step:,}"}
    row |= {"images": f"{run.images:,}", "when": f"{run.when:%Y-%m-%d %H:%M}"}
    row |= {number: "" if value is None else f"{value:.5g}"} if number else {}
    row |= {"best": run.best}
    return row | {name.partition(".")[2]: _said(run.settings.get(name, "")) for name in settings}


def _said(value: Any) -> str:
    return "none" if value is None else str(value)


def _print(rows: Sequence[dict[str, str]]) -> None:
    """Rows under their heads; a column that is empty throughout is left out."""
    heads = [head for head in rows[0] if any(row[head] for row in rows)]
    widths = {head: max(len(head), *(len(row[head]) for row in rows)) for head in heads}
    for row in [{head: head for head in heads}, *rows]:
        print("  ".join(f"{row[head]:<{widths[head]}}" for head in heads).rstrip())
