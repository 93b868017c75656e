"""What is installed from the wheel is the whole package, and works without the source beside it."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import likeness

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "likeness"
PATIENCE = 120
"""Seconds that a step may take on a busy machine."""
NEEDED = [
    "py.typed", "__init__.pyi", "nets/__init__.pyi", "pages/look.css", "presets/default.yaml",
    "explorer/static/index.html", "explorer/static/explorer.css", "explorer/static/js/main.js",
]  # fmt: skip


def run(*words: object) -> str:
    """The output of a program that ends well, without the source on its path."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, env=clean, cwd="/", timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel and, besides, what the running one has installed."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    [wheel] = folder.glob("*.whl")
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
    (site / "beside.pth").write_text(sysconfig.get_path("purelib"))  # whose own .pth files are not read
    return python


def test_the_package_is_imported_from_the_wheel_and_has_every_file(python: Path) -> None:
    found = Path(run(python, "-c", "import likeness; print(likeness.__file__)")).parent
    assert found.is_relative_to(python.parents[1])
    files = {file.relative_to(SOURCE) for file in SOURCE.rglob("*") if file.is_file()}
    expected = {file for file in files if "__pycache__" not in file.parts}
    assert {file for file in expected if not (found / file).is_file()} == set()
    assert set(map(Path, NEEDED)) <= expected


def test_its_command_answers(python: Path) -> None:
    command = python.with_name("likeness")
    assert run(command, "--version") == f"likeness {likeness.__version__}"
    assert "--temperature" in run(command, "sample", "--help")
