"""The command `likeness reconstruct`."""

from pathlib import Path

from likeness.commands._arguments import Condition, Device, ImagePaths, OutImages, RunPath
from likeness.commands._verb import Result, verb


@verb("make images")
def reconstruct(
    run: RunPath,
    images: ImagePaths,
    *,
    out: OutImages = "reconstructions.png",
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Encode and decode images; a .png shows originals over reconstructions."""
    import torch

    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    model = load_model(run, device=device)
    x = model.images(images)
    reconstructions = model.reconstruct(x, condition)
    shown = torch.cat([x, reconstructions]) if str(out).endswith(".png") else reconstructions
    names = [Path(image).stem for image in images]
    return Result.wrote(write_images(model, shown, out, names, len(x)))
