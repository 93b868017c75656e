"""`--help`: every command and every setting is explained, without anything that is slow to import."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from likeness import config, registry
from likeness.__main__ import main
from likeness.commands import _index
from likeness.config import SECTIONS
from likeness.options import fields, options, shortest_ends
from support.processes import process
from support.registered import installed as installed
from support.registered import left_as_it_was as left_as_it_was

COMMANDS = _index.names()
METHODS = registry.names("likeness.objectives")
NETS = registry.names("likeness.nets")
HEAVY = ("torch", "numpy", "PIL", "pyarrow", "sklearn", "jaxtyping", "yaml", "rich")
"""Packages that no help may import."""
THEIRS = """
from likeness.objectives.vae import VAE
from likeness.settings import Fraction, settings

@settings
class Theirs(VAE):
    "A method of another package."
    zeal: Fraction = 0.5
    "How eager."
"""


def page(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """A page of help, its lines joined."""
    assert main([*words]) == 0
    return " ".join(capsys.readouterr().out.split())


def squeezed(text: str) -> str:
    """A text without anything that wrapping may change."""
    return "".join(text.split()).replace("-", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_explains_all_it_takes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = page(capsys, command, "--help-all")
    verb = _index.find(command)
    assert verb.summary in shown and shown.startswith(f"usage: likeness {command}")
    for argument in verb.arguments.values():
        assert all(spelling in shown for spelling in argument.spellings)
        assert len(argument.help) > 8 and argument.help[0].isupper(), f"{argument.name} has no help"
        assert squeezed(argument.explanation) in squeezed(shown)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_stands_for_a_value(command: str) -> None:
    for argument in _index.find(command).arguments.values():
        assert argument.is_switch or argument.metavar not in ("", "VALUE", "N,N")


@pytest.mark.parametrize("method", METHODS)
def test_help_of_a_method_explains_every_setting(method: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = page(capsys, "train", method, "--help-all")
    words = shown.replace(",", " ").split()
    classes = {"objective": config.objective_class(method), **SECTIONS}
    known = [option for section, cls in classes.items() for option in options(cls, section)]
    known += options(config.net_class(config.DEFAULT_NET), "net")
    ends = shortest_ends({option.path for option in known})
    for option in known:
        assert f"--{ends[option.path].replace('_', '-')}" in words, f"{option.path} is not shown"
        assert squeezed(option.help) in squeezed(shown), f"{option.path} is not explained"


@pytest.mark.parametrize("net", NETS)
def test_help_explains_the_settings_of_the_networks_that_are_named(
    net: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = page(capsys, "train", "vae", "run", "--net", net, "--help-all")
    for field in fields(config.net_class(net)):
        assert field.help, f"{field.name} has no docstring"
        assert squeezed(field.help) in squeezed(shown)


def test_common_options_come_alone_and_rare_ones_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    flags = "--help", "--help-all"
    common, every = (page(capsys, "train", "vae_gan", flag).replace(",", " ").split() for flag in flags)
    assert "--batch" in common and "--keep-memory" not in common and "--keep-memory" in every
    assert len(every) > len(common) + 200 and {"--latent", "--gamma", "--lr"} <= {*common}


def test_a_placeholder_says_what_a_value_is() -> None:
    pages = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
    assert "--size SIZE" in pages and " TEXT " not in pages and " N,N" not in pages


def test_help_is_of_the_networks_of_a_preset(capsys: pytest.CaptureFixture[str]) -> None:
    assert "networks resnet:" in page(capsys, "train", "vae", "x", "--preset", "demo", "--help")


def test_help_of_training_imports_no_entry_point_that_is_not_named(
    installed: Callable[[str, str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    installed("likeness.objectives", "vae_of_theirs = help_theirs:Theirs", THEIRS)
    assert "vae_of_theirs" in page(capsys, "train", "vae", "--help")
    assert "help_theirs" not in sys.modules
    shown = page(capsys, "train", "vae_of_theirs", "run", "--help")
    assert "--zeal X How eager. (from 0 to 1; default: 0.5)" in shown


@pytest.mark.parametrize("method", ["", *METHODS])
def test_a_method_that_is_wrong_is_refused_though_help_is_asked_for(
    method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", f"{method}x", "--help"]) == 2
    assert "is not among the objectives; " in capsys.readouterr().err


PAGES = [["--help"], *([name, "--help"] for name in COMMANDS)]
PAGES += [["train", method, flag] for method in METHODS for flag in ("--help", "--help-all")]


def test_no_help_imports_what_is_slow() -> None:
    program = (
        "import sys, json; from likeness.__main__ import main\n"
        f"for words in {PAGES!r}:\n"
        "    assert main(words) == 0\n"
        "heavy = sorted({name.partition('.')[0] for name in sys.modules})\n"
        "print(json.dumps(heavy), file=sys.stderr)"
    )
    said = process("-c", program)
    assert said.returncode == 0, said.stderr
    assert not {*HEAVY} & {*json.loads(said.stderr.splitlines()[-1])}
