"""Find directions of attributes in the codes of a run: likeness directions RUN --out directions.npz."""

from pathlib import Path
from typing import Any

from likeness.commands._options import Parser, add_condition, add_data, add_device, condition_of


def run(words: list[str]) -> None:
    """Write directions of attributes or classes, and principal components, for `likeness edit`."""
    parser = Parser(prog="likeness directions", description=__doc__)
    parser.add_argument("RUN", help="a run with an encoder, or one of its checkpoints")
    add_data(parser, "images with attributes or classes: the run's data where they are now, or others")
    parser.add_argument("--most", type=int, metavar="N", help="images that are looked at (default: all)")
    parser.add_argument("--having", metavar="FOLDER", help="examples that have something")
    parser.add_argument("--lacking", metavar="FOLDER", help="examples that lack it")
    parser.add_argument("--name", default="it", help="what it is called (default: it)")
    leakage = "say what each direction changes, as read by the attribute regressor in this folder, which is"
    parser.add_argument("--leakage", metavar="FOLDER", help=f"{leakage} trained where there is none")
    parser.add_argument("--out", default="directions.npz", help="file to write (default: directions.npz)")
    add_condition(parser)
    add_device(parser)
    given = vars(parser.read(words))
    if ("having" in given) != ("lacking" in given):
        parser.error("--having and --lacking go together; give both")
    if given.get("most", 2) < 2:
        parser.error(f"--most is {given['most']}; directions need two images or more")
    if "having" in given and "leakage" in given:
        parser.error("--leakage is of attributes of data; leave out --having and --lacking")
    from likeness.analysis import directions
    from likeness.runs.loading import load_model
    from likeness.runs.run import run_of

    trained = load_model(given["RUN"], device=given["device"])
    data = given.get("data", trained.data.place)
    condition = condition_of(given["condition"])
    if "having" in given:
        found = directions.of_folders(trained, given["having"], given["lacking"], given["name"], condition)
    else:
        found = directions.of_data(trained, data, given.get("most"))
    print(f"{', '.join(found.names)}; {len(found.components)} principal components")
    print(found.write(Path(given["out"])))
    if "leakage" in given:
        flips = run_of(given["RUN"]).config().augmentation.flips_alone
        _leakage(trained, found, data, flips, Path(given["leakage"]), Path(given["out"]))


def _leakage(trained: Any, found: Any, data: str, flips: Any, folder: Path, out: Path) -> None:
    """Print effect and leakage of each direction, and write all of them beside the directions."""
    from likeness.analysis.leakage import leakage
    from likeness.commands.train import Bar
    from likeness.models.codes import load_prepared
    from likeness.predictors.regressor import regressor

    dataset = load_prepared(trained, data)
    dataset = dataset.with_attributes(found.names) if dataset.attribute_names else dataset
    with Bar() as bar:
        reader = regressor(folder, dataset, flips, bar.show)
    leaks = leakage(trained, found, reader, dataset)
    kinds = {kind: (e.diagonal().tolist(), leaks.leaks(kind).tolist(), leaks.most(kind))
             for kind, e in leaks.effects.items()}  # fmt: skip
    print(f"{'':<22}" + "".join(f"{f'{kind}: effect, leakage, most':<48}" for kind in kinds))
    for k, name in enumerate(leaks.names):
        cells = (f"{e[k]:7.2f} {l[k]:7.3f}  {m[k][1]:+6.2f} {m[k][0]:<23}" for e, l, m in kinds.values())
        print(f"{name:<22}" + "  ".join(cells))
    means = (f"{effect:7.2f} {leak:7.3f}{'':<32}" for effect, leak in map(leaks.means, kinds))
    print(f"{'on average':<22}" + "  ".join(means))
    print(leaks.write(out.with_name(f"{out.stem}-leakage.csv")))
