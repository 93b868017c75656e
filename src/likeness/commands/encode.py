"""Turn images into codes: likeness encode RUN DATA --out codes.npz."""

from pathlib import Path

from likeness.commands._options import Parser, add_device
from likeness.models.code_files import write_codes
from likeness.models.codes import encode_all
from likeness.runs.loading import load_model


def run(words: list[str]) -> None:
    """Write the codes of all images of a data set, with their names, labels and splits."""
    parser = Parser(prog="likeness encode", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("DATA", help="a word or path, as in `likeness train --data`")
    parser.add_argument("--out", default="codes.npz", help="file to write (default: codes.npz)")
    add_device(parser)
    given = parser.read(words)
    codes = encode_all(load_model(given.RUN, device=given.device), given.DATA)
    write_codes(Path(given.out), codes)
    print(given.out)
