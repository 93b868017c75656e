"""Draw the code space of a run with codes in the plane: likeness plane RUN --out codes.png."""

from pathlib import Path

from likeness.analysis.figures import write_plane
from likeness.commands._options import Parser, add_data, add_device


def run(words: list[str]) -> None:
    """Write the codes of images over the prior."""
    parser = Parser(prog="likeness plane", description=__doc__)
    parser.add_argument("RUN", help="a run whose codes have two dimensions, or more with --by components")
    splits = ("train", "validation", "test")
    parser.add_argument("--split", choices=splits, default="test", help="images (default: test)")
    parser.add_argument("--by", choices=("codes", "components"), default="codes",
                        help="codes as they are, or principal components (default: codes)")  # fmt: skip
    parser.add_argument("--out", default="codes.png", help="picture to write (default: codes.png)")
    add_data(parser)
    add_device(parser)
    given = parser.read(words)
    data = getattr(given, "data", None)
    print(write_plane(given.RUN, given.split, Path(given.out), given.by, data, given.device))
