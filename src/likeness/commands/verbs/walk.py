"""The command `likeness walk`."""

from pathlib import Path
from typing import Annotated

from annotated_types import Ge, Le

from likeness.commands._arguments import (
    Condition,
    Device,
    ImagePaths,
    Interpolation,
    OutImages,
    RunPath,
    Seed,
)
from likeness.commands._verb import Result, verb
from likeness.errors import UserError
from likeness.settings import Count

Stops = Annotated[int, Ge(2)]
FramesPerSecond = Annotated[float, Ge(0.1), Le(100)]


@verb("make images")
def walk(
    run: RunPath,
    images: ImagePaths = [],  # noqa: B006 (never changed)
    *,
    stops: Stops = 6,
    seed: Seed = 0,
    frames: Count = 15,
    fps: FramesPerSecond = 15.0,
    interpolation: Interpolation = "spherical",
    out: OutImages = "walk.gif",
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Make an animation that interpolates from image to image, or from sample to sample, in a closed loop.

    Args:
        images: Images to pass through; by default samples of the prior.
        stops: Number of samples to pass through.
        frames: Number of frames from one to the next.
        fps: Frames per second.
        out: Where to write: x.gif, or x.npy, x.npz or a directory of frames.
    """
    from likeness.analysis.editing import loop
    from likeness.files.output import write_output
    from likeness.models.code_files import encode_files
    from likeness.pages import pictures
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    model = load_model(run, device=device)
    codes = encode_files(model, images, condition) if images else model.sample_codes(stops, seed)
    if len(codes) < 2:
        raise UserError("there is one image; name two or more to walk between, or none")
    x = model.decode(loop(codes, frames, interpolation), condition)
    if str(out).endswith(".gif"):
        return Result.wrote(write_output(Path(out), pictures.animation(x, fps)))
    return Result.wrote(write_images(model, x, out, [f"frame-{k:04d}" for k in range(len(x))], frames))
