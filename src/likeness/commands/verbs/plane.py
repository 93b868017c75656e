"""The command `likeness plane`."""

from pathlib import Path
from typing import Annotated, Literal

from likeness.commands._arguments import DataArgument, Device, Help, OutFile, RunPath, Split
from likeness.commands._verb import Result, verb

Axes = Annotated[Literal["codes", "components"], Help("Codes themselves, or their principal components.")]


@verb("draw codes")
def plane(
    run: RunPath,
    *,
    split: Split = "test",
    axes: Axes = "codes",
    out: OutFile = "codes.png",
    data: DataArgument = None,
    device: Device = "auto",
) -> Result:
    """Draw the codes of images over the prior, in the plane.

    Args:
        run: A run whose codes have two dimensions, or more with --axes components.
    """
    from likeness.analysis.figures import write_plane

    return Result.wrote(write_plane(run, split, Path(out), axes, data, device))
