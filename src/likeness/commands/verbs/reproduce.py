"""The command `likeness reproduce`."""

import statistics
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from likeness import registry
from likeness.commands import _catalogue
from likeness.commands._arguments import Help, OutDirectory, Seeds
from likeness.commands._progress import Progress, announce
from likeness.commands._verb import Result, verb
from likeness.commands.verbs.train import Network
from likeness.errors import UserError
from likeness.settings import Metavar

RECIPES = "likeness.recipes"
LEGEND = """Attributes are -1 and 1. From the left: cosine of the best of 10 samples with its 95 % interval
(more is better); mean squared error with its spread over 25 samples, and as a multiple of that of the
images (less is better). The last three are the paper's, as recalled, of LFW, on another scale."""
Paper = Annotated[str, Metavar("PAPER"), Help(lambda: f"Paper: {', '.join(_catalogue.names(RECIPES))}.")]
Split = Literal["validation", "test"]
Entry = TypeVar("Entry", bound=Any)


@verb("make a paper's results again", numbers=True)
def reproduce(
    paper: Paper,
    table: str,
    *,
    out: OutDirectory,
    seeds: Seeds = 1,
    split: Split = "test",
    net: Network = None,
    **settings: Any,
) -> Result:
    """Reproduce a table or figure of a paper: train, measure, and print the paper's number beside ours.

    It takes the settings of `likeness train`, which are laid over the recipe's, such as --steps, --size or
    --net.width for a smaller training; --data is needed.

    Args:
        table: A table, a figure, or `figures`; a wrong name lists them.
        out: Directory for the runs; an interrupted training is resumed.
        split: Images to measure on.
    """
    from likeness.recipes import AttributeTable, Figure, find_entry

    recipe = registry.module(RECIPES, paper)
    figures = {"figures": recipe.FIGURES} if recipe.FIGURES else {}
    entry = find_entry("table", {**recipe.TABLES, **recipe.FIGURES, **figures}, table)
    data = next((settings.pop(name) for name in ("data", "data.data") if name in settings), None)
    if data is None:
        raise UserError("--data is missing; give the data of the paper, as in `likeness train`")
    changed = {**settings, **({"net": net} if net else {})}
    folder, title, numbers = Path(out), f"{paper} {table}", dict[str, Any]()
    with Progress() as progress:
        if isinstance(entry, AttributeTable):
            return _attributes(override(entry, changed), folder, data, seeds, split, progress)
        if isinstance(entry, Figure):
            return _figures({title: override(entry, changed)}, {title: folder}, data, split, progress)
        if table == "figures":
            drawn = {f"{paper} {name}": override(figure, changed) for name, figure in entry.items()}
            places = {f"{paper} {name}": folder / name for name in entry}
            return _figures(drawn, places, data, split, progress)
        lines = list[str]()
        for name, row in entry.items():
            text = f"{title} {name}".strip()
            values = _values(override(row, changed), folder / name, data, seeds, split, progress)
            lines.append(_line(text, row, values, split))
            numbers[text] = {"paper": row.paper, "here": values}
    return Result(lines, numbers, [folder])


def scopes(arguments: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    """All methods, any of which a recipe may train, with the network family."""
    net = arguments.get("net") or _catalogue.catalogue().default_net
    return [(method, net) for method in _catalogue.catalogue().names[_catalogue.OBJECTIVES]]


def override(entry: Entry, settings: Mapping[str, Any]) -> Entry:
    """An entry of a recipe with settings laid over its own."""
    return replace(entry, settings={**entry.settings, **settings})


def _attributes(table: Any, out: Path, data: str, seeds: int, split: Split, progress: Progress) -> Result:
    """The table of attribute fidelity."""
    from likeness.recipes import attribute_rows, format_rows, write_rows

    found = []
    for line in attribute_rows(table, out, data, seeds, split, progress.show):
        found.append(line)
        announce(format_rows(found, table)[-1])
    files = [Path(path) for path in write_rows(found, table, out, split)]
    return Result([LEGEND, *map(str, files)], None, files)


def _values(row: Any, out: Path, data: str, seeds: int, split: Split, progress: Progress) -> list[float]:
    """The number of a row, for each seed."""
    from likeness.recipes import reproduce_row

    values = []
    for value in reproduce_row(row, out, data, seeds, split, progress.show):
        announce(f"seed {len(values)}: {value:.2f}")
        values.append(value)
    return values


def _line(title: str, row: Any, values: list[float], split: Split) -> str:
    """The paper's number beside ours."""
    spread = f" +- {statistics.stdev(values):.2f}" if len(values) > 1 else ""
    here = f"{statistics.mean(values):.2f}{spread}"
    return f"{title}: paper {row.paper}, here {here} ({split}, {len(values)} seeds; {row.better} is better)"


def _figures(
    figures: Mapping[str, Any], places: Mapping[str, Path], data: str, split: Split, progress: Progress
) -> Result:
    """Pictures of each figure, and what was measured of them."""
    from likeness.recipes import draw_figure

    files, numbers = list[Path](), dict[str, Any]()
    for title, figure in figures.items():
        paths, measured = draw_figure(figure, places[title], data, split, progress.show)
        announce(f"{title}: {figure.shows}")
        for path in paths:
            announce(f"  {path}")
        for what, found in measured.items():
            announce(f"  {what} {found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]")
        files += map(Path, paths)
        numbers[title] = {what: found._asdict() for what, found in measured.items()}
    return Result([], numbers, files)
