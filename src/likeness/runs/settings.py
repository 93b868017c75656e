"""A configuration from what a user writes: a method, a preset, and settings by name.

The full name of a setting starts with its section, `training.batch` or `objective.code.latent`; any end of
it names the setting, too, as long as no other setting of the training has that end: `batch`, `code.latent`,
`latent`.
"""

import dataclasses
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from likeness import config, presets, registry
from likeness.config import DEFAULT_NET, SECTIONS, Config
from likeness.data.settings import DataSettings
from likeness.documents import Document, merge
from likeness.errors import UserError
from likeness.objectives import Objective
from likeness.options import fields_by_path, last_parts, resolve
from likeness.runs.run import Run, find_run

LENGTHS = ("steps", "epochs", "minutes")
"""Settings that each give the length of a training; one is set."""
TOP_LEVEL_SETTINGS = ("net", "borrow", "preset")
"""Settings that are no fields of a section."""


def gather(method: str | Objective, settings: Mapping[str, Any]) -> Config:
    """The configuration of a method, by its name or as an object, with `settings` by name laid over its
    defaults and over the preset that `settings` names.

    Raises UserError for an unknown name, with similar ones, for an ambiguous one, with all that it may be,
    and for a wrong value.
    """
    settings = _with_plain_data(settings)
    name = method if isinstance(method, str) else registry.name_of(type(method))
    document = _preset(name, settings.pop("preset", None))
    if isinstance(method, Objective):
        document |= {"objective": config.dump(method)}
    return config.build(lay_over(document, settings))


def resume(path: str | Path, settings: Mapping[str, Any]) -> Config:
    """The configuration of the run at `path`, with `settings` by name laid over it. Raises UserError as
    `gather`, and if there is no run; settings that may not change are refused by the training."""
    document = config.document(find_run(path).config())
    named = _by_full_name(document, settings)
    if any(f"training.{length}" in named for length in LENGTHS):
        for length in LENGTHS:
            document["training"].pop(length)
    return config.build(lay_over(document, settings))


def lay_over(document: Document, settings: Mapping[str, Any]) -> Document:
    """A document with a method, with `settings` by name laid over it. Raises UserError for a name that is
    unknown or ambiguous."""
    objective = config.objective_class(document["method"])
    if isinstance(written := document.get("objective", {}), Mapping):
        document = document | {"objective": config.group_settings(objective, written)}
    return merge(document, _nest(_by_full_name(document, settings)))


def settings_of(method: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `settings` that a method has with the networks that they name, or that their preset names.
    Raises UserError for an ambiguous name."""
    known = full_names(method, _net_of(settings))
    return {
        name: value
        for name, value in settings.items()
        if name in TOP_LEVEL_SETTINGS or resolve(name, known)
    }


def check_names(methods: Collection[str], settings: Mapping[str, Any]) -> None:
    """Raises UserError for a setting that none of `methods` has, with similar names."""
    known = {path for method in methods for path in full_names(method, _net_of(settings))}
    for name in settings:
        if not any(name in settings_of(method, {**settings}) for method in methods):
            raise UserError(f"there is no setting {name!r}; {registry.suggestion(name, last_parts(known))}")


def initial_net(path: str | Path | None, preset: str | None) -> str:
    """The name of the network family of the run at `path`, of a preset, or the default one."""
    if path is not None and Run(Path(path)).exists():
        return _net_name(config.document(Run(Path(path)).config()))
    return _net_name(presets.read(preset) if preset else {})


def full_names(method: str, net: str) -> list[str]:
    """The full names of all settings of a method with a network family, and of groups of settings."""
    classes = {"objective": config.objective_class(method), "net": config.net_class(net), **SECTIONS}
    return [path for section, cls in classes.items() for path in fields_by_path(cls, section)]


def _by_full_name(document: Document, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by their full names, for the method of `document`."""
    method, full = document["method"], dict[str, Any]()
    known = full_names(method, _net_name(document | {k: settings[k] for k in settings if k == "net"}))
    for name, value in settings.items():
        if name == "net":
            full["net"] = config.net_document(value)
        elif name == "borrow":
            full["borrow"] = dict(value)
        elif path := resolve(name, known):
            full[path] = value
        else:
            raise UserError(f"there is no setting {name!r}; {registry.suggestion(name, last_parts(known))}")
    return full


def _nest(full: Mapping[str, Any]) -> Document:
    """`{"net": "mlp", "net.hidden": 8}` as a document; settings are laid over the choices they are of."""
    document: Document = {}
    for path, value in sorted(full.items(), key=lambda item: item[0].count(".")):
        for part in reversed(path.split(".")):
            value = {part: value}
        document = merge(document, value)
    return document


def _net_of(settings: Mapping[str, Any]) -> str:
    """The name of the network family that settings or their preset have."""
    return _net_name(settings) if "net" in settings else initial_net(None, settings.get("preset"))


def _net_name(document: Mapping[str, Any]) -> str:
    """The name of the network family that a document has; the default one's if it has none."""
    return str(config.net_document(document.get("net", DEFAULT_NET)).get("name", DEFAULT_NET))


def _with_plain_data(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings in which `data`, where it is a `DataSettings`, is replaced by its fields that differ from
    the defaults; other settings have precedence over these."""
    data = settings.get("data")
    if not isinstance(data, DataSettings):
        return dict(settings)
    every = {f.name: (getattr(data, f.name), f.default) for f in dataclasses.fields(data)}
    changed = {name: value for name, (value, default) in every.items() if value != default}
    return {**{f"data.{name}": value for name, value in changed.items()}, **settings, "data": data.data}


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
    return merge(document, {"method": method, "objective": methods.get(method, {})})
