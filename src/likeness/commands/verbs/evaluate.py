"""The command `likeness evaluate`."""

from typing import Annotated

from likeness.commands import _catalogue
from likeness.commands._arguments import (
    AnySplit,
    DataArgument,
    Device,
    Help,
    MaxImages,
    MetricRuns,
    RunPath,
    Texts,
)
from likeness.commands._verb import Result, verb
from likeness.settings import Metavar

Only = Annotated[
    Texts,
    Metavar("METRIC"),
    Help(
        lambda: (
            f"Measure only this metric; may be repeated: {', '.join(_catalogue.names('likeness.metrics'))}."
        )
    ),
]


@verb("measure", numbers=True)
def evaluate(
    run: RunPath,
    *,
    data: DataArgument = None,
    split: AnySplit = "test",
    max_images: MaxImages = None,
    only: Only = [],  # noqa: B006 (never changed)
    metric: MetricRuns = [],  # noqa: B006
    features: Texts = [],  # noqa: B006
    device: Device = "auto",
) -> Result:
    """Measure a run on test images: each number with its 95 % interval and how many images it is of.

    The numbers are written into the run.

    Args:
        metric: A run whose discriminator measures the feature error; may be repeated.
        features: Compare sets of images in these features: classifier (of the data's labels or attributes,
            trained once and kept beside the run), random, a run with a discriminator, or FILE.onnx, a
            network from images in [-1, 1] to features; may be repeated.
    """
    from likeness.analysis import evaluation

    options = evaluation.EvaluationOptions(split, max_images, only, metric, features, data, device)
    found = evaluation.evaluate(run, options)
    wide = max(map(len, found.numbers), default=0) + 2
    lines = [f"{'':<{wide}}{'mean':>10}{'95 % from':>12}{'to':>10}{'images':>9}"]
    lines += [
        f"{name:<{wide}}{mean:10.4g}{low:12.4g}{high:10.4g}{images:9,}"
        for name, (mean, low, high, images) in found.numbers.items()
    ]
    lines += [f"warning: {caution}" for caution in found.cautions]
    numbers = {name: number._asdict() for name, number in found.numbers.items()}
    return Result.wrote(evaluation.write(run, found, options), lines=lines, numbers=numbers)
