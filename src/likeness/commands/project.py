"""Find codes of images by descent, beyond what the encoder says: likeness project RUN a.png."""

from pathlib import Path

import torch

from likeness.commands._options import Parser, add_condition, add_device, condition_of


def run(words: list[str]) -> None:
    """Write codes, or a picture: images, what the encoder makes of them, what the codes found do."""
    parser = Parser(prog="likeness project", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints; one without encoder will do")
    parser.add_argument("IMAGES", nargs="+", help="image files")
    parser.add_argument("--steps", type=int, default=200, help="steps of descent (default: 200)")
    parser.add_argument("--rate", type=float, default=0.05, help="size of a first step (default: 0.05)")
    parser.add_argument("--pixels", type=float, default=1.0, help="weight of the pixel error (default: 1)")
    parser.add_argument("--learned", type=float, default=1.0, help="of the learned distance (default: 1)")
    parser.add_argument("--by", metavar="RUN", help="run or metric that measures (default: the run's own)")
    parser.add_argument("--out", default="projected.png", help="x.png, or x.npz for the codes")
    add_condition(parser)
    add_device(parser)
    given = vars(parser.read(words))
    if given["steps"] < 1 or not 0 < given["rate"] < float("inf"):
        parser.error("there is nothing to descend; --steps and --rate are more than 0")
    if min(given["pixels"], given["learned"]) < 0 or not given["pixels"] + given["learned"]:
        parser.error("errors have no weight; --pixels and --learned are 0 or more, and not both 0")
    from likeness.analysis.projection import Nearness, compared, projected
    from likeness.models.code_files import write_named_codes
    from likeness.runs.loading import load_metric, load_model
    from likeness.runs.output import write_images

    trained, condition = load_model(given["RUN"], device=given["device"]), condition_of(given["condition"])
    judged = given.get("by") or (trained.discriminator and given["RUN"])
    near = Nearness(
        load_metric(judged, device=given["device"]) if judged else None, given["pixels"], given["learned"]
    )
    x = trained.images(given["IMAGES"])
    z = projected(trained, x, near, steps=given["steps"], rate=given["rate"], condition=condition)
    shown, errors = compared(trained, x, z, near, condition)
    for name, values in errors.items():
        print(f"{name:<8}{' '.join(f'{v:.4g}' for v in values.tolist())}")
    out, names = Path(given["out"]), [Path(p).stem for p in given["IMAGES"]]
    if out.suffix == ".npz":
        print(write_named_codes(out, z, names))
        return
    print(write_images(trained, torch.cat(shown), out, names * len(shown), len(x)))
