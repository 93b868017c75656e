"""The command `likeness train`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from likeness.commands import _catalogue
from likeness.commands._arguments import Borrow, Help, path_text
from likeness.commands._progress import Progress
from likeness.commands._verb import Result, verb
from likeness.errors import UserError
from likeness.settings import Metavar, Positive, Rare

Method = Annotated[
    str | None,
    Metavar("METHOD"),
    Help(lambda: f"Method: {', '.join(_catalogue.names(_catalogue.OBJECTIVES))}."),
]
NewRun = Annotated[str | None, BeforeValidator(path_text), Metavar("RUN")]
Preset = Annotated[
    str | None, Metavar("NAME|FILE"), Help(lambda: f"Preset: {_catalogue.catalogue().presets}.")
]
Network = Annotated[
    str | Any | None,
    Metavar("NAME"),
    Help(
        lambda: (
            f"Network family: {', '.join(_catalogue.names(_catalogue.NETS))} "
            f"(default: {_catalogue.catalogue().default_net})."
        )
    ),
]
Gibibytes = Annotated[Positive | None, Metavar("GIB"), Rare()]


@verb("train and look", numbers=True)
def train(
    method: Method = None,
    run: NewRun = None,
    *,
    preset: Preset = None,
    net: Network = None,
    borrow: Borrow = {},  # noqa: B006 (never changed)
    resume: bool = False,
    other_data: Annotated[bool, Rare()] = False,
    dry_run: bool = False,
    memory: Gibibytes = None,
    **settings: Any,
) -> Result:
    """Train a method on images, or resume a training. `likeness train METHOD --help` lists its settings.

    A setting may be written with its section, --training.batch for --batch, and must be where its name
    alone is ambiguous.

        likeness train vae_gan runs/digits --data digits --steps 2000
        likeness train vae_gan runs/photos --data photos/ --size 64 --flip --minutes 60
        likeness train --resume runs/photos

    Args:
        run: Directory to make for the run, or the run to resume.
        resume: Resume the run exactly.
        other_data: Resume although the data changed.
        dry_run: Estimate the memory and the largest batch; train nothing.
        memory: Memory, in GiB, that --dry-run assumes; by default all there is.
    """
    method, run = _method_and_run(method, run, resume)
    chosen = _all_settings(settings, preset, net, borrow)
    if dry_run and method:
        return _estimate(method, chosen, memory)
    if run is None:
        raise UserError("no method and run directory; write `likeness train METHOD RUN --data DATA`")
    from likeness.runs import settings as of_runs
    from likeness.runs.best import best_of
    from likeness.runs.train import train as train_run

    config = of_runs.gather(method, chosen) if method else of_runs.resume(run, chosen)
    with Progress() as progress:
        made = train_run(config, run, resume=resume, watcher=progress.show, other_data=other_data)
    lines = [f"report    {made.report}"]
    lines += [f"pictures  {made.pictures}"] if any(made.pictures.glob("*.png")) else []
    if best := best_of(made):
        lines.append(f"best      {made.best}: {best}")
    lines.append(f"next      likeness sample {run} -n 16 --out samples.png")
    return Result(lines, made.newest(), [made.path])


def scopes(arguments: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    """The method and the network family whose settings a command line may have: those it names, or else
    those of the run that it resumes, or of its preset."""
    resumes = bool(arguments.get("resume"))
    method, run = _method_and_run(arguments.get("method"), arguments.get("run"), resumes)
    net = arguments.get("net")
    if resumes and run is not None:
        from likeness.runs.run import Run

        if Run(Path(run)).exists():
            config = Run(Path(run)).config()
            return [(method or config.method, net or config.net.name)]
    if net is None and "preset" in arguments:
        from likeness.runs.settings import initial_net

        net = initial_net(None, arguments["preset"])
    return [(method, net or _catalogue.catalogue().default_net)]


def _method_and_run(method: str | None, run: Any, resume: bool) -> tuple[str | None, Any]:
    """Method and run; a run that is resumed may stand alone, in the place of the method."""
    return (None, method) if resume and run is None else (method, run)


def _all_settings(settings: Mapping[str, Any], preset: Any, net: Any, borrow: Any) -> dict[str, Any]:
    """Settings with the preset, the networks and the borrowed players, where they are given."""
    more = {"preset": preset, "net": net, "borrow": borrow}
    return {**settings, **{name: value for name, value in more.items() if value}}


def _estimate(method: str, settings: Mapping[str, Any], memory: float | None) -> Result:
    """An estimate of what a training takes; none is made."""
    from likeness.runs.memory_estimate import estimate_memory
    from likeness.runs.settings import gather

    config = gather(method, settings)
    found, batch = estimate_memory(config, memory), config.training.batch
    needed = found.need.at_batch(batch)
    steps = "as many as the minutes allow" if found.total is None else f"{found.total:,}"
    lines = [f"{name:<14}{count:,} parameters" for name, count in found.parameters.items()]
    lines += [
        f"steps         {steps}, of {found.images:,} training images",
        f"memory        {needed / 2**30:.2f} GiB of tensors at --batch {batch}",
        f"largest       --batch {found.largest_batch} in {found.room / 2**30:.1f} GiB; "
        "--accumulate makes larger ones of several",
    ]
    numbers = {
        "parameters": dict(found.parameters), "steps": found.total, "images": found.images, "batch": batch,
        "bytes": needed, "largest_batch": found.largest_batch,
    }  # fmt: skip
    return Result(lines, numbers)
