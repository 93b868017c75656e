"""`--help`: every command and every setting is explained."""

import argparse
import dataclasses
import sys
from collections.abc import Callable
from typing import Any

import pytest

from likeness import config, registry
from likeness.__main__ import main
from likeness.commands import _options
from likeness.commands._options import choices, fields
from likeness.config import SECTIONS
from support.registered import installed as installed
from support.registered import left_as_it_was as left_as_it_was

COMMANDS = [name.replace("_", "-") for name in registry.names("likeness.commands")]
METHODS = registry.names("likeness.objectives")
NETS = registry.names("likeness.nets")


THEIRS = """
from likeness.objectives.vae import VAE
from likeness.settings import Fraction, settings

@settings
class Theirs(VAE):
    "A method of another package."
    zeal: Fraction = 0.5
    "How eager."
"""


class Built(Exception):
    """Ends a command where it has built its parser."""


def parser_of(*words: str) -> argparse.ArgumentParser:
    """The parser that a command line is read with."""

    def grab(parser: argparse.ArgumentParser, words: list[str]) -> None:
        raise Built(parser)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_options.Parser, "read", grab)
        with pytest.raises(Built) as built:
            main(list(words))
    return built.value.args[0]


def told(parser: argparse.ArgumentParser) -> dict[str, str]:
    """The help of each option and argument, by each name it is given under."""
    return {name: a.help or "" for a in parser._actions for name in a.option_strings or [a.dest]}


def settings_of(cls: type) -> list[tuple[str, Any, Any, str]]:
    """Name, type, default and docstring of each setting; those of a group under its name and theirs."""
    found = []
    for name, kind, default, text in fields(cls):
        if choices(kind) or not dataclasses.is_dataclass(default):
            found.append((name, kind, default, text))
            continue
        inner = [(f"{name}.{field}", *more) for field, *more in fields(type(default))]
        values = {f"{name}.{field}": getattr(default, field) for field, *_ in fields(type(default))}
        found += [(path, kind_, values[path], text_) for path, kind_, _, text_ in inner]
    return found


def option(name: str) -> str:
    """The option of a setting."""
    return "--" + name.replace("_", "-")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_explains_all_it_takes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    for name, text in told(parser_of(command)).items():
        assert name in shown
        assert len(text) > 4, f"{name} has no help"


@pytest.mark.parametrize("method", METHODS)
def test_help_explains_every_setting(method: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["train", method, "--help"])
    assert ended.value.code == 0
    said = "".join(capsys.readouterr().out.split())
    for cls in (config.objective_class(method), *SECTIONS.values()):
        for name, _, _, text in settings_of(cls):
            assert text, f"{name} has no help"
            assert option(name) in said
            explained = "".join(text.split()).replace("-", "") in said.replace("-", "")
            assert explained, f"{name} is not explained"


@pytest.mark.parametrize("method", METHODS)
def test_help_of_a_method_says_every_default(method: str) -> None:
    helps = told(parser_of("train", method))
    for cls in (config.objective_class(method), *SECTIONS.values()):
        for name, _, default, _ in settings_of(cls):
            said = getattr(default, "name", default)
            if said not in (None, dataclasses.MISSING, {}, ()) and not isinstance(said, bool):
                assert f"(default: {said})" in helps[option(name)]


def test_help_says_whether_a_yes_or_no_is_yes() -> None:
    helps = told(parser_of("train", "vae_gan"))
    objective = config.objective_class("vae_gan")()
    assert objective.adversary.balance and "(default: yes)" in helps["--balance"]
    assert not SECTIONS["augmentation"]().flip and "(default: no)" in helps["--flip"]


@pytest.mark.parametrize("method", METHODS)
def test_help_of_a_choice_names_its_members_and_all_their_settings(method: str) -> None:
    parser = parser_of("train", method)
    metavars = {name: str(a.metavar) for a in parser._actions for name in a.option_strings}
    for cls in (config.objective_class(method), *SECTIONS.values()):
        for name, kind, _, _ in settings_of(cls):
            for chosen, member in choices(kind).items():
                assert chosen in metavars[option(name)].split("|")
                inner = {option(f"{name}.{field}") for field, *_ in fields(member) if field != "name"}
                assert inner <= metavars.keys()


def test_help_says_the_default_of_each_choice_that_has_the_setting() -> None:
    text = told(parser_of("train", "vae"))["--optimizer.weight-decay"]
    assert "(default: 0.0)" in text and "adamw: " in text and "(default: 0.01)" in text


@pytest.mark.parametrize("net", NETS)
def test_help_explains_the_settings_of_the_networks_that_are_named(net: str) -> None:
    helps = told(parser_of("train", "vae", "run", "--net", net))
    for name, _, default, text in fields(config.net_class(net)):
        assert text, f"{name} has no docstring"
        assert helps[option(f"net.{name}")].startswith(text.split()[0])
        if not isinstance(default, bool) and default is not None:
            assert f"(default: {default})" in helps[option(f"net.{name}")]


def test_a_setting_of_a_group_is_an_option_alone_too_unless_another_section_has_its_name() -> None:
    helps = told(parser_of("train", "aae"))
    assert helps["--latent"] == helps["--code.latent"]
    assert helps["--rotation"] == helps["--view.rotation"]
    assert helps["--shift"] != helps["--view.shift"], "the former is that of training images"
    every = told(parser_of("train"))
    assert every["--latent"] == every["--code.latent"] and "--prior.std" in every


def test_help_of_training_imports_no_entry_point_that_is_not_named(
    installed: Callable[[str, str, str], None],
) -> None:
    installed("likeness.objectives", "vae_of_theirs = help_theirs:Theirs", THEIRS)
    assert "vae_of_theirs" in told(parser_of("train", "vae"))["METHOD"]
    assert "help_theirs" not in sys.modules
    assert told(parser_of("train", "vae_of_theirs", "run"))["--zeal"] == "How eager. (default: 0.5)"
