"""The command `likeness check-metric`."""

from pathlib import Path

from likeness.commands._arguments import (
    AnySplit,
    DataArgument,
    Device,
    MaxSearched,
    MetricRuns,
    OutDirectory,
    RunPath,
)
from likeness.commands._verb import Result, verb


@verb("measure", numbers=True)
def check_metric(
    run: RunPath,
    *,
    data: DataArgument = None,
    split: AnySplit = "test",
    max_images: MaxSearched = 200,
    metric: MetricRuns = [],  # noqa: B006 (never changed)
    out: OutDirectory | None = None,
    device: Device = "auto",
) -> Result:
    """Check whether a learned metric is to be trusted: compare it with pixel errors, SSIM and an untrained
    network.

    Args:
        run: A run with a discriminator.
        metric: A run of another seed, whose metric is compared with this one; may be repeated.
        out: Directory for check.html and check.json; by default the run.
    """
    from likeness.analysis import metric_check, metric_check_page

    found = metric_check.check_metric(run, data, split, max_images, metric, device)
    names = list(found.nearest)
    lines = [f"{'':<34}{''.join(f'{name:>20}' for name in names)}"]
    for question, by in found.answers.items():
        values = (f"{by[name].mean:.3f}" if name in by else "" for name in names)
        lines.append(f"{question:<34}{''.join(f'{value:>20}' for value in values)}")
    for name, answer in found.answers.get(metric_check.AGREEMENT, {}).items():
        lines.append(f"{name}: rank correlation {answer.mean:.3f}")
    for at in found.drift:
        same = f"{at.rank_correlation:.3f}"
        lines.append(f"step {at.step}, weights {at.weights}: pairs ranked as at the last: {same}")
    lines += metric_check_page.sentences(found)
    numbers = {
        question: {name: answer._asdict() for name, answer in by.items()}
        for question, by in found.answers.items()
    }
    page = metric_check_page.write(found, Path(run if out is None else out), f"The metric of {run}")
    return Result.wrote(page, lines=lines, numbers=numbers)
