"""Give an image's style to other classes: likeness restyle RUN a.png decodes each class in its style."""

from pathlib import Path

import torch

from likeness.commands._options import Parser, add_condition, add_device, condition_of
from likeness.errors import UserError


def run(words: list[str]) -> None:
    """Write a row for each image: itself, then its style in one class after the other."""
    parser = Parser(prog="likeness restyle", description=__doc__)
    parser.add_argument("RUN", help="a run that tells class from style, such as one of aae_semi")
    parser.add_argument("IMAGES", nargs="+", help="image files whose styles are taken")
    parser.add_argument("--labels", metavar="K,K", help="classes, by number (default: all)")
    parser.add_argument("--like", metavar="IMAGE", help="or the class of this image")
    parser.add_argument("--out", default="restyled.png", help="x.png, x.npy, x.npz or a folder")
    add_condition(parser)
    add_device(parser)
    given = vars(parser.read(words))
    from likeness.runs.loading import load_model
    from likeness.runs.output import write_images

    trained, condition = load_model(given["RUN"], device=given["device"]), condition_of(given["condition"])
    trained.check_classes()
    x = trained.images(given["IMAGES"])
    if "like" in given:
        like = trained.images([given["like"]])
        labels = trained.class_probabilities(like, condition).argmax(1)
    else:
        labels = torch.tensor(_labels(given["labels"]) if "labels" in given else range(trained.classes))
    styled = trained.transfer_style(x.repeat_interleave(len(labels), 0), labels.repeat(len(x)), condition)
    made = trained.decode(styled, condition).unflatten(0, (len(x), len(labels)))
    if not given["out"].endswith(".png"):
        names = [f"{Path(p).stem}-as-{k}" for p in given["IMAGES"] for k in labels.tolist()]
        print(write_images(trained, made.flatten(0, 1), given["out"], names, 1))
        return
    rows = torch.cat([x[:, None], made], 1)
    print(write_images(trained, rows.flatten(0, 1), given["out"], [], rows.shape[1]))


def _labels(said: str) -> list[int]:
    """`"3,5"` as numbers. UserError if they are none."""
    try:
        return [int(word) for word in said.split(",")]
    except ValueError:
        raise UserError(f"--labels is {said!r}; write numbers of classes, 3,5") from None
