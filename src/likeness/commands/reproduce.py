"""Make a paper's number again: likeness reproduce makhzani2016 parzen --data mnist/ --out runs/parzen."""

import statistics
from pathlib import Path

from likeness import registry
from likeness.commands._options import Parser
from likeness.commands.train import Bar
from likeness.recipes._recipe import made, table_of

RECIPES = "likeness.recipes"


def run(words: list[str]) -> None:
    """Train once for each seed, measure, and print the paper's number beside ours."""
    parser = Parser(prog="likeness reproduce", description=__doc__)
    parser.add_argument("PAPER", help=", ".join(registry.names(RECIPES)))
    parser.add_argument("TABLE", help="one of the paper's tables; a wrong name lists them")
    parser.add_argument("--data", required=True, help="the data of the paper, as in `likeness train`")
    parser.add_argument("--out", required=True, help="directory for the runs; an interrupted one goes on")
    parser.add_argument("--seeds", type=int, default=1, help="how many trainings (default: 1)")
    splits = ("validation", "test")
    parser.add_argument("--split", choices=splits, default="test", help="measured on (default: test)")
    given = parser.read(words)
    if given.seeds < 1:
        parser.error(f"--seeds is {given.seeds}; ask for one or more")
    table = table_of(registry.module(RECIPES, given.PAPER).TABLES, given.TABLE)
    values = []
    with Bar() as bar:
        for value in made(table, Path(given.out), given.data, given.seeds, given.split, bar.show):
            print(f"seed {len(values)}: {value:.2f}")
            values.append(value)
    spread = f" +- {statistics.stdev(values):.2f}" if len(values) > 1 else ""
    print(f"{given.PAPER} {given.TABLE}: paper {table.paper}, here {statistics.mean(values):.2f}{spread} "
          f"({given.split}, {len(values)} seeds; {table.better} is better)")  # fmt: skip
