"""Draw the classes or clusters of a run, a row each: likeness clusters RUN --out clusters.png."""

from pathlib import Path

from likeness.analysis.figures import write_clusters
from likeness.commands._options import Parser, add_condition, add_data, add_device, condition_of


def run(words: list[str]) -> None:
    """Write the picture: each cluster without style, then the images that are most surely in it."""
    parser = Parser(prog="likeness clusters", description=__doc__)
    parser.add_argument("RUN", help="a run of aae_cluster, aae_semi or aae_reduce")
    splits = ("train", "validation", "test")
    parser.add_argument("--split", choices=splits, default="test", help="images (default: test)")
    parser.add_argument("--columns", type=int, default=12, help="images in a row (default: 12)")
    parser.add_argument("--out", default="clusters.png", help="picture to write (default: clusters.png)")
    add_data(parser)
    add_condition(parser)
    add_device(parser)
    given = parser.read(words)
    if given.columns < 1:
        parser.error(f"--columns is {given.columns}; ask for one or more")
    condition, data = condition_of(given.condition), getattr(given, "data", None)
    print(
        write_clusters(
            given.RUN, given.split, given.columns, Path(given.out), condition, data, given.device
        )
    )
