"""Decode the way from one image's code to another's: likeness interpolate RUN A B."""

from likeness.analysis.editing import WAYS, chain
from likeness.commands._options import Parser, add_condition, add_device, condition_of
from likeness.models.code_files import encode_files
from likeness.runs.loading import load_model
from likeness.runs.output import write_images


def run(words: list[str]) -> None:
    """Write the images on the way, through as many as are given."""
    parser = Parser(prog="likeness interpolate", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("A", help="first image file, or an .npz file of codes")
    parser.add_argument("B", nargs="*", default=[], help="files to go on to, one after the other")
    parser.add_argument("--steps", type=int, default=10, help="images from one to the next (default: 10)")
    kinds = "straight, or round the origin (default: straight)"
    parser.add_argument("--way", choices=list(WAYS), default="straight", help=kinds)
    parser.add_argument("--out", default="interpolation.png", help="x.png, x.npy, x.npz or a folder")
    add_condition(parser)
    add_device(parser)
    given = parser.read(words)
    if given.steps < 2:
        parser.error(f"--steps is {given.steps}; the way has a first and a last image")
    model, condition = load_model(given.RUN, device=given.device), condition_of(given.condition)
    codes = encode_files(model, [given.A, *given.B], condition)
    if len(codes) < 2:
        parser.error("there is one image; a way leads from one to another")
    x = model.decode(chain(codes, given.steps, given.way), condition)
    names = [f"step-{k:03d}" for k in range(len(x))]
    print(write_images(model, x, given.out, names, columns=min(len(x), 2 * given.steps)))
