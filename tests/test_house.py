"""Properties of the house that can be counted."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "likeness"
FILES = sorted(SOURCE.rglob("*.py"))
TREES = {file: ast.parse(file.read_text()) for file in FILES}


def functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Every function, and its file."""
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield file, node


def length(node: ast.FunctionDef) -> int:
    """Lines of a function's body, its docstring left out."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def relative(file: Path) -> str:
    """A file's name within the package."""
    return str(file.relative_to(SOURCE))


def test_functions_are_short() -> None:
    lengths = sorted(length(node) for _, node in functions())
    assert median(lengths) <= 7
    assert lengths[int(0.9 * len(lengths))] < 18
    assert lengths[-1] <= 60


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_no_file_is_long(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= 300


@pytest.mark.parametrize("file", [f for f in FILES if f.parent.name == "objectives"], ids=relative)
def test_an_objective_reads_like_its_algorithm_box(file: Path) -> None:
    steps = [node for where, node in functions() if where == file and node.name == "step"]
    assert all(length(node) <= 40 for node in steps)
    assert len(file.read_text().splitlines()) <= 130


def test_one_place_differentiates() -> None:
    calls = {
        relative(file)
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            node.attr == "backward"
            or (node.attr == "grad" and ast.unparse(node.value).endswith("autograd"))
        )
    }
    assert calls == {"gradients.py"}


def test_only_commands_print() -> None:
    printing = {
        relative(file)
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert all(name.startswith("commands/") or name == "__main__.py" for name in printing)


def test_nothing_is_unpickled() -> None:
    for file, tree in TREES.items():
        text = ast.unparse(tree)
        assert "import pickle" not in text and "torch.load(" not in text, relative(file)
        assert "allow_pickle=True" not in text, relative(file)


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_everything_public_says_what_it_is(file: Path) -> None:
    tree = TREES[file]
    assert ast.get_docstring(tree)
    public = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
    ]
    nested = {id(n) for _, f in functions() for n in ast.walk(f) if n is not f}
    told = _inherited(tree)
    missing = [
        n.name for n in public if id(n) not in nested and n.name not in told and not ast.get_docstring(n)
    ]
    assert not missing


def _inherited(tree: ast.Module) -> set[str]:
    """Methods of classes with a base that says what they do."""
    return {
        method.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.bases
        for method in node.body
        if isinstance(method, ast.FunctionDef)
    } | {
        method.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef)
        and any(ast.unparse(d) == "property" for d in method.decorator_list)
    }
