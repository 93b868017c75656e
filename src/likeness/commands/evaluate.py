"""Measure a run on test images: likeness evaluate RUN --judge GAN_RUN."""

from likeness import registry
from likeness.commands._options import Parser
from likeness.runs.evaluating import METRICS, evaluate


def run(words: list[str]) -> None:
    """Print each number with its 95 % interval, and save them in the run."""
    parser = Parser(prog="likeness evaluate", description=__doc__)
    parser.add_argument("RUN", help="a run")
    splits = ("train", "validation", "test")
    parser.add_argument("--split", choices=splits, default="test", help="images (default: test)")
    judge = "a run whose discriminator measures the feature error; may be given several times"
    parser.add_argument("--judge", action="append", default=[], metavar="RUN", help=judge)
    parser.add_argument("--most", type=int, default=None, metavar="N", help="only the first N images")
    only = f"measure only this; may be given several times: {', '.join(registry.names(METRICS))}"
    parser.add_argument("--only", action="append", default=[], metavar="METRIC", help=only)
    features = "compare sets of images in these features: `random`, or a run with a discriminator"
    parser.add_argument("--features", action="append", default=[], metavar="RUN", help=features)
    given = parser.read(words)
    if given.most is not None and given.most < 2:
        parser.error(f"--most is {given.most}; an interval needs two images or more")
    measured = evaluate(given.RUN, given.split, given.judge, given.most, given.only, given.features)
    print(f"{'':<32}{'mean':>10}{'95 % from':>12}{'to':>10}{'images':>9}")
    for name, (mean, low, high, images) in measured.items():
        print(f"{name:<32}{mean:10.4g}{low:12.4g}{high:10.4g}{images:9,}")
