"""Classes that a test registers, and packages that it installs, are gone after it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from likeness import registry


@pytest.fixture(autouse=True)
def left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The registry as it was before the test."""
    before = {package: dict(classes) for package, classes in registry._REGISTERED.items()}
    yield
    registry._REGISTERED.update(before)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str, str], None]]:
    """Installs a package of one module, with an entry point `name = module:Class` for a group; the package
    has the name of the module."""
    modules: list[str] = []

    def install(group: str, point: str, code: str) -> None:
        module = point.partition("=")[2].strip().partition(":")[0]
        facts = tmp_path / f"{module}-1.0.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (facts / "entry_points.txt").write_text(f"[{group}]\n{point}\n")
        (tmp_path / f"{module}.py").write_text(code)
        modules.append(module)

    monkeypatch.syspath_prepend(tmp_path)
    yield install
    for module in modules:
        sys.modules.pop(module, None)
