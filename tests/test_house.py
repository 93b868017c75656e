"""Properties of the house that can be counted."""

import ast
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from statistics import median

import pytest

import likeness
from likeness.commands._options import fields

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
    shared = file.name.startswith("_")
    assert len(file.read_text().splitlines()) <= (130 if shared else 90)


def uses(tree: ast.AST) -> Iterator[str]:
    """Every dotted name that is read or imported: `torch.autograd.grad`, `pickle`, `yaml.load`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute | ast.Name):
            yield ast.unparse(node)


def users(*patterns: str) -> set[str]:
    """Files that use a name which matches one of some patterns."""
    wanted = re.compile("|".join(patterns))
    return {relative(f) for f, tree in TREES.items() if any(map(wanted.fullmatch, uses(tree)))}


def test_one_place_differentiates() -> None:
    assert users(r"(?s:.*)\bautograd\b.*", r"(?s:.*)\.backward", r"torch\.func\..*") == {"gradients.py"}


def test_one_place_steps_optimizers() -> None:
    names = {relative(f) for f, tree in TREES.items() if "torch.optim" in ast.unparse(tree)}
    assert names and all(name.startswith("training/") for name in names)


def test_only_commands_print() -> None:
    printing = users("print", r"sys\.stdout.*", r"sys\.stderr.*", r"tqdm.*")
    assert all(name.startswith("commands/") or name == "__main__.py" for name in printing)


PICKLES = (r"(c?pickle|dill|cloudpickle|joblib|shelve|marshal)(\..*)?", r"torch\.(load|save|jit\.load)")


def test_nothing_is_unpickled() -> None:
    assert users(*PICKLES) == set()
    allowed = [
        relative(file)
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
        and node.arg == "allow_pickle"
        and ast.unparse(node.value) != "False"
    ]
    assert not allowed


def test_nothing_that_is_read_is_run_as_code() -> None:
    assert users("compile") == {"training/settings.py"}, "the setting of that name, and nothing else"
    assert users("eval", "exec", r"os\.system", r"yaml\.(load|unsafe_load|full_load)") == set()
    assert users(r"runpy(\..*)?") == {"priors/drawn.py"}, "the sampler that a user names, and nothing else"
    shells = users(r"subprocess(\..*)?")
    assert shells == set()


SAID = ("UserError", "RunError", "parser.error")


def said(node: ast.expr) -> str:
    """The text of a message as far as the source has it; a value is shown as its name."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.BinOp):
        return said(node.left) + said(node.right)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(said, node.values))
    return f"{{{ast.unparse(node.value if isinstance(node, ast.FormattedValue) else node)}}}"


def messages() -> Iterator[tuple[str, str]]:
    """What every error tells the user, and its place; not what another function makes up."""
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in SAID and node.args:
                text = said(node.args[0])
                if not re.fullmatch(r"\{.*\}", text):
                    yield f"{relative(file)}:{node.lineno}", text


PASSED_ON = re.compile(r"\{(error|str\(error\).*)\}")


def test_every_error_says_a_fact_and_a_remedy() -> None:
    found = list(messages())
    assert len(found) > 80
    assert not [(place, text) for place, text in found if "; " not in text and not PASSED_ON.search(text)]


def test_no_error_has_two_lines_or_a_full_stop() -> None:
    wrong = [(place, text) for place, text in messages() if "\n" in text or text.endswith((".", "!"))]
    assert not wrong


def settings_classes() -> list[type]:
    """Every settings class of the package."""
    modules = (name.name for name in pkgutil.walk_packages(likeness.__path__, "likeness."))
    loaded = [import_module(name) for name in modules if not name.endswith("__main__")]
    values = (value for m in loaded for value in vars(m).values())
    found = {v for v in values if isinstance(v, type) and hasattr(v, "__pydantic_fields__")}
    return sorted(found, key=lambda cls: (cls.__module__, cls.__name__))


@pytest.mark.parametrize("cls", settings_classes(), ids=lambda cls: cls.__name__)
def test_every_setting_says_what_it_is(cls: type) -> None:
    assert is_dataclass(cls) and cls.__dataclass_params__.frozen
    silent = [name for name, _, _, text in fields(cls) if name != "name" and len(text) < 5]
    assert not silent


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
