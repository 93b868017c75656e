"""Names and options of everything that help tells of, without importing it.

What the package itself has stands in `_options.json`, made by `python -m likeness.commands._catalogue` and
used as long as the sources that it was made from are the same; else, and for what other packages have
installed, classes are imported.
"""

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from likeness import registry
from likeness.options import Option, ends_of

FILE = Path(__file__).with_name("_options.json")
ROOT = Path(registry.__file__).parent
SOURCES = (
    *("bounds.py", "choices.py", "config.py", "options.py", "settings.py"),
    *("codes", "data", "likelihoods", "metrics", "nets", "objectives", "posteriors", "presets", "priors"),
    *("recipes", "training"),
)
"""Files and packages that options come from."""
OBJECTIVES, NETS = "likeness.objectives", "likeness.nets"
REGISTRIES = (OBJECTIVES, NETS, "likeness.metrics", "likeness.recipes")
"""Packages whose names help tells."""


@dataclass(frozen=True)
class Catalogue:
    """What help tells of the package itself."""

    names: dict[str, list[str]]
    """Names of the entries of each registry."""
    presets: str
    """One line on all presets."""
    default_net: str
    shared: list[Option]
    """Options that every method has."""
    sections: dict[str, list[Option]]
    objectives: dict[str, list[Option]]
    nets: dict[str, list[Option]]


def names(package: str) -> list[str]:
    """Names of all entries of a registry, those of other packages as well; none is imported."""
    own = catalogue().names.get(package, [])
    return sorted({*own, *registry.additional_names(package)})


def options_of(method: str | None, net: str) -> dict[str, list[Option]]:
    """The options of a method with a network family, by the title of their group; of any method if it is
    None. Raises UserError for an unknown name."""
    known = catalogue()
    first = {"every method": known.shared}
    if method is not None:
        first = {f"method {method}": known.objectives.get(method) or _build("objective", method)}
    networks = known.nets.get(net) or _build("net", net)
    return {**first, f"networks {net}": networks, **known.sections}


@cache
def every_option() -> dict[str, Option]:
    """All options of the package itself, by each end of their full names; one of several that share an
    end."""
    known = catalogue()
    lists = [*known.objectives.values(), *known.nets.values(), *known.sections.values()]
    return {end: option for listed in lists for option in listed for end in ends_of(option.path)}


@cache
def catalogue() -> Catalogue:
    """The catalogue on disk, or a new one where the sources have changed since."""
    try:
        document = json.loads(FILE.read_text())
    except (OSError, ValueError):
        return build()
    if document.pop("digest") != digest():
        return build()
    return _read(document)


def build() -> Catalogue:
    """The catalogue, from the classes themselves."""
    from likeness import presets
    from likeness.config import DEFAULT_NET, SECTIONS, net_class, objective_class
    from likeness.objectives import Objective
    from likeness.options import options

    own = {package: registry.own_names(package) for package in REGISTRIES}
    return Catalogue(
        own,
        presets.describe(),
        DEFAULT_NET,
        options(Objective, "objective"),
        {section: options(cls, section) for section, cls in SECTIONS.items()},
        {name: options(objective_class(name), "objective") for name in own[OBJECTIVES]},
        {name: options(net_class(name), "net") for name in own[NETS]},
    )


@cache
def digest() -> str:
    """A digest of the sources that options come from."""
    total = hashlib.sha256()
    for file in sorted(file for name in SOURCES for file in _files(ROOT / name)):
        total.update(f"{file.relative_to(ROOT).as_posix()}\n".encode() + file.read_bytes())
    return total.hexdigest()


def text() -> str:
    """A new catalogue as the file has it."""
    return json.dumps({"digest": digest(), **asdict(build())}, indent=0, ensure_ascii=False) + "\n"


def _files(place: Path) -> list[Path]:
    """A file, or the sources in a folder."""
    return [place] if place.is_file() else [*place.rglob("*.py"), *place.rglob("*.yaml")]


def _build(section: str, name: str) -> list[Option]:
    """The options of an objective or a network family that another package has."""
    from likeness.config import net_class, objective_class
    from likeness.options import options

    return options(objective_class(name) if section == "objective" else net_class(name), section)


def _read(document: dict[str, Any]) -> Catalogue:
    """A catalogue from its document."""
    plain = {key: document[key] for key in ("names", "presets", "default_net")}
    groups: dict[str, Any] = {
        key: {name: [Option(**each) for each in listed] for name, listed in document[key].items()}
        for key in ("sections", "objectives", "nets")
    }
    return Catalogue(shared=[Option(**each) for each in document["shared"]], **plain, **groups)


if __name__ == "__main__":
    FILE.write_text(text())
    sys.exit(0)
