"""Verbs are functions: called from Python with the names and arguments of the command."""

import inspect
from pathlib import Path
from typing import Any

import pytest

import likeness.commands
from likeness.commands import Result, _index
from likeness.commands._verb import Verb
from likeness.errors import UserError

VERBS = [_index.find(name) for name in _index.names()]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_is_a_function_of_the_same_name_and_arguments(verb: Verb) -> None:
    function = getattr(likeness.commands, verb.name.replace("-", "_"))
    assert function.verb is verb and verb.name.replace("-", "_") in dir(likeness.commands)
    parameters = inspect.signature(function).parameters
    assert [name for name in parameters if name != "settings"] == list(verb.arguments)
    assert verb.summary.endswith(".") and len(verb.summary) < 110


def test_a_verb_is_called_from_python_with_what_the_command_takes(place: Path) -> None:
    made = likeness.commands.sample("run", n=2, out=str(place / "two.npy"))
    assert isinstance(made, Result) and made.files == [place / "two.npy"] and made.files[0].exists()
    path: Any = Path("run")
    assert likeness.commands.info(path).numbers["method"] == "vae_gan"
    with pytest.raises(UserError, match=r"^n is 0; input should be greater than or equal to 1$"):
        likeness.commands.sample("run", n=0)
    with pytest.raises(TypeError, match="number"):
        likeness.commands.sample("run", number=2)  # type: ignore[call-arg]


def test_python_trains_with_settings_by_any_of_their_names(tmp_path: Path) -> None:
    more: dict[str, Any] = {"net.hidden": 8, "code.latent": 2}
    made = likeness.commands.train("ae", str(tmp_path / "r"), data="digits", net="mlp", steps=2, **more)
    assert made.numbers["step"] == 2 and made.files == [tmp_path / "r"]
