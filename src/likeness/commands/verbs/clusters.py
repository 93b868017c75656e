"""The command `likeness clusters`."""

from pathlib import Path

from likeness.commands._arguments import Condition, DataArgument, Device, OutFile, RunPath, Split
from likeness.commands._verb import Result, verb
from likeness.settings import Count


@verb("draw codes")
def clusters(
    run: RunPath,
    *,
    split: Split = "test",
    columns: Count = 12,
    out: OutFile = "clusters.png",
    data: DataArgument = None,
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Draw the classes or clusters of a run, a row each: the cluster without style, then its surest images.

    Args:
        run: A run of aae_cluster, aae_semi or aae_reduce.
        columns: Number of images in a row.
    """
    from likeness.analysis.figures import write_clusters

    return Result.wrote(write_clusters(run, split, columns, Path(out), condition, data, device))
