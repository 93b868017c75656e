"""Train a method on images: likeness train METHOD RUN --data DATA."""

import sys
import warnings
from contextlib import suppress
from typing import Any

from tqdm import tqdm

from likeness import presets, registry
from likeness.commands._options import Parser, add_settings, fields, nested
from likeness.errors import UserError

OBJECTIVES, NETS = "likeness.objectives", "likeness.nets"
EPILOG = """examples:
  likeness train vae_gan runs/digits --data digits --steps 2000
  likeness train vae_gan runs/photos --data photos/ --size 64 --flip --minutes 60
  likeness train --resume runs/photos
  likeness train vae_gan --dry-run --data photos/ --size 64 --memory 8
"""


def run(words: list[str]) -> None:
    """Parse, train or rehearse, and say what was made."""
    method, net = _meant(words)
    flags = vars(_parser([method] if method else [], [net]).read(words))
    resume = flags.pop("resume", False)
    other_data = flags.pop("other_data", False)
    dry, memory = flags.pop("dry_run", False), flags.pop("memory", None)
    method, path = _places(flags, resume)
    if dry and method:
        _rehearse(method, flags, memory)
        return
    if path is None:
        raise UserError("no method and run directory; write `likeness train METHOD RUN --data DATA`")
    from likeness.runs.best import best_of
    from likeness.runs.settings import gathered, resumed
    from likeness.runs.train import train

    settings = gathered(method, nested(flags)) if method else resumed(path, nested(flags))
    with Bar() as bar:
        made = train(settings, path, resume=resume, watcher=bar.show, other_data=other_data)
    print(f"report    {made.report}")
    for picture in sorted(made.pictures.glob("*.png"))[-1:]:
        print(f"pictures  {picture.parent}")
    if best := best_of(made):
        print(f"best      {made.best}: {best}")
    print(f"next      likeness sample {path} -n 16 --out samples.png")


def _rehearse(method: str, flags: dict[str, Any], memory: float | None) -> None:
    """Say what a training would take; make none."""
    from likeness.runs.memory_estimate import rehearsed
    from likeness.runs.settings import gathered

    settings = gathered(method, nested(flags))
    found, batch = rehearsed(settings, memory), settings.training.batch
    for name, count in found.parameters.items():
        print(f"{name:<14}{count:,} parameters")
    steps = "as many as the minutes allow" if found.total is None else f"{found.total:,}"
    print(f"steps         {steps}, of {found.images:,} training images")
    print(f"memory        {found.need.at_batch(batch) / 2**30:.2f} GiB of tensors at --batch {batch}")
    print(f"largest       --batch {found.largest_batch} in {found.room / 2**30:.1f} GiB; "
          "--accumulate makes larger ones of several")  # fmt: skip


def _places(flags: dict[str, Any], resume: bool) -> tuple[str | None, str | None]:
    """METHOD and RUN; a run that is resumed may stand alone."""
    method, path = flags.pop("METHOD", None), flags.pop("RUN", None)
    return (None, method) if resume and path is None else (method, path)


def _meant(words: list[str]) -> tuple[str | None, str]:
    """The method and the networks whose options are meant, by name, preset or run."""
    from likeness.config import DEFAULT_NET
    from likeness.runs.settings import base

    methods = _possible(OBJECTIVES, words)
    every = _parser(methods, _possible(NETS, words), add_help=False)
    flags = vars(every.parse_known_args(words)[0])
    method, path = _places(flags, flags.get("resume", False))
    document = base(path if flags.get("resume") else None, flags.get("preset"))
    method = method if method in registry.names(OBJECTIVES) else document.get("method")
    return method, flags.get("net") or document.get("net", {}).get("name", DEFAULT_NET)


def _possible(package: str, words: list[str]) -> list[str]:
    """Entries that may be meant; what other packages have installed is imported only where it is named."""
    said, at_hand = {word.rpartition("=")[2] for word in words}, registry.classes(package, registry.Entry)
    for name in said & {*registry.names(package)}:
        with suppress(UserError):  # the word may name a run; if it does not, it is refused later
            at_hand[name] = registry.entry(package, name, registry.Entry)
    return sorted(at_hand)


def _parser(methods: list[str], nets: list[str], add_help: bool = True) -> Parser:
    """A parser of the options of some methods, of all methods' common ones if none is given, and of
    some networks."""
    from likeness.config import DEFAULT_NET, SECTIONS, net_class, objective_class
    from likeness.objectives import Objective

    parser = Parser(prog="likeness train", description=_description(), epilog=EPILOG, add_help=add_help)
    parser.add_argument("METHOD", nargs="?", help=", ".join(registry.names(OBJECTIVES)))
    parser.add_argument("RUN", nargs="?", help="directory to make for the run")
    parser.add_argument("--resume", action="store_true", help="go on with the run exactly")
    parser.add_argument("--other-data", action="store_true", help="resume though the data changed")
    parser.add_argument("--dry-run", action="store_true",
                        help="say what memory it takes and the largest batch; train nothing")  # fmt: skip
    parser.add_argument("--memory", type=float, metavar="GIB",
                        help="memory that --dry-run is about (default: all there is)")  # fmt: skip
    parser.add_argument("--preset", metavar="NAME|FILE", help=presets.described())
    parser.add_argument("--borrow", nargs=2, action="append", metavar=("PLAYER", "RUN"),
                        help="take a trained player from another run")  # fmt: skip
    known = "|".join(registry.names(NETS))
    parser.add_argument("--net", metavar=known, help=f"networks (default: {DEFAULT_NET})")
    for net in nets:
        add_settings(parser, f"networks: {net}", net_class(net), prefix="net.")
    taken = {field for section in SECTIONS.values() for field, *_ in fields(section)}
    for method in methods:
        add_settings(parser, f"method: {method}", objective_class(method), taken=taken)
    if not methods:
        add_settings(parser, "every method", Objective, taken=taken)
    for title, cls in SECTIONS.items():
        add_settings(parser, title, cls)
    return parser


def _description() -> str:
    return "Train a method on images; each setting is an option: likeness train METHOD --help"


class Bar:
    """The progress bar: losses, images per second, time left; warnings stand in lines above it."""

    def __enter__(self) -> "Bar":
        self.bar: tqdm | None = None
        self._shown = warnings.showwarning
        warnings.showwarning = self._above
        return self

    def __exit__(self, *_: object) -> None:
        warnings.showwarning = self._shown
        if self.bar is not None:
            self.bar.close()

    def _above(self, *warning: Any) -> None:
        with tqdm.external_write_mode(file=sys.stderr):
            self._shown(*warning)

    def show(self, progress: Any) -> None:
        """Take in one step."""
        if self.bar is None or progress.step <= self.bar.n:  # a first step, or that of another run
            self.bar = tqdm(total=progress.total, initial=progress.step - 1, file=sys.stderr,
                            unit="step", dynamic_ncols=True, mininterval=0.5)  # fmt: skip
        self.bar.update()
        if progress.line:
            shown = ("llike", "features", "pixels", "gan", "prior")
            values = {k: f"{progress.line[k]:.3g}" for k in shown if k in progress.line}
            self.bar.set_postfix(values | {"img/s": f"{progress.line['images_per_second']:.0f}"})
