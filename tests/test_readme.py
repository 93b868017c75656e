"""What the README shows is so."""

import re
from pathlib import Path

import pytest

from likeness import presets, registry

README = (Path(__file__).resolve().parents[1] / "README.md").read_text()
RUNS = (Path(__file__).resolve().parents[1] / "docs" / "runs.md").read_text()


def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "".join(re.findall(r"```python\n(.*?)```", README, re.S))
    assert "steps=300" in code
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(code.replace("steps=300", "steps=2, net={'name': 'mlp', 'hidden': 8}"), names)
    assert names["x"].shape == (16, 1, 8, 8)
    assert names["z"].shape == (16, 64)
    assert float(names["loss"]) > 0 == float(names["metric"](names["x"], names["x"]))
    assert (names["arrays"].dtype.name, names["arrays"].shape) == ("uint8", (16, 8, 8, 1))


def test_it_shows_every_method() -> None:
    assert set(re.findall(r"^\| `(\w+)`", README, re.M)) == set(registry.names("likeness.objectives"))
    assert all(name in README for name in (*registry.names("likeness.nets"), "larsen2016"))
    assert set(re.findall(r"--preset (\w+)", README)) <= set(presets.names())


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 100


def test_the_layout_of_a_run_is_the_one_that_its_page_shows() -> None:
    from likeness.runs import run

    assert run.__doc__
    shown = re.findall(r"^  ([\w.]+/?) ", RUNS.split("```")[1], re.M)
    assert shown == re.findall(r"^RUN/([\w.]+/?) ", run.__doc__, re.M)
