"""What the README shows is so."""

import re
from pathlib import Path

import pytest

from likeness import presets, registry

README = (Path(__file__).resolve().parents[1] / "README.md").read_text()


def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "".join(re.findall(r"```python\n(.*?)```", README, re.S))
    assert "steps=300" in code
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(code.replace("steps=300", "steps=2, net={'name': 'mlp', 'hidden': 8}"), names)
    assert names["x"].shape == (16, 1, 8, 8)
    assert names["z"].shape == (16, 64)
    assert float(names["loss"](names["x"], -names["x"])) > 0
    assert (names["arrays"].dtype.name, names["arrays"].shape) == ("uint8", (16, 8, 8, 1))


def test_it_shows_every_command_and_every_method() -> None:
    shown = {word.replace("-", "_") for word in re.findall(r"^likeness ([\w-]+)", README, re.M)}
    assert shown == set(registry.names("likeness.commands"))
    assert set(re.findall(r"^\| `(\w+)`", README, re.M)) == set(registry.names("likeness.objectives"))
    assert all(name in README for name in (*registry.names("likeness.nets"), "larsen2016"))
    assert set(re.findall(r"--preset (\w+)", README)) <= set(presets.names())


def test_its_pictures_and_links_are_there() -> None:
    root = Path(__file__).resolve().parents[1]
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert all((root / link).exists() for link in links if "://" not in link)


def test_the_layout_of_a_run_is_the_one_it_shows() -> None:
    from likeness.runs import run

    assert run.__doc__
    shown = re.findall(r"^  ([\w.]+/?) ", README, re.M)
    assert shown == re.findall(r"^RUN/([\w.]+/?) ", run.__doc__, re.M)
