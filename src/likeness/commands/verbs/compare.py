"""The command `likeness compare`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Ge, MinLen
from pydantic import AfterValidator

from likeness.commands import _catalogue
from likeness.commands._arguments import Help, OutDirectory, Seeds, Texts
from likeness.commands._progress import Progress
from likeness.commands._verb import Result, verb
from likeness.commands.verbs.train import Network, Preset
from likeness.errors import UserError
from likeness.settings import Metavar

METHODS = ["ae", "vae", "gan", "vae_dis_l", "vae_gan", "aae"]
"""Methods that are compared if none are named."""
MIN_IMAGES = 20
LENGTHS = ("steps", "minutes", "epochs")
"""Settings that the budget takes the place of."""


def _budget(text: str) -> str:
    """`text`. Raises ValueError if it is no budget."""
    length_of(text)
    return text


def length_of(text: str) -> dict[str, int | float]:
    """`2000steps` or `10min` as a setting. Raises ValueError if it is neither, or nothing."""
    for ending, name in (("steps", "steps"), ("min", "minutes")):
        number = text.removesuffix(ending)
        if number != text and number.replace(".", "", 1).isdigit() and float(number) > 0:
            return {name: float(number) if name == "minutes" else int(float(number))}
    raise ValueError("write 2000steps or 10min")


Methods = Annotated[
    Texts,
    MinLen(1),
    Metavar("METHOD..."),
    Help(lambda: f"Methods: {', '.join(_catalogue.names(_catalogue.OBJECTIVES))}."),
]
Budget = Annotated[str, AfterValidator(_budget), Metavar("LENGTH")]
MaxMeasured = Annotated[Annotated[int, Ge(MIN_IMAGES)] | None, Metavar("N")]


@verb("measure", numbers=True)
def compare(
    *,
    out: OutDirectory,
    methods: Methods = METHODS,
    budget: Budget = "2000steps",
    seeds: Seeds = 1,
    preset: Preset = None,
    net: Network = None,
    split: Literal["validation", "test"] = "test",
    max_images: MaxMeasured = None,
    **settings: Any,
) -> Result:
    """Compare methods on your data under one budget: train each, measure them alike, and write a report.

    It takes the settings of `likeness train`; one that some of the methods lack is set for the others. What
    is there already is not trained again.

    Args:
        out: Directory for the runs and the report.
        budget: Length of each training: 2000steps or 10min.
        split: Images to measure on.
        max_images: Measure on at most N images, drawn at random, always the same ones.
    """
    from likeness.analysis import comparison, comparison_page

    twice = [name for name in LENGTHS if any(key.rpartition(".")[2] == name for key in settings)]
    if twice:
        raise UserError(f"--{twice[0]} and --budget both give the length; keep --budget")
    chosen = {**settings, **length_of(budget)} | ({"preset": preset} if preset else {})
    chosen |= {"net": net} if net else {}
    with Progress() as progress:
        found = comparison.compare(methods, seeds, chosen, Path(out), split, progress.show, max_images)
    lines = [*comparison_page.advice(found), *comparison_page.cautions(found)]
    numbers = [
        {"method": each.method, "seed": each.seed, "seconds": each.seconds}
        | {name: number._asdict() for name, number in each.numbers.items()}
        for each in found
    ]
    return Result.wrote(comparison_page.write(found, Path(out), split), lines=lines, numbers=numbers)


def scopes(arguments: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    """The methods, each with the network family, whose settings a command line may have."""
    net = arguments.get("net") or _catalogue.catalogue().default_net
    return [(method, net) for method in arguments.get("methods") or METHODS]
