"""The command `likeness teach-metric`."""

from typing import Annotated

from pydantic import BeforeValidator

from likeness.commands._arguments import DataArgument, Device, OutDirectory, Seed, path_text
from likeness.commands._progress import Progress
from likeness.commands._verb import Result, verb
from likeness.errors import UserError
from likeness.settings import Count, Metavar, Rare

OptionalRun = Annotated[str | None, BeforeValidator(path_text), Metavar("RUN")]
Size = Annotated[str | int | None, Metavar("SIDE|HxW")]
TeachingSteps = Annotated[Count | None, Rare(), Metavar("N")]


@verb("train and look")
def teach_metric(
    run: OptionalRun = None,
    *,
    data: DataArgument = None,
    size: Size = None,
    from_scratch: bool = False,
    out: OutDirectory | None = None,
    steps: TeachingSteps = None,
    seed: Seed = 0,
    device: Device = "auto",
) -> Result:
    """Teach a metric on training images, without labels.

    The discriminator of a run, or a new network, is taught that random changes of an image, such as shifts
    and noise, matter less than other images differ. The run keeps the metric and uses it from then on;
    `likeness check-metric` tells whether it is to be trusted.

        likeness teach-metric runs/faces
        likeness teach-metric --data cells.npz --out metrics/cells

    Args:
        run: A run whose discriminator is taught, on its training images.
        data: Images to teach on without a run; with one, where its data are now.
        size: Without a run, size of the images, as in `likeness train --size`.
        from_scratch: Teach a new network instead of the run's discriminator.
        out: Directory to write without a run.
        steps: Number of steps, of 256 images each; by default 300.
    """
    from likeness import config
    from likeness.data.settings import DataSettings
    from likeness.runs.teaching import teach_data, teach_run
    from likeness.similarity.teaching import STEPS

    if run is None and (data is None or out is None):
        raise UserError("no run and no data are given; write RUN, or --data DATA --out DIR")
    if run is not None and (out or size):
        raise UserError("a run keeps its metric; leave --out and --size out, or leave the run out")
    with Progress() as progress:
        length, watch = steps or STEPS, progress.show
        if run is not None:
            found, kept = teach_run(
                run, data=data, from_scratch=from_scratch, steps=length, seed=seed, device=device,
                watcher=watch,
            )  # fmt: skip
            path, lines = kept.taught, [f"next  likeness check-metric {run}"]
        else:
            settings = config.check(DataSettings, {"data": data, "size": size}, "data")
            found, path = teach_data(
                settings, str(out), steps=length, seed=seed, device=device, watcher=watch
            )
            lines = []
    return Result.wrote(path, lines=[*found.parts.about["says"], *lines])
