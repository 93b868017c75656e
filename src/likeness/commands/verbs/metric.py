"""The command `likeness metric`."""

from likeness.commands._arguments import Condition, Layers, OutDirectory, RunPath
from likeness.commands._verb import Result, verb


@verb("take with you")
def metric(
    run: RunPath,
    *,
    out: OutDirectory,
    layers: Layers = None,
    average: bool | None = None,
    condition: Condition = None,
) -> Result:
    """Save the learned metric of a run alone, frozen; it loads without the run.

    Args:
        run: A run with a discriminator, or one of its checkpoints.
        average: Take averaged weights, or with --no-average those without; by default averaged weights
            where the run has them.
        condition: Condition of all images; by default the mean of those of training images.
    """
    from likeness.runs.loading import load_metric

    found = load_metric(run, layers, average=average, condition=condition)
    return Result.wrote(found.save(out))
