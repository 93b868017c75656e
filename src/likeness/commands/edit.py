"""Edit images along directions of their codes: likeness edit RUN a.png --add Smiling:1.5."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from likeness.commands._options import Parser, add_condition, add_device, condition_of, numbers

if TYPE_CHECKING:
    from likeness.analysis.directions import Directions


def run(words: list[str]) -> None:
    """Write each image's way: reconstructed first, then more and more edited."""
    parser = Parser(prog="likeness edit", description=__doc__)
    parser.add_argument("RUN", help="a run with an encoder, or one of its checkpoints")
    parser.add_argument("IMAGES", nargs="+", help="image files, or .npz files of codes")
    parser.add_argument("--directions", default="directions.npz", help="what `likeness directions` wrote")
    parser.add_argument("--add", metavar="NAME:X",
                        help="what and how much: Smiling:1.5,component-0:-1,dimension-3:2")  # fmt: skip
    parser.add_argument("--component", type=int, metavar="K", help="or a principal component, from 0")
    parser.add_argument("--reach", type=float, default=2.0, help="standard deviations of it (default: 2)")
    parser.add_argument("--decorrelated", action="store_true", help="leave other attributes as they are")
    parser.add_argument("--steps", type=int, default=6, help="images on the way (default: 6)")
    parser.add_argument("--out", default="edited.png", help="x.png, x.npy, x.npz or a folder")
    add_condition(parser)
    add_device(parser)
    given = vars(parser.read(words))
    if ("add" in given) == ("component" in given):
        parser.error("one kind of edit is made; give --add or --component")
    if given["steps"] < 2:
        parser.error(f"--steps is {given['steps']}; the way has a first and a last image")
    from likeness.analysis.editing import along
    from likeness.models.code_files import encode_files
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    trained, condition = load_model(given["RUN"], device=given["device"]), condition_of(given["condition"])
    found = _directions(given, trained.code_size)
    codes = encode_files(trained, given["IMAGES"], condition)
    if "add" in given:
        last = found.move(numbers("--add", given["add"]), "decorrelated" in given)
        ways = along(codes, torch.zeros_like(last), last, given["steps"])
    else:
        last = found.swing(given["component"], given["reach"])
        ways = along(codes, -last, last, given["steps"])
    names = [f"edit-{n:03d}-{k:02d}" for n in range(len(codes)) for k in range(given["steps"])]
    print(write_images(trained, trained.decode(ways, condition), given["out"], names, given["steps"]))


def _directions(given: dict[str, Any], size: int) -> "Directions":
    """What the file holds; nothing where dimensions alone are moved."""
    from likeness.analysis import directions

    if "add" in given and all(name.startswith("dimension-") for name in numbers("--add", given["add"])):
        return directions.none(size)
    return directions.read(Path(given["directions"]), size)
