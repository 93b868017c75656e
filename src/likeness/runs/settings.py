"""A configuration from what a user says: a method, a preset, and settings by their plain names."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from likeness import config, presets, registry
from likeness.config import SECTIONS, Config, Document
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.nets import Family
from likeness.objectives import Objective
from likeness.runs.run import Run, existing

LENGTHS = ("steps", "epochs", "minutes")


def gathered(method: str | Objective, said: dict[str, Any]) -> Config:
    """The configuration of a method, by its name or as it is, with settings by their plain names, such as
    `gamma` or `batch`, laid over it.

    Raises UserError for a name that no section has, listing the near ones.
    """
    said = _with_plain_data(said)
    if isinstance(net := said.get("net"), Family):
        said["net"] = config.dumped(net)
    name = method if isinstance(method, str) else registry.name_of(type(method))
    base = _preset(name, said.pop("preset", None))
    if isinstance(method, Objective):
        base |= {"objective": config.dumped(method)}
    return config.build(config.merged(base, _sorted(name, said)))


def resumed(path: str, said: dict[str, Any]) -> Config:
    """The configuration of a run, with the settings that may change laid over it."""
    old = config.document(existing(path).config())
    new = _sorted(old["method"], said)
    if new.get("training", {}).keys() & set(LENGTHS):
        for length in LENGTHS:
            old["training"].pop(length)
    return config.build(config.merged(old, new))


def base(path: str | None, preset: str | None) -> Document:
    """What a run that is resumed, or a preset, says before anything else is said."""
    if path is not None and Run(Path(path)).exists():
        return config.document(Run(Path(path)).config())
    document = presets.read(preset) if preset else {}
    net = document.get("net", {})
    return {"net": {"name": net} if isinstance(net, str) else net}


def _with_plain_data(said: dict[str, Any]) -> dict[str, Any]:
    """Settings in which `data`, where it is whole `DataSettings`, stands as those that differ from the
    defaults, below what else is said."""
    given = said.get("data")
    if not isinstance(given, DataSettings):
        return dict(said)
    every = {f.name: (getattr(given, f.name), f.default) for f in dataclasses.fields(given)}
    changed = {name: value for name, (value, default) in every.items() if value != default}
    return {**changed, **said, "data": given.data}


def _preset(method: str, name: str | None) -> Document:
    """The document of a preset as far as it concerns `method`."""
    document = presets.read(name) if name else {}
    methods = document.pop("methods", {})
    if not isinstance(methods, Mapping):
        raise UserError(f"methods is {methods!r} in the preset {name}; it must be settings by method")
    known = registry.names("likeness.objectives")
    for other in methods:
        if other not in known:
            raise UserError(
                f"the preset {name} has no method {other!r}; {registry.suggestion(str(other), known)}"
            )
    if "method" in document:
        raise UserError(f"the preset {name} names a method; put its settings under `methods`")
    for section in SECTIONS:
        if not isinstance(document.get(section, {}), Mapping):
            raise UserError(
                f"{section} is {document[section]!r} in the preset {name}; it must be a mapping"
            )
    return config.merged(document, {"method": method, "objective": methods.get(method, {})})


def _sorted(method: str, said: dict[str, Any]) -> Document:
    """Plain names, each put into the section that has it."""
    sections = {"objective": config.objective_class(method)} | SECTIONS
    owner = {f.name: name for name, cls in sections.items() for f in dataclasses.fields(cls)}
    inner = config.inner_names(sections["objective"])
    document: Document = {"method": method}
    for key, value in said.items():
        head = key.partition(".")[0]
        if key == "net":
            document["net"] = value
        elif key == "borrow":
            document["borrow"] = dict(value)
        elif head in owner:
            document.setdefault(owner[head], {})[key] = value
        elif key in inner:
            document.setdefault("objective", {})[key] = value
        else:
            raise UserError(
                f"there is no setting {key!r}; {registry.suggestion(key, sorted([*owner, *inner]))}"
            )
    return document
