"""Decode ways along single directions of the codes: likeness traverse RUN --components 6."""

import torch

from likeness.commands._options import Parser, add_condition, add_data, add_device, condition_of


def run(words: list[str]) -> None:
    """Write a row for each direction: backwards, through the image or the middle of codes, onwards."""
    parser = Parser(prog="likeness traverse", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("IMAGE", nargs="?", help="an image to start from (default: the origin)")
    parser.add_argument("--dimensions", metavar="K,K", help="dimensions of the codes, from 0")
    parser.add_argument("--components", type=int, metavar="N", help="or the first principal components")
    parser.add_argument("--reach", type=float, default=3.0, help="how far, either way (default: 3)")
    parser.add_argument("--steps", type=int, default=9, help="images in a row (default: 9)")
    parser.add_argument("--most", type=int, default=4000, help="images for components (default: 4000)")
    parser.add_argument("--out", default="traversed.png", help="x.png, x.npy, x.npz or a folder")
    add_data(parser)
    add_condition(parser)
    add_device(parser)
    given = vars(parser.read(words))
    if ("dimensions" in given) == ("components" in given):
        parser.error("one kind of direction is followed; give --dimensions or --components")
    if given["steps"] < 2 or given["most"] < 2 or given.get("components", 1) < 1:
        parser.error("a row has a first and a last image; --steps, --most are 2 or more, --components 1")
    from likeness.analysis import directions
    from likeness.analysis.editing import traversed
    from likeness.models.code_files import encode_files
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    trained = load_model(given["RUN"], device=given["device"])
    size, condition = trained.code_size, condition_of(given["condition"])
    if "components" in given:
        data = given.get("data", trained.data.place)
        known = directions.of_data(trained, data, given["most"], named=False)
        names = [f"component-{k}" for k in range(given["components"])]
    else:
        known = directions.none(size)
        names = [f"dimension-{word.strip()}" for word in given["dimensions"].split(",")]
    moves = torch.stack([known.move({name: 1.0}) for name in names])
    start = (
        encode_files(trained, [given["IMAGE"]], condition)[:1] if "IMAGE" in given else torch.zeros(1, size)
    )
    x = trained.decode(traversed(start, moves, given["reach"], given["steps"]), condition)
    files = [f"{name}-{k:02d}" for name in names for k in range(given["steps"])]
    print(write_images(trained, x, given["out"], files, given["steps"]))
