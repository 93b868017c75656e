"""Find the images of a run's data that are nearest to one: likeness neighbours RUN a.png."""

import torch

from likeness.commands._options import Parser, add_condition, add_data, add_device, condition_of


def run(words: list[str]) -> None:
    """Print their names and distances, and write a row for pixels and one for the learned metric."""
    parser = Parser(prog="likeness neighbours", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("IMAGE", help="an image file, or an .npz file of a code, which is decoded")
    parser.add_argument("-n", type=int, default=8, help="how many (default: 8)")
    parser.add_argument("--most", type=int, default=2000, help="images looked among (default: 2000)")
    parser.add_argument("--out", default="neighbours.png", help="x.png, x.npy, x.npz or a folder")
    add_data(parser)
    add_condition(parser)
    add_device(parser)
    given = parser.read(words)
    if given.n < 1 or given.most < 2:
        parser.error("there is nothing to find; -n is 1 or more, --most 2 or more")
    from likeness.analysis import embedded_sample
    from likeness.analysis.neighbours import neighbours
    from likeness.models.code_files import load_image
    from likeness.runs.loading import load_metric, load_model
    from likeness.runs.output import write_images

    trained = load_model(given.RUN, device=given.device)
    x, known = (
        load_image(trained, given.IMAGE, condition_of(given.condition)),
        embedded_sample.atlas(trained, given.most, getattr(given, "data", None)),
    )
    learned = load_metric(given.RUN, device=given.device) if trained.discriminator else None
    found = neighbours(x, known.images(trained), given.n, learned)
    for kind, (rows, distances) in found.items():
        near = zip(rows.tolist(), distances.tolist())
        print(f"{kind:<8}", ", ".join(f"{known.names[k]} {d:.4g}" for k, d in near))
    shown = [torch.cat([x, known.images(trained, near.rows.tolist())]) for near in found.values()]
    columns = len(shown[0])
    names = [f"{kind}-{k:02d}" for kind in found for k in range(columns)]
    print(write_images(trained, torch.cat(shown), given.out, names, columns))
