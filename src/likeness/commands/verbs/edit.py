"""The command `likeness edit`."""

from pathlib import Path
from typing import Annotated, Any

from annotated_types import Ge

from likeness.commands._arguments import (
    Amounts,
    Condition,
    Device,
    Frames,
    ImagePaths,
    InputFile,
    OutImages,
    RunPath,
)
from likeness.commands._verb import Result, verb
from likeness.errors import UserError
from likeness.settings import Metavar

Component = Annotated[Annotated[int, Ge(0)] | None, Metavar("K")]


@verb("change images")
def edit(
    run: RunPath,
    images: ImagePaths,
    *,
    add: Amounts = None,
    component: Component = None,
    reach: float = 2.0,
    decorrelated: bool = False,
    directions: InputFile = "directions.npz",
    steps: Frames = 6,
    out: OutImages = "edited.png",
    condition: Condition = None,
    device: Device = "auto",
) -> Result:
    """Edit images along directions of their codes: each from its reconstruction to the whole edit.

    Args:
        images: Image files, or .npz files of codes.
        add: Attributes and amounts: Smiling:1.5,component-0:-1,dimension-3:2.
        component: Principal component to follow both ways, from 0, instead of --add.
        reach: Standard deviations of the component to either side.
        decorrelated: Leave other attributes as they are.
        directions: File written by `likeness directions`.
    """
    import torch

    from likeness.analysis.editing import move_codes
    from likeness.models.code_files import encode_files
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    if (add is None) == (component is None):
        raise UserError("one kind of edit is made; give --add or --component")
    model = load_model(run, device=device)
    found = _directions(directions, add, model.code_size)
    codes = encode_files(model, images, condition)
    if add is not None:
        last = found.move(add, decorrelated)
        ways = move_codes(codes, torch.zeros_like(last), last, steps)
    else:
        last = found.scaled_component(component, reach)
        ways = move_codes(codes, -last, last, steps)
    names = [f"edit-{n:03d}-{k:02d}" for n in range(len(codes)) for k in range(steps)]
    return Result.wrote(write_images(model, model.decode(ways, condition), out, names, steps))


def _directions(file: str, add: Any, size: int) -> Any:
    """The directions in a file; none where dimensions alone are moved."""
    from likeness.analysis import directions

    if add is not None and all(name.startswith("dimension-") for name in add):
        return directions.empty_directions(size)
    return directions.read(Path(file), size)
