"""Settings classes as options: each field is one, its docstring the help.

The full name of a setting starts with its section: `training.batch`, `objective.code.latent`.
"""

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from likeness.bounds import describe_bounds
from likeness.choices import Choice
from likeness.errors import UserError
from likeness.settings import Metavar, NoOption, Rare


class AmbiguousNameError(UserError):
    """A name that several settings have."""

    def __init__(self, name: str, paths: list[str]) -> None:
        super().__init__(f"there are several settings {name!r}; write {' or '.join(paths)}")
        self.paths = paths
        """Their full names."""


class SettingField(NamedTuple):
    """One field of a settings class."""

    name: str
    kind: Any
    """Type, annotated with its `Choice` if it is one."""
    default: Any
    """Default value; `dataclasses.MISSING` if there is none."""
    help: str
    """Docstring."""
    rare: bool
    """Whether few trainings need it."""
    metavar: str
    """What stands for its value in help."""
    python_only: bool
    """Whether only Python can set it."""


@dataclass(frozen=True)
class Option:
    """A setting as the command line shows it."""

    path: str
    """Full name."""
    help: str
    """Docstring, with bounds and default."""
    metavar: str = ""
    """What stands for its value; "" for a switch, which is on or off."""
    rare: bool = False
    """Whether help shows it under `--help-all` only."""
    package: str = ""
    """Registry among whose entries it chooses, if it does."""

    @property
    def is_switch(self) -> bool:
        """Whether it takes no value: `--flip`, `--no-flip`."""
        return not self.metavar


def shortest_ends(paths: Iterable[str]) -> dict[str, str]:
    """For each full name, its shortest end that is no end of another."""
    ends = {path: ends_of(path) for path in paths}
    count = Counter(end for each in ends.values() for end in each)
    return {
        path: next(end for end in each if count[end] == 1 or end == path) for path, each in ends.items()
    }


def ends_of(path: str) -> list[str]:
    """Every end of a full name, the shortest first: `latent`, `code.latent`, `objective.code.latent`."""
    parts = path.split(".")
    return [".".join(parts[k:]) for k in reversed(range(len(parts)))]


def fields(cls: type) -> list[SettingField]:
    """The fields of a settings class that can be options, in order."""
    return [field for field in _all_fields(cls) if not field.python_only]


def _all_fields(cls: type) -> list[SettingField]:
    """The fields of a settings class, in order."""
    known = cls.__pydantic_fields__  # type: ignore[attr-defined]
    return [
        SettingField(
            f.name,
            _annotated_type(known[f.name]),
            _default(f),
            _docstring(cls, f.name),
            _mark(known[f.name].metadata, Rare) is not None,
            _metavar(known[f.name]),
            _mark(known[f.name].metadata, NoOption) is not None,
        )
        for f in dataclasses.fields(cls)
    ]


def choices(kind: Any) -> dict[str, type]:
    """The settings classes that a field of type `kind` chooses between, by name; entry points only after
    they were loaded. Empty if it is no choice."""
    if choice := _choice(kind):
        return choice.members(get_args(kind)[0])
    members = [] if get_origin(kind) is tuple else get_args(kind) or (kind,)
    settings: list[Any] = [m for m in members if isinstance(m, type) and dataclasses.is_dataclass(m)]
    return {member.name: member for member in settings if hasattr(member, "name")}


def choice_names(kind: Any) -> list[str]:
    """The names that a field of type `kind` chooses between, those of entry points as well."""
    choice = _choice(kind)
    return choice.names(get_args(kind)[0]) if choice else list(choices(kind))


def load_member(kind: Any, name: str) -> None:
    """Load the member called `name` of a choice, so that `choices` lists it. Raises ValueError if there is
    none."""
    if choice := _choice(kind):
        choice.member(get_args(kind)[0], name)


def fields_by_path(cls: type, section: str) -> dict[str, SettingField]:
    """All fields of a settings class by full name, with those of its groups and of the members of its
    choices; a field of several members is the first one's."""
    found: dict[str, SettingField] = {}
    for path, _, field in _walk(cls, section):
        found.setdefault(path, field)
    return found


def options(cls: type, section: str) -> list[Option]:
    """The options of a settings class, with those of its groups and of the members of its choices."""
    found: dict[str, list[tuple[str, SettingField]]] = {}
    for path, owner, field in _walk(cls, section):
        if field.python_only:
            continue
        if choices(field.kind) or not dataclasses.is_dataclass(field.default):
            found.setdefault(path, []).append((owner, field))
    return [_option(path, fields_) for path, fields_ in found.items()]


def resolve(name: str, known: Collection[str]) -> str | None:
    """The full name, among those `known`, that `name` is an end of; None if it is the end of none.

    The fields of a choice that is not loaded yet are known by the name of the choice. Raises UserError for
    an end of several names.
    """
    found = [path for path in known if path == name or path.endswith(f".{name}")]
    if len(found) > 1:
        raise AmbiguousNameError(name, sorted(found))
    if found:
        return found[0]
    choice, dot, field = name.rpartition(".")
    path = resolve(choice, known) if dot else None
    return f"{path}.{field}" if path else None


def last_parts(known: Collection[str]) -> list[str]:
    """Full names and their last parts: what a wrong name may have been meant as."""
    return sorted({*known, *(path.rpartition(".")[2] for path in known)})


def _walk(cls: type, prefix: str) -> Iterator[tuple[str, str, SettingField]]:
    """Full name, member of a choice (or "") and field, for each field of a class and all within."""
    for field in _all_fields(cls):
        path = f"{prefix}.{field.name}"
        yield path, "", field
        members = choices(field.kind)
        for name, member in members.items():
            rare = field.rare
            for inner_path, owner, inner in _walk(member, path):
                if inner.name != "name":
                    yield inner_path, owner or name, inner._replace(rare=rare or inner.rare)
        if not members and dataclasses.is_dataclass(field.default):
            for inner_path, owner, inner in _walk(type(field.default), path):
                if "." not in inner_path.removeprefix(f"{path}."):
                    inner = inner._replace(default=getattr(field.default, inner.name))
                yield inner_path, owner, inner._replace(rare=field.rare or inner.rare)


def _option(path: str, fields_: list[tuple[str, SettingField]]) -> Option:
    """The option of a setting that one class has, or several members of a choice."""
    first = fields_[0][1]
    texts = [f"{owner}: {_help(field)}" if owner else _help(field) for owner, field in fields_]
    rare = all(field.rare for _, field in fields_)
    choice = _choice(first.kind)
    metavar = "" if first.kind is bool else first.metavar
    return Option(path, "; ".join(texts), metavar, rare, choice.package if choice else "")


def _help(field: SettingField) -> str:
    """The docstring of a field, with its bounds and its default."""
    default = getattr(field.default, "name", field.default)
    if field.kind is bool:
        facts = [f"default: {'on' if default else 'off'}"]
    else:
        unset = default in (None, dataclasses.MISSING, {}, (), "")
        facts = [describe_bounds(field.kind), "" if unset else f"default: {default}"]
    shown = "; ".join(filter(None, facts))
    return " ".join(f"{field.help} ({shown})".split()) if shown else " ".join(field.help.split())


def _docstring(cls: type, name: str) -> str:
    """The docstring of a field, from the class that declares it."""
    owners = (getattr(c, "__pydantic_fields__", {}).get(name) for c in cls.__mro__)
    return next((owner.description for owner in owners if owner and owner.description), "")


def _default(field: dataclasses.Field) -> Any:
    """The default value of a dataclass field."""
    factory = field.default_factory
    return field.default if factory is dataclasses.MISSING else factory()


def _annotated_type(field: FieldInfo) -> Any:
    """The type of a field with its annotations."""
    marks = tuple(mark for mark in field.metadata if not isinstance(mark, Rare | Metavar | NoOption))
    return Annotated[(field.annotation, *marks)] if marks else field.annotation


def _choice(kind: Any) -> Choice | None:
    """The `Choice` that marks a type, if one does."""
    return _mark(get_args(kind)[1:] if get_origin(kind) is Annotated else (), Choice)


def _mark(marks: Any, cls: type) -> Any:
    """The last, which is the outermost, of the annotations that are of a class; None if there is none."""
    return next((mark for mark in reversed(tuple(marks)) if isinstance(mark, cls)), None)


def _metavar(field: FieldInfo) -> str:
    """What stands for the value of a field in help."""
    kind = _annotated_type(field)
    if mark := _mark(field.metadata, Metavar) or _mark(_marks(field.annotation), Metavar):
        return mark.text
    return "|".join(choice_names(kind)) or describe_kind(kind)


def _marks(kind: Any) -> list[Any]:
    """Annotations of a type and of the first member of a union."""
    if get_origin(kind) in (UnionType, Union):
        return _marks(get_args(kind)[0])
    return list(get_args(kind)[1:]) if get_origin(kind) is Annotated else []


def describe_kind(kind: Any) -> str:
    """What stands for a value of a type in help: `N`, `X`, `a|b` or `TEXT`."""
    if mark := _mark(_marks(kind), Metavar):
        return mark.text
    if get_origin(kind) in (Annotated, UnionType, Union):
        return describe_kind(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return "|".join(map(str, get_args(kind)))
    return {int: "N", float: "X"}.get(get_origin(kind) or kind, "TEXT")
