"""The command line: words, parsed by cyclopts as a verb's signature has it, and what the verb returns."""

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

from cyclopts import (
    App,
    CycloptsError,
    MissingArgumentError,
    Parameter,
    UnknownOptionError,
)

from likeness import registry
from likeness.commands import _catalogue, _help, _progress
from likeness.commands._verb import Argument, Result, Verb
from likeness.errors import UserError
from likeness.options import AmbiguousNameError, Option, ends_of, last_parts, resolve, shortest_ends

VERBS = "likeness.commands.verbs"
GROUPS = (
    *("train and look", "make images", "change images", "measure", "take with you", "draw codes"),
    *("make a paper's results again", "set up"),
)
"""Titles of the groups of verbs, in the order of help."""
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


def names() -> list[str]:
    """The verbs, as they are typed."""
    return [name.replace("_", "-") for name in registry.own_names(VERBS)]


def groups() -> dict[str, list[Verb]]:
    """All verbs by the title of their group."""
    found: dict[str, list[Verb]] = {title: [] for title in GROUPS}
    for name in names():
        verb = find(name)
        found[verb.group].append(verb)
    return found


def find(name: str) -> Verb:
    """The verb called `name`. Raises UserError, with similar names, if there is none."""
    if name not in names():
        raise UserError(f"{name!r} is not among the commands; {registry.suggestion(name, names())}")
    module = name.replace("-", "_")
    return getattr(import_module(f"{VERBS}.{module}"), module).verb


def run(words: list[str]) -> None:
    """Do what a command line says: a verb and its words. Raises UserError for anything wrong with them."""
    verb, words = find(words[0]), [*_normalised(words[1:])]
    before_files = words[: words.index("--")] if "--" in words else words
    if asked := {"-h", "--help", "--help-all"} & {*before_files}:
        print(help_page(verb, [word for word in words if word not in asked], "--help-all" in asked))
        return
    parsed = parse(verb, words)
    values = verb.check(parsed.arguments, _spell)
    settings = settings_by_full_name(verb, parsed)
    silent = bool(parsed.common)
    token = _progress.quiet.set(silent)
    try:
        result = verb.function(**values, **settings)
    finally:
        _progress.quiet.reset(token)
    _show(result, parsed.common)


def help_page(verb: Verb, words: list[str], every: bool) -> str:
    """The help of a verb, for the method and the networks that `words` name; rare options if `every`."""
    common = {name: text for name, text in COMMON.items() if name != "json" or verb.prints_numbers}
    if not verb.takes_settings:
        return _help.page(verb, common, {}, every)
    try:
        arguments = parse(verb, words).arguments
    except UserError:
        arguments = {}
    scopes = _scopes(verb, arguments)
    return _help.page(verb, common, _merged(_catalogue.options_of(*scope) for scope in scopes), every)


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


def settings_by_full_name(verb: Verb, parsed: Words) -> dict[str, Any]:
    """The settings of a command line by their full names. Raises UserError for a name that no training of
    the verb has, with similar ones, and for an ambiguous one."""
    if not parsed.settings:
        return {}
    known = [
        {option.path for group in _catalogue.options_of(*scope).values() for option in group}
        for scope in _scopes(verb, parsed.arguments)
    ]
    return {_full_name(verb, name, known): value for name, value in parsed.settings.items()}


def completion_app() -> App:
    """All verbs with all their options and settings, for shell completion."""
    app = App(name="likeness", help_flags=["--help"], version_flags=["--version"])
    for name in names():
        verb = find(name)
        every = _catalogue.every_option().values() if verb.takes_settings else ()
        function, _ = _function(verb, {ends_of(option.path)[0]: option.is_switch for option in every})
        app.command(function, name=name, help=verb.summary)
    return app


def _normalised(words: Iterable[str]) -> Iterator[str]:
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


def _spell(argument: Argument) -> str:
    """An argument as it is typed."""
    return argument.spellings[-1]


def _settings_used(verb: Verb, words: list[str]) -> dict[str, bool]:
    """The settings that words name as options, and whether each is a switch. Those that the package does
    not have may belong to another package, and take a value."""
    own = {*_options_of(verb), *(f"--no-{a.name}" for a in verb.arguments.values() if a.is_switch)}
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
        spelling = _option(name)
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
    names, kind, more = argument.spellings, str, dict[str, Any]()
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


def _scopes(verb: Verb, arguments: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    """Methods, each with its network family, whose settings a verb takes with some arguments."""
    module = import_module(verb.function.__module__)
    return module.scopes(arguments)


def _merged(groups: Iterable[dict[str, list[Option]]]) -> dict[str, list[Option]]:
    """The options of several methods by group, each once."""
    merged: dict[str, list[Option]] = {}
    for group in groups:
        for title, options in group.items():
            merged.setdefault(title, options)
    return merged


def _full_name(verb: Verb, name: str, known: list[set[str]]) -> str:
    """The full name of a setting in the first training that has it."""
    spelled = _option(name)
    for paths in known:
        try:
            path = resolve(name, paths)
        except AmbiguousNameError as error:
            ends = shortest_ends(paths)
            choices = " or ".join(_option(ends[path]) for path in error.paths)
            raise UserError(f"{spelled} is several settings; write {choices}") from None
        if path:
            return path
    ends = {end for paths in known for end in last_parts(paths)}
    near = registry.suggestion(spelled, sorted({*_options_of(verb), *map(_option, ends)}))
    raise UserError(f"{spelled!r} is not understood; {near}")


def _option(name: str) -> str:
    """The option of a setting or a part of its full name."""
    return f"--{name.replace('_', '-')}"


def _options_of(verb: Verb) -> list[str]:
    """The options of a verb, without settings of a training."""
    own = [spelling for a in verb.arguments.values() for spelling in a.spellings if spelling[0] == "-"]
    return [*own, *(f"--{name}" for name in COMMON if name != "json" or verb.prints_numbers)]


def _user_error(error: CycloptsError, verb: Verb) -> UserError:
    """An error of the parser in one line with a remedy."""
    see, own = f"see `likeness {verb.name} --help`", _options_of(verb)
    name = error.argument.name if error.argument else error.token.keyword if error.token else None
    if isinstance(error, UnknownOptionError) and error.token:
        name = error.token.keyword
    is_known = name in own or (verb.takes_settings and _setting(name or "") in _catalogue.every_option())
    if name and not is_known:
        return UserError(f"{name!r} is not understood; {registry.suggestion(name, own)}")
    if isinstance(error, MissingArgumentError):
        number = "two values" if "2 positional" in str(error) else "a value"
        return UserError(f"{name} needs {number}; {see}")
    if unused := getattr(error, "unused_tokens", None):
        return UserError(f"{unused[0]!r} is not understood; {see}")
    return UserError(f"{' '.join(str(error).split()).rstrip('.')}; {see}")


def _show(result: Result, common: Iterable[str]) -> None:
    """Print what a verb returned."""
    if "json" in common:
        document = {"numbers": result.numbers, "files": [str(file) for file in result.files]}
        print(json.dumps(document, indent=1, default=str))
    elif "quiet" not in common:
        for line in result.lines:
            print(line)
    sys.stdout.flush()
