"""Registries: what a folder offers, and what is said of a name that it does not have."""

import ast
from importlib import resources

import pytest

from likeness import registry
from likeness.errors import UserError
from likeness.nets import Family
from likeness.objectives import Objective

FOLDERS = ["likeness.objectives", "likeness.nets", "likeness.commands", "likeness.metrics"]


@pytest.mark.parametrize("package", FOLDERS)
def test_every_public_file_is_an_entry_and_no_other(package: str) -> None:
    files = {p.name for p in resources.files(package).iterdir() if p.name.endswith(".py")}
    public = {name[:-3] for name in files if not name.startswith("_")}
    assert registry.names(package) == sorted(public)
    assert public


@pytest.mark.parametrize("package", FOLDERS)
def test_every_entry_is_a_module_of_that_name_with_a_sentence(package: str) -> None:
    for name in registry.names(package):
        found = registry.module(package, name)
        assert found.__name__ == f"{package}.{name}"
        assert ast.get_docstring(ast.parse(resources.files(package).joinpath(f"{name}.py").read_text()))


@pytest.mark.parametrize(
    ("package", "base"), [("likeness.nets", Family), ("likeness.objectives", Objective)]
)
def test_an_entry_is_the_class_that_its_own_file_defines(package: str, base: type) -> None:
    for name in registry.names(package):
        found = registry.entry(package, name, base)
        assert issubclass(found, base)
        assert found.__module__ == f"{package}.{name}"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("vae_gam", r"'vae_gam' is not among the objectives; did you mean vae_gan"),
        ("zzz", r"'zzz' is not among the objectives; choose one of aae"),
        ("_objective", r"'_objective' is not among the objectives"),
        ("__init__", r"is not among"),
        ("../nets/mlp", r"is not among"),
        ("", r"is not among"),
    ],
)
def test_a_name_that_is_not_there_lists_the_near_ones(word: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        registry.module("likeness.objectives", word)


def test_at_most_three_near_words_are_listed_the_nearest_first() -> None:
    near = registry.near("conv3", ["relu", "conv1", "conv2", "conv33", "conv4"])
    assert near.startswith("did you mean conv33 or ")
    assert near.count(" or ") == 2
