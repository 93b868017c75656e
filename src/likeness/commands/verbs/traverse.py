"""The command `likeness traverse`."""

from likeness.commands._arguments import (
    Condition,
    DataArgument,
    Device,
    Frames,
    InputFile,
    MaxSearched,
    Numbers,
    OutImages,
    RunPath,
)
from likeness.commands._verb import Result, verb
from likeness.errors import UserError
from likeness.settings import Count


@verb("change images")
def traverse(
    run: RunPath,
    image: InputFile | None = None,
    *,
    dimensions: Numbers = None,
    components: Count | None = None,
    reach: float = 3.0,
    steps: Frames = 9,
    max_images: MaxSearched = 4000,
    out: OutImages = "traversed.png",
    data: DataArgument = None,
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Decode codes along single directions, a row of images for each.

    Args:
        image: Image to start from; by default the origin.
        dimensions: Dimensions of the codes to change, from 0.
        components: Number of first principal components to change, instead of --dimensions.
        reach: Distance to either side.
        steps: Number of images in a row.
        max_images: Number of images, at most, for principal components.
    """
    import torch

    from likeness.analysis import directions
    from likeness.analysis.editing import traverse
    from likeness.models.code_files import encode_files
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    if (dimensions is None) == (components is None):
        raise UserError("one kind of direction is followed; give --dimensions or --components")
    model = load_model(run, device=device)
    if components is not None:
        place = data if data is not None else model.data.place
        known = directions.directions_of_data(model, place, max_images, named=False)
        names = [f"component-{k}" for k in range(components)]
    else:
        known = directions.empty_directions(model.code_size)
        names = [f"dimension-{k}" for k in dimensions or ()]
    moves = torch.stack([known.move({name: 1.0}) for name in names])
    origin = torch.zeros(1, model.code_size)
    start = encode_files(model, [image], condition)[:1] if image is not None else origin
    x = model.decode(traverse(start, moves, reach, steps), condition)
    files = [f"{name}-{k:02d}" for name in names for k in range(steps)]
    return Result.wrote(write_images(model, x, out, files, steps))
