"""The command `likeness manifold`."""

from pathlib import Path

from likeness.commands._arguments import Condition, Device, OutFile, RunPath
from likeness.commands._verb import Result, verb
from likeness.settings import Count


@verb("draw codes")
def manifold(
    run: RunPath,
    *,
    rows: Count = 10,
    columns: Count = 20,
    out: OutFile = "manifold.png",
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Draw images on a grid through the prior, or styles by class.

    Args:
        rows: Number of rows of images.
        columns: Number of images in a row.
    """
    from likeness.analysis.figures import write_manifold

    return Result.wrote(write_manifold(run, rows, columns, Path(out), condition, device))
