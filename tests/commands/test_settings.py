"""Settings on a command line: of which trainings they may be."""

from typing import Any

import pytest

from likeness.commands import _index, _parser, _settings
from likeness.commands._parser import Words

SCOPES: list[tuple[str, dict[str, Any], list[tuple[str | None, str]]]] = [
    ("train", {}, [(None, "larsen")]),
    ("train", {"method": "vae"}, [("vae", "larsen")]),
    ("train", {"method": "vae", "net": "mlp"}, [("vae", "mlp")]),
    ("train", {"method": "vae", "preset": "demo"}, [("vae", "resnet")]),
    ("compare", {"methods": ["ae", "vae"]}, [("ae", "larsen"), ("vae", "larsen")]),
]


@pytest.mark.parametrize(("verb", "arguments", "scopes"), SCOPES)
def test_settings_are_those_of_the_methods_and_networks_that_are_named(
    verb: str, arguments: dict[str, Any], scopes: list[tuple[str | None, str]]
) -> None:
    assert _settings.scopes(_index.find(verb), arguments) == scopes


def test_a_setting_is_found_in_the_first_training_that_has_it() -> None:
    words = Words({"methods": ["ae", "vae_gan"]}, {"gamma": "2", "lr": "1"}, frozenset())
    found = _settings.by_full_name(_index.find("compare"), words)
    assert found == {"objective.gamma": "2", "training.lr": "1"}


def test_groups_of_several_methods_are_shown_once() -> None:
    a, b = {"data": [], "method ae": []}, {"data": [], "method vae": []}
    assert list(_settings.merge([a, b])) == ["data", "method ae", "method vae"]
    assert _parser.option_of("code.latent_size") == "--code.latent-size"
