"""Measure a run on test images: likeness evaluate RUN --judge GAN_RUN."""

from likeness import registry
from likeness.commands._options import Parser, add_data, add_device


def run(words: list[str]) -> None:
    """Print each number with its 95 % interval and how many images it is of, and save them in the run."""
    from likeness.data import choosing

    parser = Parser(prog="likeness evaluate", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    add_data(parser)
    parser.add_argument("--split", choices=choosing.CHOICES, default="test", help="images (default: test)")
    judge = "a run whose discriminator measures the feature error; may be given several times"
    parser.add_argument("--judge", action="append", default=[], metavar="RUN", help=judge)
    most = "only N images, drawn at random, always the same"
    parser.add_argument("--most", type=int, default=None, metavar="N", help=most)
    known = ", ".join(registry.names("likeness.metrics"))
    only = f"measure only this; may be given several times: {known}"
    parser.add_argument("--only", action="append", default=[], metavar="METRIC", help=only)
    features = (
        "compare sets of images in these features: `classifier` (of the data's labels or attributes, "
        "trained once and kept beside the run), `random`, a run with a discriminator, or FILE.onnx, a "
        "network of your own from images in [-1, 1] to features; may be repeated"
    )
    parser.add_argument("--features", action="append", default=[], metavar="NAME", help=features)
    add_device(parser)
    given = parser.read(words)
    if given.most is not None and given.most < 2:
        parser.error(f"--most is {given.most}; an interval needs two images or more")
    from likeness.analysis import evaluation

    asked = evaluation.Asked(
        given.split,
        given.most,
        given.only,
        given.judge,
        given.features,
        getattr(given, "data", None),
        given.device,
    )
    found = evaluation.evaluate(given.RUN, asked)
    wide = max(map(len, found.numbers), default=0) + 2
    print(f"{'':<{wide}}{'mean':>10}{'95 % from':>12}{'to':>10}{'images':>9}")
    for name, (mean, low, high, images) in found.numbers.items():
        print(f"{name:<{wide}}{mean:10.4g}{low:12.4g}{high:10.4g}{images:9,}")
    for caution in found.cautions:
        print(f"warning: {caution}")
    print(evaluation.write(given.RUN, found, asked))
