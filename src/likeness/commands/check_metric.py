"""Ask whether a learned metric is to be trusted: likeness check-metric RUN."""

from pathlib import Path

from likeness.commands._options import Parser, add_data, add_device


def run(words: list[str]) -> None:
    """Compare it with pixel errors, SSIM and an untrained network, and write a report."""
    from likeness.analysis import metric_check, metric_check_page
    from likeness.data import choosing

    parser = Parser(prog="likeness check-metric", description=__doc__)
    parser.add_argument("RUN", help="a run with a discriminator")
    add_data(parser)
    parser.add_argument("--split", choices=choosing.CHOICES, default="test", help="images (default: test)")
    parser.add_argument("--images", type=int, default=200, help="how many at most (default: 200)")
    parser.add_argument(
        "--other", action="append", default=[], help="a run of another seed; may be repeated"
    )
    parser.add_argument("--out", help="folder for check.html and check.json (default: RUN)")
    add_device(parser)
    given = parser.read(words)
    found = metric_check.check(
        given.RUN,
        getattr(given, "data", None),
        given.split,
        given.images,
        given.other,
        given.device,
    )
    names = list(found.nearest)
    print(f"{'':<34}{''.join(f'{name:>20}' for name in names)}")
    for question, by in found.answers.items():
        values = (f"{by[name].mean:.3f}" if name in by else "" for name in names)
        print(f"{question:<34}{''.join(f'{value:>20}' for value in values)}")
    for name, answer in found.answers.get(metric_check.AGREES, {}).items():
        print(f"{name}: rank correlation {answer.mean:.3f}")
    for at in found.drift:
        print(
            f"step {at.step}, weights {at.weights}: pairs ranked as at the last: {at.rank_correlation:.3f}"
        )
    for line in metric_check_page.says(found):
        print(line)
    print(
        metric_check_page.write(found, Path(getattr(given, "out", given.RUN)), f"The metric of {given.RUN}")
    )
