"""Decode a way through the prior, or styles by class: likeness manifold RUN --out manifold.png."""

from pathlib import Path

from likeness.analysis.figures import write_manifold
from likeness.commands._options import Parser, add_condition, add_device, condition_of


def run(words: list[str]) -> None:
    """Write the picture."""
    parser = Parser(prog="likeness manifold", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("--rows", type=int, default=10, help="rows of images (default: 10)")
    parser.add_argument("--columns", type=int, default=20, help="images in a row (default: 20)")
    parser.add_argument("--out", default="manifold.png", help="picture to write (default: manifold.png)")
    add_condition(parser)
    add_device(parser)
    given = parser.read(words)
    if min(given.rows, given.columns) < 1:
        parser.error(f"{given.rows} rows of {given.columns} hold no image; ask for one or more")
    condition = condition_of(given.condition)
    print(write_manifold(given.RUN, given.rows, given.columns, Path(given.out), condition, given.device))
