"""Arithmetic on images: likeness combine RUN A B C decodes the code of A less B plus C."""

import torch

from likeness.commands._options import Parser, add_condition, add_device, condition_of


def run(words: list[str]) -> None:
    """Write the image whose code is A - B + C; a .png shows the three before it."""
    parser = Parser(prog="likeness combine", description=__doc__)
    parser.add_argument("RUN", help="a run with an encoder, or one of its checkpoints")
    for name, help_ in (("A", "an image"), ("B", "what is taken away"), ("C", "what is added")):
        parser.add_argument(name, help=help_)
    parser.add_argument("--out", default="combined.png", help="x.png, x.npy, x.npz or a folder")
    add_condition(parser)
    add_device(parser)
    given = parser.read(words)
    from likeness.analysis.editing import analogy
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    trained, condition = load_model(given.RUN, device=given.device), condition_of(given.condition)
    x = trained.images([given.A, given.B, given.C])
    a, b, c = trained.encode(x, condition).mean
    made = trained.decode(analogy(a, b, c)[None], condition)
    shown = torch.cat([x, made]) if given.out.endswith(".png") else made
    print(write_images(trained, shown, given.out, ["combined"], 4))
