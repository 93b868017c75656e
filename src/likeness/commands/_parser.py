"""Words of a command line, parsed by cyclopts as the signature of a verb has it; nothing is checked yet."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import App, CycloptsError, MissingArgumentError, Parameter

from likeness import registry
from likeness.commands import _catalogue, _index
from likeness.commands._verb import Argument, Verb
from likeness.errors import UserError
from likeness.options import ends_of

COMMON = {
    "quiet": "Print nothing but errors and warnings.",
    "json": "Print numbers and files as JSON.",
}
"""Switches of every verb; `--json` of those with numbers."""
_NUMBER = re.compile(r"-[\d.]")


@dataclass(frozen=True)
class Words:
    """What a command line has, before any check."""

    arguments: dict[str, Any]
    """Texts, switches and lists by the name of an argument."""
    settings: dict[str, Any]
    """Texts and switches by the name of a setting as it was written, with underscores."""
    common: frozenset[str]
    """Switches of every verb."""


def parse(verb: Verb, words: list[str]) -> Words:
    """The words of a verb by argument and setting. Raises UserError for an unknown option, a missing value,
    or a word too many."""
    used = _settings_used(verb, words) if verb.takes_settings else {}
    function, keys = _function(verb, used)
    app = App(name="likeness", help_flags=[], version_flags=[])
    app.default(function)
    try:
        _, bound, _ = app.parse_args(words, print_error=False, exit_on_error=False)
    except CycloptsError as error:
        raise _user_error(error, verb) from None
    arguments, settings, common = dict[str, Any](), dict[str, Any](), set[str]()
    for key, value in bound.arguments.items():
        where, name = keys[key]
        if where == "common" and value:
            common.add(name)
        elif where != "common" and value is not None:
            (arguments if where == "argument" else settings)[name] = value
    pairs = {a.name for a in verb.arguments.values() if a.is_pair}
    arguments = {name: dict(value) if name in pairs else value for name, value in arguments.items()}
    return Words(arguments, settings, frozenset(common))


def completion_app() -> App:
    """All verbs with all their options and settings, for shell completion."""
    app = App(name="likeness", help_flags=["--help"], version_flags=["--version"])
    for name in _index.names():
        verb = _index.find(name)
        every = _catalogue.every_option().values() if verb.takes_settings else ()
        function, _ = _function(verb, {ends_of(option.path)[0]: option.is_switch for option in every})
        app.command(function, name=name, help=verb.summary)
    return app


def options_of(verb: Verb) -> list[str]:
    """The options of a verb, without settings of a training."""
    own = [spelling for a in verb.arguments.values() for spelling in a.spellings if spelling[0] == "-"]
    return [*own, *(f"--{name}" for name in COMMON if name != "json" or verb.prints_numbers)]


def option_of(name: str) -> str:
    """The option of a setting or a part of its full name."""
    return f"--{name.replace('_', '-')}"


def normalise(words: Iterable[str]) -> Iterator[str]:
    """Words with hyphens in the names of options, and with `=` before a value that begins as a negative
    number does."""
    option = ""
    for word in words:
        if option:
            option, waiting = "", option
            if _NUMBER.match(word):
                yield f"{waiting}={word}"
                continue
            yield waiting
        if not word.startswith("--") or word == "--":
            yield word
            continue
        name, equals, value = word.partition("=")
        name = name.replace("_", "-")
        if equals:
            yield f"{name}={value}"
        else:
            option = name
    if option:
        yield option


def _settings_used(verb: Verb, words: list[str]) -> dict[str, bool]:
    """The settings that words name as options, and whether each is a switch. Those that the package does
    not have may belong to another package, and take a value."""
    own = {*options_of(verb), *(f"--no-{a.name}" for a in verb.arguments.values() if a.is_switch)}
    every = _catalogue.every_option()
    used = dict[str, bool]()
    for word in words:
        option = word.partition("=")[0]
        if not option.startswith("--") or option in own or option == "--":
            continue
        name = _setting(option)
        if name.startswith("no_") and name[3:] in every:
            name = name[3:]
        used[name] = name in every and every[name].is_switch
    return used


def _setting(option: str) -> str:
    """The name of a setting that is written as an option."""
    return option.removeprefix("--").replace("-", "_")


def _function(
    verb: Verb, settings: Mapping[str, bool]
) -> tuple[Callable[..., None], dict[str, tuple[str, str]]]:
    """A function whose parameters are those of a verb, common switches and some settings, all as texts,
    switches and lists; and for each of its parameters what it is of."""
    kind = inspect.Parameter
    parameters, keys = list[inspect.Parameter](), dict[str, tuple[str, str]]()

    def add(where: str, name: str, annotation: Any, positional: bool = False) -> None:
        key = f"p{len(keys)}"
        keys[key] = where, name
        how = kind.POSITIONAL_ONLY if positional else kind.KEYWORD_ONLY
        parameters.append(kind(key, how, default=None, annotation=annotation))

    has_positionals = any(argument.is_positional for argument in verb.arguments.values())
    for argument in verb.arguments.values():
        annotation = _annotation(argument, greedy=not has_positionals)
        add("argument", argument.name, annotation, argument.is_positional)
    for name in COMMON:
        if name != "json" or verb.prints_numbers:
            add("common", name, Annotated[bool | None, Parameter(name=f"--{name}", negative=())])
    for name, is_switch in settings.items():
        spelling = option_of(name)
        negative = f"--no-{spelling[2:]}"
        switch = Annotated[bool | None, Parameter(name=spelling, negative=negative, allow_repeating=True)]
        text = Annotated[str | None, Parameter(name=spelling, allow_repeating=True)]
        add("setting", name, switch if is_switch else text)

    def command(*_: Any, **__: Any) -> None: ...

    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command, keys


def _annotation(argument: Argument, greedy: bool) -> Any:
    """The type that cyclopts parses for an argument: texts are converted later, by the verb's own check. A
    list of a verb without positional arguments takes all words up to the next option, if `greedy`."""
    names, kind = argument.spellings, str
    more: dict[str, Any] = {}
    if argument.is_positional:
        kind = list[str] if argument.is_list else str
        return Annotated[kind | None, Parameter(help=argument.help, negative=())]
    if argument.is_switch:
        kind = bool
        more = {"allow_repeating": True}
        more["negative"] = f"--no-{names[-1][2:]}" if argument.default is not False else ()
    elif argument.is_list:
        kind = list[tuple[str, str]] if argument.is_pair else list[str]
        more = {"negative": (), "consume_multiple": True if greedy else None}
    else:
        more = {"allow_repeating": True}
    return Annotated[kind | None, Parameter(name=names, help=argument.help, **more)]


def _user_error(error: CycloptsError, verb: Verb) -> UserError:
    """An error of the parser in one line with a remedy."""
    see, own = f"see `likeness {verb.name} --help`", options_of(verb)
    own += map(option_of, _catalogue.every_option()) if verb.takes_settings else ()
    token, argument = getattr(error, "token", None), getattr(error, "argument", None)
    name = argument.name if argument else token.keyword if token else None
    if name and name not in own:
        return UserError(f"{name!r} is not understood; {registry.suggestion(name, own, see)}")
    if isinstance(error, MissingArgumentError):
        number = "two values" if "2 positional" in str(error) else "a value"
        return UserError(f"{name} needs {number}; {see}")
    if unused := getattr(error, "unused_tokens", None):
        return UserError(f"{unused[0]!r} is not understood; {see}")
    return UserError(f"{' '.join(str(error).split()).rstrip('.')}; {see}")
