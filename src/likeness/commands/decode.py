"""Turn codes into images: likeness decode RUN codes.npz --out FOLDER."""

from pathlib import Path

from likeness.commands._options import Parser, add_condition, add_device, condition_of
from likeness.models.code_files import read_codes
from likeness.runs.loading import load_model
from likeness.runs.output import write_images


def run(words: list[str]) -> None:
    """Write the image of each code."""
    parser = Parser(prog="likeness decode", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("CODES", help="an .npz file with `codes`, or an .npy file, (n, dimensions)")
    parser.add_argument("--out", default="decoded.png", help="x.png, x.npy, x.npz or a folder")
    add_condition(parser)
    add_device(parser)
    given = parser.read(words)
    model = load_model(given.RUN, device=given.device)
    z = read_codes(Path(given.CODES))
    names = [f"image-{k:05d}" for k in range(len(z))]
    columns = max(1, round(len(z) ** 0.5))
    print(write_images(model, model.decode(z, condition_of(given.condition)), given.out, names, columns))
