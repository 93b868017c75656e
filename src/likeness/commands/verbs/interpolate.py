"""The command `likeness interpolate`."""

from likeness.commands._arguments import (
    Condition,
    Device,
    Frames,
    ImagePaths,
    Interpolation,
    OutImages,
    RunPath,
)
from likeness.commands._verb import Result, verb
from likeness.errors import UserError


@verb("make images")
def interpolate(
    run: RunPath,
    images: ImagePaths,
    *,
    steps: Frames = 10,
    interpolation: Interpolation = "linear",
    out: OutImages = "interpolation.png",
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Interpolate between the codes of images, from each to the next.

    Args:
        images: Two image files or more, or .npz files of codes.
    """
    from likeness.analysis.editing import chain
    from likeness.models.code_files import encode_files
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    model = load_model(run, device=device)
    codes = encode_files(model, images, condition)
    if len(codes) < 2:
        raise UserError("there is one image; name two or more to interpolate between")
    x = model.decode(chain(codes, steps, interpolation), condition)
    names = [f"step-{k:03d}" for k in range(len(x))]
    return Result.wrote(write_images(model, x, out, names, columns=min(len(x), 2 * steps)))
