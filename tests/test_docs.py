"""What the documentation says is so: every command and every program of every page does what it should."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import likeness
from likeness import registry
from likeness.__main__ import main
from likeness.explorer.opened import Gallery
from likeness.explorer.server import Server
from support import manual
from support.manual import PAGES, ROOT
from support.processes import process
from support.registered import left_as_it_was

__all__ = ["left_as_it_was"]  # what a page registers is gone after it

RUN_PAGES = [
    page for page in PAGES if any(not c.long for c in manual.commands(page)) or manual.program(page)
]
LONG_PAGES = [page for page in PAGES if any(c.long for c in manual.commands(page))]
REFERENCE = "".join(page.read_text() for page in sorted((ROOT / "docs" / "reference").glob("*.md")))
OBJECTS = re.findall(r"^::: likeness\.([\w.]+)", REFERENCE, re.M)
SHAPES = {
    "README.md": (16, 8, 8, 1),
    "docs/python.md": (16, 8, 8, 1),
    "docs/tutorial.md": (9, 16, 16, 3),
}
"""Of the arrays that the program of a page comes to."""
NO_DATA = re.compile(r"there are no data|is not a run")
"""How a command ends that was understood, where neither data nor runs are."""


def photographs(folder: Path, count: int, seed: int) -> None:
    """Made-up photographs in a folder."""
    folder.mkdir(parents=True)
    for k in range(count):
        noise = np.random.default_rng(seed + k).integers(0, 255, (5, 6, 3), dtype=np.uint8)
        Image.fromarray(noise).resize((45, 35)).save(folder / f"{k}.jpg")


def train(method: str, path: str, seed: int = 0) -> None:
    """A small run of the photographs."""
    net = {"name": "mlp", "hidden": 16}
    small: dict[str, Any] = {"net": net, "latent": 8, "batch": 8, "steps": 3, "seed": seed}
    likeness.train(method, path, data="photos/", size=16, ema=0.9, **small)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that pages begin with: photographs, other images, and runs."""
    folder = tmp_path_factory.mktemp("stock")
    for name, count in (("photos", 240), ("new", 4), ("people/smiling", 20), ("people/serious", 20)):
        photographs(folder / name, count, seed=count)
    for name in ("smiling", "serious"):
        photographs(folder / name, 3, seed=len(name))
    shutil.copytree(folder / "photos", folder / "moved")
    rows = [f"{k}/{n}.jpg,{n + 20},{n % 2}" for k in ("smiling", "serious") for n in range(20)]
    (folder / "people" / "people.csv").write_text("\n".join(["file_name,age,glasses", *rows]))
    for k, name in enumerate(("a", "b", "c", "me", "you")):
        shutil.copy(folder / "photos" / f"{k}.jpg", folder / f"{name}.jpg")
    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(folder / "3.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        train("vae_gan", "runs/photos")
        train("vae_gan", "runs/other", seed=1)
        train("vae", "runs/vae")
    return folder


@pytest.fixture
def place(stock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of that folder to do in what a page says; the browser stays closed."""
    shutil.copytree(stock, tmp_path / "place")
    monkeypatch.chdir(tmp_path / "place")
    monkeypatch.setattr("webbrowser.open", lambda address: None)
    monkeypatch.setattr(Server, "serve_forever", lambda self, poll_interval: None)
    monkeypatch.setattr(Gallery, "prepare", lambda self: None)
    yield tmp_path / "place"


def carry_out(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Give a command, which must end well and leave what it was asked to write."""
    out = Path(words[words.index("--out") + 1]) if "--out" in words else None
    made = manual.run_made(words)
    for path in filter(None, (out, made)):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    code = main(words)
    assert code == 0, (words, capsys.readouterr().err)
    assert out is None or out.exists(), words
    assert made is None or (made / "report.html").exists(), words


@pytest.mark.parametrize("page", RUN_PAGES)
def test_what_a_page_tells_to_type_can_be_done(
    page: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in manual.commands(page):
        if not command.long:
            carry_out(manual.quick(command.words), capsys)
    names: dict[str, Any] = {"__name__": page}
    exec(manual.program(page), names)
    assert np.shape(names.get("arrays", 0)) == SHAPES.get(page, ())


@pytest.mark.parametrize("page", LONG_PAGES)
def test_what_needs_data_or_hours_is_understood(
    page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIKENESS_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    for command in filter(lambda command: command.long, manual.commands(page)):
        assert main(command.words) == 2, command.words
        assert NO_DATA.search(capsys.readouterr().err), command.words


def test_every_command_is_shown_and_carried_out() -> None:
    shown = {c.words[0].replace("-", "_") for page in PAGES for c in manual.commands(page)}
    short = {c.words[0].replace("-", "_") for page in PAGES for c in manual.commands(page) if not c.long}
    assert shown == set(registry.names("likeness.commands.verbs"))
    assert shown - short == {"compare", "reproduce"}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_of_pages_beside_the_site_lead_somewhere(page: str) -> None:
    """Those within the site are checked where it is made."""
    links = manual.links(page)
    assert links or page == "CHANGELOG.md"
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_public_name_is_in_the_reference() -> None:
    packages = {
        name for name in likeness.__all__ if name.islower() and hasattr(getattr(likeness, name), "__path__")
    }
    assert set(likeness.__all__) - packages <= set(OBJECTS)
    assert packages - {"objectives"} <= {name.partition(".")[0] for name in OBJECTS} | {"objectives"}


@pytest.mark.parametrize("name", OBJECTS)
def test_what_the_reference_names_is_there_and_has_a_docstring(name: str) -> None:
    found: Any = likeness
    for part in name.split("."):
        found = getattr(found, part)
    assert found.__doc__


def test_results_are_on_one_page() -> None:
    assert len((ROOT / "docs" / "results.md").read_text().splitlines()) <= 200


def test_the_page_of_commands_is_the_help_of_every_command() -> None:
    """After a change: python scripts/commands_page.py."""
    said = process("scripts/commands_page.py", "--check")
    assert said.returncode == 0, said.stderr
