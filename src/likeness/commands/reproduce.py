"""Make a paper's numbers again: likeness reproduce makhzani2016 parzen --data mnist/ --out runs/parzen."""

import argparse
import statistics
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from likeness import registry
from likeness.commands._options import Parser
from likeness.commands.train import Bar
from likeness.recipes import Figure, Following, Row, drawn, lines, made, named, shown, written

RECIPES = "likeness.recipes"
SCALE = {
    "size": "side of the images",
    "steps": "length of each training",
    "width": "factor on the channels of --net larsen",
}
LEGEND = """Attributes are -1 and 1. From the left: cosine of the best of 10 samples with its 95 % interval
(more is better); mean squared error with its spread over 25 samples, and as a multiple of that of the
images (less is better). The last three are the paper's, as recalled, of LFW, on another scale."""
Entry = TypeVar("Entry", Row, Figure, Following)


def run(words: list[str]) -> None:
    """Train, measure, and print the paper's number beside ours; or draw its figures."""
    parser = Parser(prog="likeness reproduce", description=__doc__)
    parser.add_argument("PAPER", help=", ".join(registry.names(RECIPES)))
    parser.add_argument("TABLE", help="a table, a figure, or `figures`; a wrong name lists them")
    parser.add_argument("--data", required=True, help="the data of the paper, as in `likeness train`")
    parser.add_argument("--out", required=True, help="directory for the runs; an interrupted one goes on")
    parser.add_argument("--seeds", type=int, default=1, help="how many trainings (default: 1)")
    splits = ("validation", "test")
    parser.add_argument("--split", choices=splits, default="test", help="measured on (default: test)")
    for name, help_ in SCALE.items():
        parser.add_argument(f"--{name}", help=f"{help_} (default: the recipe's)")
    given = parser.read(words)
    if given.seeds < 1:
        parser.error(f"--seeds is {given.seeds}; ask for one or more")
    recipe = registry.module(RECIPES, given.PAPER)
    figures = {"figures": recipe.FIGURES} if recipe.FIGURES else {}
    known = {**recipe.TABLES, **recipe.FIGURES, **figures}
    entry, out = named("table", known, given.TABLE), Path(given.out)
    scale = {name: value for name, value in vars(given).items() if name in SCALE}
    with Bar() as bar:
        if isinstance(entry, Following):
            _following(scaled(entry, scale), out, given, bar)
        elif isinstance(entry, Figure):
            _figure(given.TABLE, scaled(entry, scale), out, given, bar)
        elif given.TABLE == "figures":
            for name, figure in entry.items():
                _figure(name, scaled(figure, scale), out / name, given, bar)
        else:
            for name, row in entry.items():
                _row(f"{given.TABLE} {name}".strip(), scaled(row, scale), out / name, given, bar)


def scaled(entry: Entry, scale: dict[str, Any]) -> Entry:
    """An entry whose trainings are of another size, length or width."""
    said, net = {k: v for k, v in scale.items() if k != "width"}, entry.settings["net"]
    if "width" in scale:
        said["net"] = {**({"name": net} if isinstance(net, str) else net), "width": scale["width"]}
    return replace(entry, settings={**entry.settings, **said})


def _following(table: Following, out: Path, given: argparse.Namespace, bar: Bar) -> None:
    found = []
    for line in lines(table, out, given.data, given.seeds, given.split, bar.show):
        found.append(line)
        print(shown(found, table)[-1], flush=True)
    print(LEGEND)
    for path in written(found, table, out, given.split):
        print(path)


def _row(name: str, row: Row, out: Path, given: argparse.Namespace, bar: Bar) -> None:
    values = []
    for value in made(row, out, given.data, given.seeds, given.split, bar.show):
        print(f"seed {len(values)}: {value:.2f}")
        values.append(value)
    spread = f" +- {statistics.stdev(values):.2f}" if len(values) > 1 else ""
    print(f"{given.PAPER} {name}: paper {row.paper}, here {statistics.mean(values):.2f}{spread} "
          f"({given.split}, {len(values)} seeds; {row.better} is better)")  # fmt: skip


def _figure(name: str, figure: Figure, out: Path, given: argparse.Namespace, bar: Bar) -> None:
    paths, measured = drawn(figure, out, given.data, given.split, bar.show)
    print(f"{given.PAPER} {name}: {figure.shows}")
    for path in paths:
        print(f"  {path}")
    for what, found in measured.items():
        print(f"  {what} {found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]")
