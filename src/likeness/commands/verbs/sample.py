"""The command `likeness sample`."""

from typing import Annotated

from likeness.commands._arguments import Condition, Device, OutImages, RunPath, Seed
from likeness.commands._verb import Result, verb
from likeness.settings import Count, Metavar, NonNegative

Temperature = Annotated[NonNegative, Metavar("X")]


@verb("make images")
def sample(
    run: RunPath,
    *,
    n: Count = 64,
    seed: Seed = 0,
    temperature: Temperature = 1.0,
    condition: Condition = None,
    out: OutImages = "samples.png",
    device: Device = "auto",
) -> Result:
    """Decode samples of the prior; the same seed gives the same samples.

    Args:
        n: Number of samples.
        temperature: Factor on the distance of the codes from the origin.
        condition: Condition of the samples, of a run with conditions: Smiling:1,age:30,hair:blond; by
            default those of training images.
    """
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    model = load_model(run, device=device)
    x = model.sample(n, seed=seed, temperature=temperature, condition=condition)
    names = [f"sample-{k:04d}" for k in range(n)]
    return Result.wrote(write_images(model, x, out, names, columns=max(1, round(n**0.5))))
