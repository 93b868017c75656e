"""The command `likeness project`."""

from pathlib import Path

from likeness.commands._arguments import Condition, Device, ImagePaths, MetricRun, OutImages, RunPath
from likeness.commands._verb import Result, verb
from likeness.errors import UserError
from likeness.settings import Count, NonNegative, Positive


@verb("change images", numbers=True)
def project(
    run: RunPath,
    images: ImagePaths,
    *,
    steps: Count = 200,
    rate: Positive = 0.05,
    pixel_weight: NonNegative = 1.0,
    learned_weight: NonNegative = 1.0,
    metric: MetricRun = None,
    out: OutImages = "projected.png",
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Find the codes of images by gradient descent, closer than the encoder's, or without an encoder.

    Args:
        steps: Number of steps of descent.
        rate: Size of the first steps.
        pixel_weight: Weight of the pixel error.
        learned_weight: Weight of the learned distance.
        out: Where to write: x.png, or x.npz for the codes.
    """
    import torch

    from likeness.analysis.projection import ProjectionLoss, compare_projections, project_images
    from likeness.models.code_files import write_named_codes
    from likeness.runs.loading import load_metric, load_model
    from likeness.runs.output import write_images

    if not pixel_weight + learned_weight:
        raise UserError("errors have no weight; raise --pixel-weight or --learned-weight above 0")
    model = load_model(run, device=device)
    measure = metric or (run if model.discriminator else None)
    learned = load_metric(measure, device=device) if measure else None
    near = ProjectionLoss(learned, pixel_weight, learned_weight)
    x = model.images(images)
    z = project_images(model, x, near, steps=steps, rate=rate, condition=condition)
    shown, errors = compare_projections(model, x, z, near, condition)
    numbers = {name: values.tolist() for name, values in errors.items()}
    lines = [f"{name:<8}{' '.join(f'{v:.4g}' for v in values)}" for name, values in numbers.items()]
    names = [Path(image).stem for image in images]
    if str(out).endswith(".npz"):
        return Result.wrote(write_named_codes(Path(out), z, names), lines=lines, numbers=numbers)
    file = write_images(model, torch.cat(shown), out, names * len(shown), len(x))
    return Result.wrote(file, lines=lines, numbers=numbers)
