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
    """Check whether a learned metric is to be trusted: compare it with strong controls on your images.

    Controls are pixel errors, SSIM, whitened pixels, mean levels and an untaught network. The first line
    says whether to trust the metric, and which simpler distance is better or as good.

    Args:
        run: A run with a discriminator, or with a metric taught by `likeness teach-metric`.
        metric: A run of another seed, whose metric is compared with this one; may be repeated.
        out: Directory for check.html and check.json; by default the run.
    """
    from likeness.analysis import metric_check, metric_check_page

    found = metric_check.check_metric(run, data, split, max_images, metric, device)
    first, *rest = metric_check_page.sentences(found)
    wide = max(map(len, found.nearest)) + 2
    questions = [q for q in (*metric_check.SUMMARIES, metric_check.GROWTH) if q in found.answers]
    lines = [first, "", f"{'':<{wide}}{''.join(f'{q:>32}' for q in questions)}"]
    for name in found.nearest:
        cells = (found.answers[q][name] for q in questions)
        shown = (f"{v.mean:.3f} [{v.low:.3f}, {v.high:.3f}]" for v in cells)
        lines.append(f"{name:<{wide}}{''.join(f'{text:>32}' for text in shown)}")
    for name, answer in found.agreement.items():
        lines.append(f"{name}: rank correlation {answer.mean:.3f}")
    for at in found.drift:
        same = f"{at.rank_correlation:.3f}"
        lines.append(f"step {at.step}, weights {at.weights}: pairs ranked as at the last: {same}")
    lines += ["", *rest]
    numbers = {
        question: {name: answer._asdict() for name, answer in by.items()}
        for question, by in found.answers.items()
    }
    page = metric_check_page.write(found, Path(run if out is None else out), f"The metric of {run}")
    return Result.wrote(page, lines=lines, numbers=numbers)
