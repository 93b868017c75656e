"""The command `likeness combine`."""

from likeness.commands._arguments import Condition, Device, InputFile, OutImages, RunPath
from likeness.commands._verb import Result, verb


@verb("change images")
def combine(
    run: RunPath,
    a: InputFile,
    b: InputFile,
    c: InputFile,
    *,
    out: OutImages = "combined.png",
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Decode the code of image A minus that of B plus that of C; a .png shows the three before it.

    Args:
        a: An image.
        b: The image whose code is subtracted.
        c: The image whose code is added.
    """
    import torch

    from likeness.analysis.editing import analogy
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    model = load_model(run, device=device)
    x = model.images([a, b, c])
    z = model.encode(x, condition).mean
    combined = model.decode(analogy(*z)[None], condition)
    shown = torch.cat([x, combined]) if str(out).endswith(".png") else combined
    return Result.wrote(write_images(model, shown, out, ["combined"], 4))
