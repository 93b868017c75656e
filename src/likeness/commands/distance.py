"""How far images are from one another in a learned metric: likeness distance RUN A B."""

from pathlib import Path

from likeness.commands._options import Parser, add_condition, add_device, condition_of
from likeness.errors import UserError


def run(words: list[str]) -> None:
    """Print the distance of two images, or of the pairs that a table names."""
    parser = Parser(prog="likeness distance", description=__doc__)
    parser.add_argument("RUN", help="a run with a discriminator, or a metric kept alone")
    parser.add_argument("IMAGES", nargs="*", help="two images")
    parser.add_argument("--data", metavar="PAIRS.csv", help="a table with columns a and b, paths from it")
    parser.add_argument("--layers", help="layers and weights, conv2:0.5,conv3 (default: the run's)")
    parser.add_argument("--map", metavar="X.png", help="draw where the two images differ")
    parser.add_argument("--out", metavar="X.csv", help="write the table with a column `distance`")
    add_condition(parser, "all images (default: the mean of those of training images)")
    add_device(parser)
    given = vars(parser.read(words))
    from likeness.analysis import pair_distances
    from likeness.runs.loading import load_metric

    images, table = given.get("IMAGES", []), given.get("data")
    if (len(images) == 2) == (table is not None):
        raise UserError("two images or a table of pairs are compared; write A B, or --data PAIRS.csv")
    learned = load_metric(
        given["RUN"],
        given.get("layers"),
        condition=condition_of(given["condition"]),
        device=given["device"],
    )
    if table is None:
        print(f"{pair_distances.distance(learned, images, given.get('map')):.6g}")
        return
    rows = pair_distances.table(learned, Path(table))
    if "out" in given:
        print(pair_distances.write(rows, Path(given["out"])))
        return
    for row in rows:
        print(f"{float(row['distance']):.6g}  {row['a']}  {row['b']}")
