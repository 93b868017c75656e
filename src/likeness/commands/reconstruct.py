"""Encode and decode images: likeness reconstruct RUN IMAGES... --out FOLDER."""

from pathlib import Path

import torch

from likeness.commands._options import Parser, add_condition, add_device, condition_of
from likeness.runs.loading import load_model
from likeness.runs.output import write_images


def run(words: list[str]) -> None:
    """Write the reconstruction of each image; a .png shows originals over reconstructions."""
    parser = Parser(prog="likeness reconstruct", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("IMAGES", nargs="+", help="image files")
    parser.add_argument("--out", default="reconstructions.png", help="x.png, x.npy, x.npz or a folder")
    add_condition(parser)
    add_device(parser)
    given = parser.read(words)
    model = load_model(given.RUN, device=given.device)
    x = model.images(given.IMAGES)
    made = model.reconstruct(x, condition_of(given.condition))
    shown = torch.cat([x, made]) if given.out.endswith(".png") else made
    print(write_images(model, shown, given.out, [Path(p).stem for p in given.IMAGES], len(x)))
