"""The command `likeness neighbours`."""

from typing import Any

from likeness.commands._arguments import (
    Condition,
    DataArgument,
    Device,
    InputFile,
    MaxSearched,
    OutImages,
    RunPath,
)
from likeness.commands._verb import Result, verb
from likeness.settings import Count


@verb("measure", numbers=True)
def neighbours(
    run: RunPath,
    image: InputFile,
    *,
    n: Count = 8,
    max_images: MaxSearched = 2000,
    out: OutImages = "neighbours.png",
    data: DataArgument = None,
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Find the images of a run's data that are nearest to an image, in pixels and in the learned metric.

    Args:
        image: An image file, or an .npz file of a code, which is decoded.
        n: Number of neighbours.
        max_images: Number of images to search, drawn at random.
    """
    import torch

    from likeness.analysis import embedded_sample
    from likeness.analysis.neighbours import neighbours as nearest
    from likeness.models.code_files import load_image
    from likeness.runs.loading import load_metric, load_model
    from likeness.runs.output import write_images

    model = load_model(run, device=device)
    x = load_image(model, image, condition)
    known = embedded_sample.embed_sample(model, max_images, data)
    learned = load_metric(run, device=device) if model.discriminator else None
    found = nearest(x, known.images(model), n, learned)
    lines, numbers, rows = list[str](), dict[str, Any](), list[torch.Tensor]()
    for kind, (positions, distances) in found.items():
        numbers[kind] = {known.names[k]: d for k, d in zip(positions.tolist(), distances.tolist())}
        lines.append(f"{kind:<8} {', '.join(f'{name} {d:.4g}' for name, d in numbers[kind].items())}")
        rows.append(torch.cat([x, known.images(model, positions.tolist())]))
    columns = len(rows[0])
    names = [f"{kind}-{k:02d}" for kind in found for k in range(columns)]
    file = write_images(model, torch.cat(rows), out, names, columns)
    return Result.wrote(file, lines=lines, numbers=numbers)
