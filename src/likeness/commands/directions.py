"""Find directions of attributes in the codes of a run: likeness directions RUN --out directions.npz."""

from pathlib import Path

from likeness.commands._options import Parser


def run(words: list[str]) -> None:
    """Write directions of attributes or classes, and principal components, for `likeness edit`."""
    parser = Parser(prog="likeness directions", description=__doc__)
    parser.add_argument("RUN", help="a run with an encoder, or one of its checkpoints")
    parser.add_argument("--data", help="images with attributes or classes (default: the run's)")
    parser.add_argument("--most", type=int, metavar="N", help="images that are looked at (default: all)")
    parser.add_argument("--having", metavar="FOLDER", help="examples that have something")
    parser.add_argument("--lacking", metavar="FOLDER", help="examples that lack it")
    parser.add_argument("--name", default="it", help="what it is called (default: it)")
    parser.add_argument("--out", default="directions.npz", help="file to write (default: directions.npz)")
    given = vars(parser.read(words))
    if ("having" in given) != ("lacking" in given):
        parser.error("--having and --lacking go together; give both")
    if given.get("most", 2) < 2:
        parser.error(f"--most is {given['most']}; directions need two images or more")
    from likeness.runs import directions, model

    trained = model.load(given["RUN"])
    if "having" in given:
        found = directions.of_folders(trained, given["having"], given["lacking"], given["name"])
    else:
        found = directions.of_data(trained, given.get("data", trained.config.data.data), given.get("most"))
    print(f"{', '.join(found.names)}; {len(found.components)} principal components")
    print(found.write(Path(given["out"])))
