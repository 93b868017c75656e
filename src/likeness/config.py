"""A configuration: frozen dataclasses, and the document (config.yaml, a preset, flags) that says them.

Documents are nested mappings. A choice such as an optimizer is a mapping with a `name`, or the name alone.
"""

import dataclasses
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from likeness import options, registry
from likeness.data.augmentation import Augmentation
from likeness.data.settings import DataSettings
from likeness.documents import Document, leaves, merge, with_name
from likeness.errors import UserError
from likeness.nets import Family
from likeness.objectives import Objective
from likeness.training.settings import LogSettings, TrainingSettings

DEFAULT_NET = "larsen"
SECTIONS: dict[str, type] = {
    "data": DataSettings, "augmentation": Augmentation, "training": TrainingSettings, "log": LogSettings,
}  # fmt: skip
"""Sections whose dataclass does not depend on a name."""
MAY_CHANGE = (
    *("data.data", "training.steps", "training.epochs", "training.minutes", "training.patience"),
    *("training.keep_memory", "training.compile"),
    "log.",
)
"""Keys that may differ when a run is resumed."""


@dataclass(frozen=True)
class Config:
    """Everything that a run is a function of."""

    objective: Objective
    net: Family
    data: DataSettings
    augmentation: Augmentation
    training: TrainingSettings
    log: LogSettings
    borrow: dict[str, str] = field(default_factory=dict)
    """Runs from which trained players come, by the player's name."""

    @property
    def method(self) -> str:
        """The name of the objective."""
        return registry.name_of(type(self.objective))


def objective_class(method: str) -> type:
    """The objective called `method`; UserError lists the near ones."""
    return registry.entry("likeness.objectives", method, Objective)


def net_class(name: str) -> type:
    """The network family called `name`; UserError lists the near ones."""
    return registry.entry("likeness.nets", name, Family)


def build(document: Mapping[str, Any]) -> Config:
    """The configuration that a document says; UserError names the first key that is wrong."""
    parts = dict(document)
    method, net = parts.pop("method", None), net_document(parts.pop("net", DEFAULT_NET))
    borrow = parts.pop("borrow", {})
    if not isinstance(method, str):
        raise UserError("the configuration names no method; add `method: vae_gan`")
    unknown = parts.keys() - {"objective", *SECTIONS}
    if unknown:
        raise UserError(
            _unknown(sorted(map(str, unknown))[0], ["method", "objective", "net", "borrow", *SECTIONS])
        )
    config = Config(
        objective=check(objective_class(method), parts.get("objective", {}), "objective"),
        net=check(net_class(str(net.pop("name", DEFAULT_NET))), net, "net"),
        **{name: check(cls, parts.get(name, {}), name) for name, cls in SECTIONS.items()},
        borrow=_check_borrow(borrow),
    )
    _check_rates(config)
    _check_best(config)
    if config.training.compile:
        _check_compiled(config)
    return config


def net_document(net: Any) -> Document:
    """The document of a network family, from its name, a document or the family itself. Raises UserError
    for anything else."""
    if isinstance(net, Family):
        return dump(net)
    if not isinstance(net, str | Mapping):
        raise UserError(f"net is {net!r}; it must be a name, or a mapping with one")
    return dict(with_name(net))


def _check_borrow(borrow: Any) -> dict[str, str]:
    """Runs by player. UserError if it is anything else."""
    try:
        return TypeAdapter(dict[str, str]).validate_python(borrow)
    except ValidationError:
        raise UserError(f"borrow is {borrow!r}; it must be a mapping of players to runs") from None


def _check_rates(config: Config) -> None:
    """Raises UserError for the learning rate of a move that the objective does not make."""
    moves = list(config.objective.moves)
    for name in config.training.rates:
        if name not in moves:
            raise UserError(f"{config.method} has no move {name!r}; {registry.suggestion(name, moves)}")


def _check_best(config: Config) -> None:
    """Raises UserError for a best checkpoint that nothing would tell."""
    if config.training.patience and not config.log.best_by:
        raise UserError("--patience waits for a better figure; say which, --best-by validation_pixels")
    if config.log.best_by and not config.log.validate_images:
        raise UserError("--best-by needs validation images, --validate-images is 0; raise it")


def _check_compiled(config: Config) -> None:
    """Raises UserError for what compiled networks cannot do, or not rightly."""
    if config.objective.penalises_gradients:
        raise UserError("compiled networks cannot be differentiated twice for --r1; leave one out")
    if config.net.spectral:
        raise UserError("spectral norms change within a compiled pass; leave --compile out")


def check(cls: type, document: Any, section: str) -> Any:
    """An instance of the settings class `cls`; UserError names the first key that is wrong."""
    if not isinstance(document, Mapping):
        raise UserError(f"{section} is {document!r}; it must be a mapping of settings")
    document = {str(key): value for key, value in document.items()}
    full = {key: _complete_choice(cls, key, value) for key, value in group_settings(cls, document).items()}
    try:
        return TypeAdapter(cls).validate_python(full)
    except ValidationError as error:
        raise UserError(_first(error, cls, section, full)) from None


def inner_names(cls: type) -> dict[str, str]:
    """The groups of settings within a settings class, by the names of the settings in them that may be said
    alone: those that nothing else in the class is called."""
    found: dict[str, list[str]] = {}
    for key, default in _defaults(cls).items():
        if dataclasses.is_dataclass(default):
            for inner in _defaults(type(default)):
                found.setdefault(inner, []).append(key)
    own = {*_defaults(cls), "name"}
    return {inner: keys[0] for inner, keys in found.items() if len(keys) == 1 and inner not in own}


def group_settings(cls: type, document: Mapping[str, Any]) -> Document:
    """A document of the settings class `cls` in which settings that are written alone, or as
    `group.setting`, stand in their groups."""
    groups, defaults, result = inner_names(cls), _defaults(cls), {}
    named = {k: v for k, v in document.items() if hasattr(defaults.get(k), "name") and _says_name(v)}
    for key, value in {**named, **document}.items():  # choices first: their settings are laid over them
        group, dot, inner = key.partition(".")
        if not dot and key in groups:
            group, dot, inner = groups[key], ".", key
        if dot and not isinstance(document.get(group, {}), str | Mapping):
            continue  # what stands for the whole group is wrong, and will be refused
        result = merge(result, {group: {inner: value}} if dot else {key: value})
    return result


def document(config: Config) -> Document:
    """The document that says `config`, complete."""
    return {
        "method": config.method,
        "objective": dump(config.objective),
        "net": dump(config.net),
        **{name: _dump(getattr(config, name)) for name in SECTIONS},
        "borrow": dict(config.borrow),
    }


def text(config: Config) -> str:
    """config.yaml."""
    return yaml.safe_dump(document(config), sort_keys=False, default_flow_style=None)


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """`key: old -> new` for every key that may not change when a run is resumed, but does."""
    before, after = dict(leaves(old)), dict(leaves(new))
    return [
        f"{key}: {before.get(key)} -> {after.get(key)}"
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key) and not key.startswith(MAY_CHANGE)
    ]


def _says_name(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, Mapping) and "name" in value)


def _complete_choice(cls: type, key: str, value: Any) -> Any:
    """The value of a field: of a choice, a mapping that has its name; of a group, one that has the rest of
    the group, too."""
    default = _defaults(cls).get(key)
    name = getattr(default, "name", None)
    if name is not None:
        value = with_name(value)
        return {"name": name} | value if isinstance(value, dict) else value
    if not (dataclasses.is_dataclass(default) and isinstance(value, Mapping)):
        return value
    rest = {f.name: getattr(default, f.name) for f in dataclasses.fields(default)}
    return rest | {inner: _complete_choice(type(default), inner, v) for inner, v in value.items()}


def _defaults(cls: type) -> dict[str, Any]:
    return {f.name: f.default for f in dataclasses.fields(cls)}


def dump(value: Objective | Family) -> Document:
    """The document of an objective, or of a family of networks, which has its name."""
    name = {} if isinstance(value, Objective) else {"name": registry.name_of(type(value))}
    return name | _dump(value)


def _dump(value: Any) -> Document:
    return TypeAdapter(type(value)).dump_python(value, mode="json")


def _first(error: ValidationError, cls: type, section: str, document: Document) -> str:
    """One line for the first thing that is wrong."""
    found = error.errors(include_url=False)[0]
    path = _keys(document, [str(p) for p in found["loc"]])
    if found["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return _unknown_field(cls, section, path, document)
    message = found["msg"].removeprefix("Value error, ")
    key = ".".join([section, *path])
    shown = f" is {reprlib.repr(found['input'])}" if path else ""
    return " ".join(f"{key}{shown}; {message[0].lower()}{message[1:]}".split())


def _keys(document: Any, path: list[str]) -> list[str]:
    """The keys of a document on a path of pydantic's, which goes by the names of choices as well."""
    keys, at = [], document
    for part in path:
        if isinstance(at, Mapping) and part == at.get("name") and part not in at:
            continue
        keys.append(part)
        at = at.get(part) if isinstance(at, Mapping) else None
    return keys


def _unknown_field(cls: type, section: str, path: list[str], document: Document) -> str:
    """One line for a setting that a section, or the choice made in it, does not have."""
    *inner, key = path
    if not inner:
        return _unknown(key, [*_defaults(cls), *inner_names(cls)])
    at: Any = document
    for part in inner:
        at = at[part]
    place, name = ".".join([section, *inner]), at.get("name")
    members = options.choices(options.fields_by_path(cls, section)[place].kind)
    if name not in members:
        return f"{place} has no setting {key!r}; leave it out"
    known = [field.name for field in options.fields(members[name]) if field.name != "name"]
    near = registry.suggestion(key, known) if known else "leave it out"
    return f"{place} is {name!r}, which has no setting {key!r}; {near}"


def _unknown(key: str, known: list[str]) -> str:
    return f"there is no setting {key!r}; {registry.suggestion(key, known)}"
