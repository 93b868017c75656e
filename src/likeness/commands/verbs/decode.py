"""The command `likeness decode`."""

from pathlib import Path

from likeness.commands._arguments import Condition, Device, InputFile, OutImages, RunPath
from likeness.commands._verb import Result, verb


@verb("make images")
def decode(
    run: RunPath,
    codes: InputFile,
    *,
    out: OutImages = "decoded.png",
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Decode codes into images.

    Args:
        codes: An .npz file with an array `codes`, or an .npy file: (n, dimensions).
    """
    from likeness.models.code_files import read_codes
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    model = load_model(run, device=device)
    z = read_codes(Path(codes))
    names = [f"image-{k:05d}" for k in range(len(z))]
    columns = max(1, round(len(z) ** 0.5))
    return Result.wrote(write_images(model, model.decode(z, condition), out, names, columns))
