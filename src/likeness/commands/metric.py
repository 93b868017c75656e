"""Keep the learned metric of a run alone: likeness metric RUN --out FOLDER."""

import argparse

from likeness.commands._options import Parser, add_condition, condition_of


def run(words: list[str]) -> None:
    """Write the frozen metric, which loads without the run."""
    parser = Parser(prog="likeness metric", description=__doc__)
    parser.add_argument("RUN", help="a run with a discriminator, or one of its checkpoints")
    parser.add_argument("--out", required=True, help="folder to make")
    parser.add_argument("--layers", help="layers and weights, conv2:0.5,conv3 (default: the run's)")
    average = "averaged weights, or those without (default: averaged where the run keeps such)"
    parser.add_argument("--average", action=argparse.BooleanOptionalAction, help=average)
    add_condition(parser, "all images (default: the mean of those of training images)")
    given = vars(parser.read(words))
    from likeness.runs.loading import load_metric

    found = load_metric(given["RUN"], given.get("layers"), average=given.get("average"),
                        condition=condition_of(given["condition"]))  # fmt: skip
    print(found.save(given["out"]))
