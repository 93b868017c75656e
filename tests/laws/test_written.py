"""What no objective says: how gradients are taken, where numbers are, what they are."""

import ast
from pathlib import Path

import pytest

import likeness

SOURCE = Path(likeness.__file__).parent
FILES = sorted([*(SOURCE / "objectives").glob("*.py"), *(SOURCE / "codes").glob("*.py")])
NEVER = {
    "no_grad", "enable_grad", "inference_mode", "detach", "backward", "grad", "item", "tolist", "numpy",
    "requires_grad_", "cuda", "cpu", "manual_seed", "rand", "randn", "randint", "rand_like", "randn_like",
    "randperm", "multinomial", "bernoulli", "normal_", "uniform_",
}  # fmt: skip
CHECKS = {"check_labels": {"tolist"}}
"""Functions that look at training data before anything is trained."""
HELD_FIXED = {
    ("aae_semi.py", "prior_classes"): "the prior is not drawn where the encoder is to go",
    (
        "aae_semi.py",
        "class_information",
    ): "the class of an image as it is, is what that of its view is to agree with",
}
"""Where a formula takes a value as a constant within a move."""


def names(tree: ast.AST) -> set[str]:
    """Attributes and functions that are named."""
    found = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return found | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def functions(file: Path) -> list[ast.FunctionDef]:
    """All functions of a file."""
    return [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_an_objective_neither_takes_gradients_nor_reads_numbers_nor_draws_them(file: Path) -> None:
    for function in functions(file):
        said = names(function) & NEVER - CHECKS.get(function.name, set())
        assert not said, f"{function.name} of {file.name} says {said}"


def test_every_value_that_is_held_fixed_is_listed() -> None:
    held = {
        (file.name, function.name)
        for file in FILES
        for function in functions(file)
        if "stop_gradient" in names(function)
    }
    assert held == HELD_FIXED.keys()
