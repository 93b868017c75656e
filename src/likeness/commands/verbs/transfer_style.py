"""The command `likeness transfer-style`."""

from pathlib import Path

from likeness.commands._arguments import (
    Condition,
    Device,
    ImagePaths,
    InputFile,
    Numbers,
    OutImages,
    RunPath,
)
from likeness.commands._verb import Result, verb


@verb("change images")
def transfer_style(
    run: RunPath,
    images: ImagePaths,
    *,
    labels: Numbers = None,
    like: InputFile | None = None,
    out: OutImages = "styles.png",
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Decode other classes in the style of images, a row for each image; a .png shows the image first.

    Args:
        run: A run that separates class and style, such as one of aae_semi.
        images: Image files whose styles are taken.
        labels: Classes, by number; by default all.
        like: Image whose class is taken, instead of --labels.
    """
    import torch

    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    model = load_model(run, device=device)
    model.check_classes()
    x = model.images(images)
    if like is not None:
        classes = model.class_probabilities(model.images([like]), condition).argmax(1)
    else:
        classes = torch.tensor(range(model.classes) if labels is None else labels)
    repeated = x.repeat_interleave(len(classes), 0)
    z = model.transfer_style(repeated, classes.repeat(len(x)), condition)
    styled = model.decode(z, condition).unflatten(0, (len(x), len(classes)))
    if not str(out).endswith(".png"):
        names = [f"{Path(image).stem}-as-{k}" for image in images for k in classes.tolist()]
        return Result.wrote(write_images(model, styled.flatten(0, 1), out, names, 1))
    rows = torch.cat([x[:, None], styled], 1)
    return Result.wrote(write_images(model, rows.flatten(0, 1), out, [], rows.shape[1]))
