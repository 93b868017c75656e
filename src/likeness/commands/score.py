"""Score how odd images are: likeness score RUN DATA --out scores.parquet."""

from pathlib import Path

from likeness.commands._options import Parser, add_data, add_device


def run(words: list[str]) -> None:
    """Write how far each image is from its reconstruction, or from the training images that are nearest, in
    learned features where there are any."""
    from likeness.data import choosing

    parser = Parser(prog="likeness score", description=__doc__)
    parser.add_argument("RUN", help="a run, or one of its checkpoints")
    parser.add_argument("DATA", help="a word or path, as in `likeness train --data`")
    by = "`pixels`, or a run or a metric whose features count (default: RUN's own, else pixels)"
    parser.add_argument("--metric", help=by)
    against = "the distance from its reconstruction (default), or from the nearest training images"
    choices = ("reconstruction", "training")
    parser.add_argument("--against", choices=choices, default="reconstruction", help=against)
    parser.add_argument("--odd", metavar="A,B", help="labels that are odd: how well scores tell them")
    parser.add_argument("--out", default="scores.parquet", help="table to write (default: scores.parquet)")
    add_data(parser, "the run's data where they are now, for --against training")
    every = f"images to score (default: {choosing.ALL})"
    parser.add_argument("--split", choices=choosing.CHOICES, default=choosing.ALL, help=every)
    add_device(parser)
    given = vars(parser.read(words))
    from likeness.analysis import anomaly
    from likeness.runs.loading import load_model

    trained, data = load_model(given["RUN"], device=given["device"]), given["DATA"]
    trained.training_data = trained.training_data.at(given.get("data"))
    found = anomaly.scores(
        trained, given["RUN"], data, given.get("metric"), given["split"], given["against"]
    )
    print(f"scores by {found.kind}: {found.write(Path(given['out']))}")
    if "odd" in given:
        area = found.odd([name.strip() for name in given["odd"].split(",")])
        print(f"AUROC {area.mean:.4f} [{area.low:.4f}, {area.high:.4f}], {area.images:,} images")
        if seen := found.learned_from(trained):
            print(f"warning: {seen:,} of these images were trained on; --split test leaves them out")
