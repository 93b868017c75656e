"""Decode the way from one image's code to another's: likeness interpolate RUN A B."""

from likeness.commands._options import Parser
from likeness.editing import between
from likeness.runs.model import load
from likeness.runs.output import write_images


def run(words: list[str]) -> None:
    """Write the images on the way."""
    parser = Parser(prog="likeness interpolate", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("A", help="first image file")
    parser.add_argument("B", help="last image file")
    parser.add_argument("--steps", type=int, default=10, help="images on the way (default: 10)")
    parser.add_argument("--out", default="interpolation.png", help="x.png, x.npy, x.npz or a folder")
    given = parser.read(words)
    if given.steps < 2:
        parser.error(f"--steps is {given.steps}; the way has a first and a last image")
    model = load(given.RUN)
    a, b = model.encode(model.images([given.A, given.B]))
    x = model.decode(between(a, b, given.steps))
    names = [f"step-{k:03d}" for k in range(given.steps)]
    print(write_images(model, x, given.out, names, columns=given.steps))
