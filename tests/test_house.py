"""Properties of the house that can be counted."""

import ast
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from statistics import median

import pytest

import likeness
from likeness import registry
from likeness.config import objective_class
from likeness.options import fields

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
def test_the_file_of_an_objective_is_short(file: Path) -> None:
    """Though a method is whole in it: settings, players, moves, step and every formula of a loss. What an
    objective is, which authors of others read, may be longer by a little."""
    assert len(file.read_text().splitlines()) <= (130 if file.name.startswith("_") else 140)


def step_of(method: str) -> ast.FunctionDef:
    """The step that a method plays, its own or the one that it inherits."""
    played = objective_class(method).step
    file = SOURCE / "objectives" / f"{played.__module__.rpartition('.')[2]}.py"
    owner = played.__qualname__.partition(".")[0]
    [cls] = [n for n in TREES[file].body if isinstance(n, ast.ClassDef) and n.name == owner]
    [step] = [n for n in cls.body if isinstance(n, ast.FunctionDef) and n.name == "step"]
    return step


@pytest.mark.parametrize("method", registry.names("likeness.objectives"))
def test_an_objective_reads_like_its_algorithm_box(method: str) -> None:
    step = step_of(method)
    assert any(isinstance(node, ast.Yield) for node in ast.walk(step)), "a game has a phase at least"
    assert length(step) <= 40


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
    return {file for file, names in used().items() if any(map(wanted.fullmatch, names))}


@cache
def used() -> dict[str, set[str]]:
    """The names that each file uses."""
    return {relative(file): set(uses(tree)) for file, tree in TREES.items()}


def test_one_place_differentiates() -> None:
    """To say what the derivative of a sum over processes is, as batches do, is not to take one."""
    patterns = r"(?s:.*)\bautograd\b(?!\.Function$|$).*", r"(?s:.*)\.backward", r"torch\.func\..*"
    assert users(*patterns) == {"gradients.py"}
    assert users(r"(?s:.*)\bautograd\.Function") == {"batch.py"}


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
    assert users(r"runpy(\..*)?") == {"priors/sampler.py"}, (
        "the sampler that a user names, and nothing else"
    )
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
    assert is_dataclass(cls) and vars(cls)["__dataclass_params__"].frozen
    silent = [name for name, _, _, text, *_ in fields(cls) if name != "name" and len(text) < 5]
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
    own = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    nested = {id(n) for f in own for n in ast.walk(f) if n is not f}
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


TESTS = Path(__file__).resolve().parent
MODULES = [relative(file) for file in FILES if file.name != "__init__.py"]
MIRRORED = 180
"""Modules that have a test of their own, at least."""
EXCEPTIONS = {
    "training/progress.py",
}
"""Modules without one: each is tested by those of its neighbours."""


def mirror(module: str) -> Path:
    """Where the test of a module stands."""
    file = TESTS / module
    return file.with_name(f"test_{file.stem.strip('_')}.py")


@pytest.mark.parametrize("module", sorted({*MODULES} - EXCEPTIONS))
def test_the_test_of_a_module_stands_where_the_module_does(module: str) -> None:
    assert mirror(module).exists()


def test_no_exception_has_a_test_by_now_or_is_gone() -> None:
    assert not [module for module in sorted(EXCEPTIONS) if mirror(module).exists()]
    assert not EXCEPTIONS - {*MODULES}


def test_two_modules_never_share_a_test_and_most_have_one() -> None:
    assert len({mirror(module) for module in MODULES}) == len(MODULES)
    assert sum(mirror(module).exists() for module in MODULES) >= MIRRORED


LARGEST = 0.16
"""Share of the package's lines that a room may have."""
WITHIN = ("data/sources", "data/reading")
"""Folders that are rooms of their own."""


def room(file: Path) -> str:
    """The room that a file of the package is in; "" for those above all rooms."""
    inside = relative(file)
    own = [folder for folder in WITHIN if inside.startswith(f"{folder}/")]
    return own[0] if own else inside.partition("/")[0] if "/" in inside else ""


def test_no_room_is_crowded() -> None:
    lines: Counter[str] = Counter()
    for file in SOURCE.rglob("*"):
        if file.suffix in {".py", ".js", ".css", ".html"}:
            lines[room(file)] += len(file.read_text().splitlines())
    assert {"data", *WITHIN, "explorer", "objectives"} <= lines.keys()
    total = sum(lines.values())
    assert not {name: n for name, n in lines.items() if name and n > LARGEST * total}


METHOD_NAMES = registry.names("likeness.objectives")
PLAYER_NAMES = {
    "encoder",
    "decoder",
    "discriminator",
    "critic",
    "class_critic",
    "classifier",
    "heads",
    "scale",
}
METHOD_CLASSES = {objective_class(name).__name__ for name in METHOD_NAMES}
BEYOND = [f for f in FILES if f.parent.name not in ("objectives", "recipes")]
"""Files that know no method, though they list them; recipes are of named methods."""


def branches(tree: ast.AST) -> Iterator[str]:
    """What is asked of a method's name, of a network's name or of a method's class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            said = [n.value for n in [node.left, *node.comparators] if isinstance(n, ast.Constant)]
            yield from ({str(word) for word in said} & {*METHOD_NAMES, *PLAYER_NAMES})
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            yield from {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} & METHOD_CLASSES
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("likeness.objectives."):
            yield node.module or ""


@pytest.mark.parametrize("file", BEYOND, ids=relative)
def test_nothing_beyond_objectives_branches_on_a_method_or_a_network_by_name(file: Path) -> None:
    assert list(branches(TREES[file])) == []


@pytest.mark.parametrize(
    "code",
    ['"discriminator" in nets', 'config.method == "vae_gan"', "isinstance(objective, VAEGAN)",
     "from likeness.objectives.vae_gan import VAEGAN", 'nets.keys() - {"x"} != "encoder"'],
)  # fmt: skip
def test_such_branches_are_seen(code: str) -> None:
    assert list(branches(ast.parse(code)))
