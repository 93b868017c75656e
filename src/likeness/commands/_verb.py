"""A verb: a typed function, from whose signature and docstring come its checks, its parser and its help."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, ParamSpec, Union, get_args, get_origin

import docstring_parser
from pydantic import ConfigDict, TypeAdapter, ValidationError

from likeness.bounds import describe_bounds
from likeness.commands._arguments import Help, Pair, Short
from likeness.errors import UserError
from likeness.options import describe_kind
from likeness.settings import Rare

P = ParamSpec("P")
Parameter = inspect.Parameter
FINITE = ConfigDict(allow_inf_nan=False)
"""Numbers of arguments are finite."""


@dataclass(frozen=True)
class Result:
    """What a verb has to say in the end."""

    lines: list[str] = field(default_factory=list)
    """Text for people, on stdout."""
    numbers: Any = None
    """Numbers for programs, as JSON has them; None of a verb that has none."""
    files: list[Path] = field(default_factory=list)
    """Files and directories that were written."""

    @classmethod
    def wrote(cls, *files: str | Path, lines: list[str] | None = None, numbers: Any = None) -> "Result":
        """A result whose last lines are the paths of the files written."""
        return cls([*(lines or []), *map(str, files)], numbers, [Path(file) for file in files])


@dataclass(frozen=True)
class Argument:
    """A parameter of a verb, as the command line has it."""

    name: str
    kind: Any
    default: Any
    help: str
    is_positional: bool

    @property
    def is_required(self) -> bool:
        """Whether it has no default."""
        return self.default is Parameter.empty

    @property
    def is_switch(self) -> bool:
        """Whether it takes no value."""
        return bool in (self.base, *get_args(self.base))

    @property
    def is_list(self) -> bool:
        """Whether it takes several values."""
        return get_origin(self.base) is list or self.is_pair

    @property
    def is_pair(self) -> bool:
        """Whether it takes pairs of values."""
        return self._mark(Pair) is not None

    @property
    def is_rare(self) -> bool:
        """Whether help shows it under `--help-all` only."""
        return self._mark(Rare) is not None

    @cached_property
    def base(self) -> Any:
        """Its type without annotations."""
        return get_args(self.kind)[0] if get_origin(self.kind) is Annotated else self.kind

    @property
    def spellings(self) -> list[str]:
        """How it is written: `RUN`, or `-n` and `--number`."""
        if self.is_positional:
            return [self.name.upper()]
        short = self._mark(Short)
        long = "-" * (1 if len(self.name) == 1 else 2) + self.name.replace("_", "-")
        return [short.text, long] if short else [long]

    @property
    def metavar(self) -> str:
        """What stands for its value in help; "" for a switch."""
        return "" if self.is_switch else describe_kind(self.kind)

    @property
    def explanation(self) -> str:
        """Its help, with bounds and default."""
        facts = [
            describe_bounds(self.kind),
            f"default: {_format_default(self.default)}" if _format_default(self.default) else "",
        ]
        facts = list(filter(None, facts))
        return f"{self.help} ({'; '.join(facts)})" if facts else self.help

    def check(self, value: Any, spelling: str) -> Any:
        """`value` as its type has it. Raises UserError if it is not of that type, or out of bounds."""
        try:
            return TypeAdapter(self.kind, config=FINITE).validate_python(value)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            message = first["msg"].removeprefix("Value error, ")
            wrong = first["input"] if isinstance(value, list) else value
            raise UserError(f"{spelling} is {wrong!r}; {message[0].lower()}{message[1:]}") from None

    def _mark(self, cls: type) -> Any:
        """The annotation of a class that its type has, or None."""
        marks = get_args(self.kind)[1:] if get_origin(self.kind) is Annotated else ()
        return next((mark for mark in reversed(marks) if isinstance(mark, cls)), None)


@dataclass(frozen=True)
class Verb:
    """A function that is a command."""

    function: Callable[..., Result]
    group: str
    """Group of commands it is listed with."""
    prints_numbers: bool
    """Whether it takes `--json`."""

    @property
    def name(self) -> str:
        """Its name on the command line."""
        return self.function.__name__.replace("_", "-")

    @cached_property
    def summary(self) -> str:
        """What it does, in a sentence."""
        return " ".join(self._paragraphs[0].split())

    @cached_property
    def description(self) -> str:
        """What there is to know beyond the summary, in paragraphs."""
        return "\n\n".join(self._paragraphs[1:])

    @cached_property
    def takes_settings(self) -> bool:
        """Whether settings of a training are options of it."""
        return any(p.kind is Parameter.VAR_KEYWORD for p in self._parameters)

    @property
    def arguments(self) -> dict[str, Argument]:
        """Its parameters by name, in order, without settings of a training."""
        return {
            p.name: Argument(
                p.name,
                p.annotation,
                p.default,
                " ".join((self._helps.get(p.name) or _help_of(p.annotation)).split()),
                p.kind is not Parameter.KEYWORD_ONLY,
            )
            for p in self._parameters
            if p.kind is not Parameter.VAR_KEYWORD
        }

    def check(self, values: Mapping[str, Any], spell: Callable[[Argument], str]) -> dict[str, Any]:
        """Arguments by name, each as its type has it. Raises UserError for the first that is wrong, called
        as `spell` has it, and for one that is missing."""
        for argument in self.arguments.values():
            if argument.is_required and argument.name not in values:
                raise UserError(f"{spell(argument)} is missing; see `likeness {self.name} --help`")
        known = self.arguments
        return {
            name: known[name].check(value, spell(known[name])) if name in known else value
            for name, value in values.items()
        }

    @cached_property
    def _paragraphs(self) -> list[str]:
        """The docstring without the section on arguments."""
        text = inspect.getdoc(self.function) or ""
        return text.partition("\n\nArgs:\n")[0].split("\n\n")

    @property
    def _parameters(self) -> list[Parameter]:
        return list(inspect.signature(self.function).parameters.values())

    @cached_property
    def _helps(self) -> dict[str, str]:
        """The help of arguments that the docstring explains."""
        text = inspect.getdoc(self.function) or ""
        parsed = docstring_parser.parse(text, docstring_parser.DocstringStyle.GOOGLE)
        return {entry.arg_name: entry.description or "" for entry in parsed.params}


def verb(group: str, *, numbers: bool = False) -> Callable[[Callable[P, Result]], Callable[P, Result]]:
    """Make a function a command of a `group`; `numbers` gives it `--json`. Its arguments are checked at
    each call."""

    def decorate(function: Callable[P, Result]) -> Callable[P, Result]:
        made, signature = Verb(function, group, numbers), inspect.signature(function)

        @wraps(function)
        def call(*args: P.args, **keywords: P.kwargs) -> Result:
            values = dict(signature.bind(*args, **keywords).arguments)
            settings = values.pop("settings", {}) if made.takes_settings else {}
            return function(**made.check(values, lambda argument: argument.name), **settings)  # type: ignore

        call.verb = made  # type: ignore[attr-defined]
        return call

    return decorate


def _help_of(kind: Any) -> str:
    """The help that comes with an argument's type."""
    if get_origin(kind) in (UnionType, Union):
        return _help_of(get_args(kind)[0])
    marks = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    text = next((mark.text for mark in reversed(marks) if isinstance(mark, Help)), "")
    return text if isinstance(text, str) else text()


def _format_default(default: Any) -> str:
    """A default as help has it; "" for one that says nothing."""
    if (
        default is None
        or default is Parameter.empty
        or isinstance(default, bool)
        or default in ("", [], {})
    ):
        return "on" if default is True else ""
    return " ".join(map(str, default)) if isinstance(default, list) else str(default)
