"""Compare methods on your data under one budget: likeness compare --data photos/ --out runs/compared."""

from pathlib import Path

from likeness import registry
from likeness.commands._options import Parser
from likeness.errors import UserError

FEWEST = 20
METHODS = ["ae", "vae", "gan", "vae_dis_l", "vae_gan", "aae"]


def run(words: list[str]) -> None:
    """Train each method, or take the runs that are there, measure them, and write a report."""
    parser = Parser(prog="likeness compare", description=__doc__)
    parser.add_argument("--data", required=True, help="images, as in `likeness train`")
    parser.add_argument("--out", required=True, help="folder; what is there is gone on with")
    known = registry.names("likeness.objectives")
    parser.add_argument("--methods", nargs="+", metavar="METHOD", help=", ".join(known))
    parser.add_argument("--budget", default="2000steps", help="of each training: 2000steps or 10min")
    parser.add_argument("--seeds", type=int, default=1, help="how many trainings of each (default: 1)")
    parser.add_argument("--size", help="resize images, as in `likeness train`")
    parser.add_argument("--net", help=f"networks: {', '.join(registry.names('likeness.nets'))}")
    parser.add_argument("--width", type=float, help="width of larsen networks, 1 is the paper's")
    parser.add_argument("--latent", type=int, help="dimensions of the codes")
    parser.add_argument("--batch", type=int, help="images of a step")
    splits = ("validation", "test")
    parser.add_argument("--split", choices=splits, default="test", help="measured on (default: test)")
    most = "measure on only N images, drawn at random, always the same"
    parser.add_argument("--most", type=int, metavar="N", help=most)
    given = vars(parser.read(words))
    if given["seeds"] < 1:
        parser.error(f"--seeds is {given['seeds']}; ask for one or more")
    if given.get("most", FEWEST) < FEWEST:
        parser.error(f"--most is {given['most']}; ask for {FEWEST} or more")
    from likeness.analysis import comparison, comparison_page
    from likeness.commands.train import Bar

    settings = {k: given[k] for k in ("data", "size", "latent", "batch") if k in given}
    settings |= budget(given["budget"])
    net = {"name": given.get("net", "larsen")} | ({"width": given["width"]} if "width" in given else {})
    methods, out = given.get("methods", METHODS), Path(given["out"])
    with Bar() as bar:
        found = comparison.compare(
            methods, given["seeds"], settings | {"net": net}, out, given["split"], bar.show,
            given.get("most"),
        )  # fmt: skip
    for line in [*comparison_page.advice(found), *comparison_page.cautions(found)]:
        print(line)
    print(comparison_page.write(found, out, given["split"]))


def budget(said: str) -> dict[str, int | float]:
    """`2000steps` or `10min` as settings. UserError if it is neither, or nothing."""
    for ending, name in (("steps", "steps"), ("min", "minutes")):
        number = said.removesuffix(ending)
        if number != said and number.replace(".", "", 1).isdigit() and float(number) > 0:
            return {name: float(number) if name == "minutes" else int(float(number))}
    raise UserError(f"--budget is {said!r}; write 2000steps or 10min")
