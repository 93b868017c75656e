"""The command line: what a verb is asked, what it returns, and its help."""

import json
import sys
from collections.abc import Iterable

from likeness.commands import _catalogue, _help, _index, _parser, _progress, _settings
from likeness.commands._verb import Argument, Result, Verb
from likeness.errors import UserError

HELP = ("-h", "--help", "--help-all")


def run(words: list[str]) -> None:
    """Do what a command line says: a verb and its words, or help. Raises UserError for anything wrong with
    them."""
    if not words or words[0] in HELP:
        print(_help.overview(_index.groups()))
        return
    verb, words = _index.find(words[0]), [*_parser.normalise(words[1:])]
    before_files = words[: words.index("--")] if "--" in words else words
    if asked := {*HELP} & {*before_files}:
        print(help_page(verb, [word for word in words if word not in asked], "--help-all" in asked))
        return
    parsed = _parser.parse(verb, words)
    values = verb.check(parsed.arguments, spell)
    settings = _settings.by_full_name(verb, parsed)
    silent = bool(parsed.common)
    token = _progress.quiet.set(silent)
    try:
        result = verb.function(**values, **settings)
    finally:
        _progress.quiet.reset(token)
    _show(result, parsed.common)


def common_switches(verb: Verb) -> dict[str, str]:
    """The switches of every verb that `verb` takes, with their help."""
    return {name: text for name, text in _parser.COMMON.items() if name != "json" or verb.prints_numbers}


def help_page(verb: Verb, words: list[str], every: bool) -> str:
    """The help of a verb, for the method and the networks that `words` name; rare options if `every`."""
    common = common_switches(verb)
    if not verb.takes_settings:
        return _help.page(verb, common, {}, every)
    try:
        arguments = _parser.parse(verb, words).arguments
    except UserError:
        arguments = {}
    groups = [_catalogue.options_of(*scope) for scope in _settings.scopes(verb, arguments)]
    return _help.page(verb, common, _settings.merge(groups), every)


def spell(argument: Argument) -> str:
    """An argument as it is typed."""
    return argument.spellings[-1]


def _show(result: Result, common: Iterable[str]) -> None:
    """Print what a verb returned."""
    if "json" in common:
        document = {"numbers": result.numbers, "files": [str(file) for file in result.files]}
        print(json.dumps(document, indent=1, default=str))
    elif "quiet" not in common:
        for line in result.lines:
            print(line)
    sys.stdout.flush()
