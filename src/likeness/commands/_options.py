"""Flags out of settings: each field of a settings class is an option, its docstring the help."""

import argparse
import dataclasses
from collections.abc import Collection
from types import UnionType
from typing import Annotated, Any, Literal, NoReturn, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from likeness import registry
from likeness.choices import Choice
from likeness.errors import UserError
from likeness.settings import NoOption


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line that list near options."""

    def __init__(self, **keywords: Any) -> None:
        keywords.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, argument_default=argparse.SUPPRESS, **keywords)
        self.open: dict[str, Any] = {}
        """Types of settings that are choices by name."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see `{self.prog} --help`")

    def read(self, words: list[str]) -> argparse.Namespace:
        """Parse all words; UserError names an unknown option and the near ones."""
        words = [_dashed(word) for word in words]
        found, left = self.parse_known_args(words)
        if left and self._add_installed(vars(found)):
            found, left = self.parse_known_args(words)
        if left:
            known = [o for action in self._actions for o in action.option_strings]
            wrong = left[0].partition("=")[0]
            near = registry.suggestion(wrong, known) if wrong.startswith("-") else "see --help"
            raise UserError(f"{wrong!r} is not understood; {near}")
        return found

    def _add_installed(self, found: dict[str, Any]) -> bool:
        """Options for the fields of choices that other packages have installed, which are imported only
        where they are named; whether there were any."""
        named = {path: kind for path, kind in self.open.items() if _waits(kind, found.get(path))}
        for path, kind in named.items():
            member = _open(kind).member(get_args(kind)[0], found[path])  # type: ignore[union-attr]
            add_settings(self, f"{path}: {found[path]}", member, prefix=f"{path}.")
        return bool(named)


def _dashed(word: str) -> str:
    """`--real_weight` as `--real-weight`."""
    if not word.startswith("--"):
        return word
    name, equals, value = word.partition("=")
    return name.replace("_", "-") + equals + value


def add_settings(
    parser: Parser, title: str, cls: type, prefix: str = "", taken: Collection[str] = ()
) -> None:
    """Options for every field of a settings class, for the fields of its groups of settings and of its
    choices; those that the parser has already are left as they are.

    A setting in a group is an option by its name alone, too, where no other section has `taken` that.
    """
    group = parser.add_argument_group(title)
    for name, kind, default, text in fields(cls):
        if choices(kind) or not dataclasses.is_dataclass(default):
            _add(group, prefix + name, kind, default, text, taken if name == "code" else None)
            if _open(kind):
                parser.open[prefix + name] = kind
            continue
        for inner, kind_, _, text_ in fields(type(default)):
            if inner != "name":
                _add(group, f"{name}.{inner}", kind_, getattr(default, inner), text_, taken)


def _options(path: str, taken: Collection[str] | None) -> list[str]:
    """The ways to write the option of a setting: `--code.latent`, `--latent`."""
    _, _, alone = path.partition(".")
    free = alone and taken is not None and alone not in taken
    return ["--" + name.replace("_", "-") for name in ([alone, path] if free else [path])]


def _add(
    group: Any, path: str, kind: Any, default: Any, text: str, taken: Collection[str] | None = None
) -> None:
    known = group._option_string_actions
    options = [option for option in _options(path, taken) if option not in known]
    if not options:
        return
    members = choices(kind)
    if members:
        help_ = f"{text} (default: {default.name})"
        group.add_argument(*options, dest=path, metavar="|".join(_names(kind)), help=_plain(help_))
        for inner, same in _by_name(members).items():
            texts = [f"{owner}: {text}{_shown(default)}" for owner, _, default, text in same]
            _add(group, f"{path}.{inner}", same[0][1], None, "; ".join(texts), taken)
    elif kind is bool:
        group.add_argument(*options, dest=path, action=argparse.BooleanOptionalAction,
                           help=_plain(f"{text} (default: {'yes' if default else 'no'})"))  # fmt: skip
    else:
        help_ = text + _shown(default)
        group.add_argument(*options, dest=path, metavar=_metavar(kind), help=_plain(help_))


NO_DEFAULTS = (None, dataclasses.MISSING, {}, (), "")
"""Defaults that are not worth a word in the help."""


def _shown(default: Any) -> str:
    return "" if default in NO_DEFAULTS else f" (default: {default})"


def _by_name(members: dict[str, type]) -> dict[str, list[tuple[str, Any, Any, str]]]:
    """Of each field that a choice's members have: the member's name, type, default and docstring."""
    found: dict[str, list[tuple[str, Any, Any, str]]] = {}
    for owner, member in members.items():
        for name, kind, default, text in fields(member):
            if name != "name":
                found.setdefault(name, []).append((owner, kind, default, text))
    return found


def fields(cls: type) -> list[tuple[str, Any, Any, str]]:
    """Name, type, default and docstring of each field of a settings class that can be an option."""
    known = cls.__pydantic_fields__  # type: ignore[attr-defined]
    return [
        (f.name, _kind(known[f.name]), _default(f), _described(cls, f.name))
        for f in dataclasses.fields(cls)
        if not any(isinstance(mark, NoOption) for mark in known[f.name].metadata)
    ]


def _described(cls: type, name: str) -> str:
    """The docstring of a field, from the class that declares it."""
    owners = (getattr(c, "__pydantic_fields__", {}).get(name) for c in cls.__mro__)
    return next((owner.description for owner in owners if owner and owner.description), "")


def _default(field: dataclasses.Field) -> Any:
    factory = field.default_factory
    return field.default if factory is dataclasses.MISSING else factory()


def choices(kind: Any) -> dict[str, type]:
    """The settings classes that a field chooses between, by name, if it does; of entry points, those that
    have been asked for by name."""
    if choice := _open(kind):
        return choice.members(get_args(kind)[0])
    members = [] if get_origin(kind) is tuple else get_args(kind) or (kind,)
    settings: list[Any] = [m for m in members if isinstance(m, type) and dataclasses.is_dataclass(m)]
    settings = [member for member in settings if hasattr(member, "name")]
    return {member.name: member for member in settings}


def _names(kind: Any) -> list[str]:
    """What a field chooses between, all entry points as well."""
    choice = _open(kind)
    return choice.names(get_args(kind)[0]) if choice else list(choices(kind))


def _waits(kind: Any, name: Any) -> bool:
    """Whether a choice of that name has not been imported yet."""
    return name in _names(kind) and name not in choices(kind)


def _open(kind: Any) -> Choice | None:
    """What marks a field as a choice by name, if it is one."""
    marks = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    return next((mark for mark in marks if isinstance(mark, Choice)), None)


def _kind(field: FieldInfo) -> Any:
    """The type of a field, with what marks it as a choice."""
    choice = next((mark for mark in field.metadata if isinstance(mark, Choice)), None)
    return Annotated[field.annotation, choice] if choice else field.annotation


def _metavar(kind: Any) -> str:
    if get_origin(kind) in (Annotated, UnionType, Union):
        return _metavar(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return "|".join(map(str, get_args(kind)))
    words = {int: "N", float: "X", str: "TEXT", dict: "NAME:X", tuple: "N,N"}
    return words.get(get_origin(kind) or kind, "VALUE")


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("%", "%%")


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """`{"optimizer": "adam", "optimizer.beta1": "0.9"}` as a document."""
    document: dict[str, Any] = {}
    inner: dict[str, dict[str, Any]] = {}
    for path, value in flat.items():
        head, dot, tail = path.partition(".")
        if dot:
            inner.setdefault(head, {})[tail] = value
        else:
            document[head] = value
    for head, said in inner.items():
        name = document.get(head, {})
        document[head] = ({"name": name} if isinstance(name, str) else name) | nested(said)
    return document


def numbers(option: str, said: str) -> dict[str, float]:
    """`"Smiling:1.5,Male:-1"` by name; a name alone is 1. UserError if it is not so."""
    parts = [part.partition(":") for part in said.split(",")]
    try:
        return {name.strip(): float(value or 1) for name, _, value in parts}
    except ValueError:
        raise UserError(f"{option} is {said!r}; write names with numbers, Smiling:1.5,Male:-1") from None


def add_device(parser: Parser) -> None:
    """The option that says where a verb computes."""
    text = "where it computes: auto, cpu, cuda or cuda:1 (default: auto, the GPU if there is one)"
    parser.add_argument("--device", metavar="NAME", default="auto", help=text)


def add_data(
    parser: Parser, what: str = "the run's data where they are now, or other images of their shape"
) -> None:
    """The option that says where the data are."""
    parser.add_argument("--data", metavar="DATA", help=f"{what} (default: where they were)")


def add_condition(parser: Parser, what: str = "images") -> None:
    """The option that says under which condition."""
    text = f"condition of {what}, of a run with conditions: Smiling:1,age:30,hair:blond"
    parser.add_argument("--condition", metavar="NAME:X", default="", help=text)


def condition_of(said: str) -> dict[str, str] | None:
    """`"Smiling,age:30"` by name, None of nothing; a name alone is 1."""
    parts = [part.partition(":") for part in said.split(",") if part.strip()]
    return {name.strip(): value.strip() or "1" for name, _, value in parts} or None
