"""The command `likeness encode`."""

from pathlib import Path

from likeness.commands._arguments import Device, OutFile, OwnData, RunPath
from likeness.commands._verb import Result, verb


@verb("take with you")
def encode(run: RunPath, data: OwnData, *, out: OutFile = "codes.npz", device: Device = "auto") -> Result:
    """Encode all images of a data set into codes, with their names, labels and splits."""
    from likeness.models.code_files import write_codes
    from likeness.models.codes import encode_all
    from likeness.runs.loading import load_model

    codes = encode_all(load_model(run, device=device), data)
    write_codes(Path(out), codes)
    return Result.wrote(out)
