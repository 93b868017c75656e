"""Recipes build, name metrics that exist, and are made once for each seed."""

from pathlib import Path

import pytest

from likeness import registry
from likeness.commands import reproduce
from likeness.errors import UserError
from likeness.objectives._classifying import Classifying
from likeness.recipes import makhzani2016
from likeness.recipes._recipe import DRAWINGS, Figure, Row, drawn, made, named
from likeness.recipes.makhzani2016 import FIGURES, TABLES
from likeness.runs.settings import gathered

PAPER = {
    "parzen ": "340",
    "semi100 ": "1.90",
    "semi1000 ": "1.60",
    "all ": "0.85",
    "cluster16 ": "9.55",
    "cluster30 ": "4.10",
    "reduce2d 1000-labels": "4.20",
    "reduce2d 100-labels": "6.08",
}
ROWS = {f"{table} {name}": row for table, rows in TABLES.items() for name, row in rows.items()}
NET = {"name": "mlp", "hidden": 8, "critic_hidden": 8}
TINY = {"net": NET, "steps": 3, "batch": 8, "latent": 2}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Images are kept in a folder of the test's own."""
    monkeypatch.setenv("LIKENESS_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("name", list(ROWS))
def test_every_table_can_be_made_and_measured(name: str) -> None:
    row = ROWS[name]
    made_of = gathered(row.method, dict(row.settings) | {"data": "digits"})
    assert made_of.method == row.method
    assert row.metric in registry.names("likeness.metrics")
    assert row.better == ("more" if name == "parzen " else "less")


def test_the_papers_numbers_are_those_recalled() -> None:
    assert {name: row.paper.split()[0] for name, row in ROWS.items()} == PAPER


@pytest.mark.parametrize("name", list(FIGURES))
def test_every_figure_can_be_made_and_drawn(name: str) -> None:
    figure = FIGURES[name]
    objective = gathered(figure.method, dict(figure.settings) | {"data": "digits"}).objective
    assert figure.draws and set(figure.draws) <= DRAWINGS.keys()
    assert "plane" not in figure.draws or objective.latent == 2
    assert "clusters" not in figure.draws or isinstance(objective, Classifying)


def test_a_table_is_made_once_for_each_seed_and_interrupted_goes_on(tmp_path: Path) -> None:
    tiny = Row("1 %", "less", "aae_semi", TINY, "classes")
    steps: list[int] = []
    first = list(made(tiny, tmp_path, "digits", 2, "test", lambda p: steps.append(p.step)))
    assert steps == [1, 2, 3, 1, 2, 3]
    assert len(first) == 2 and all(0 <= value <= 100 for value in first)
    again = list(made(tiny, tmp_path, "digits", 2, "test", lambda p: steps.append(p.step)))
    assert again == first and len(steps) == 6


def test_a_figure_is_drawn_and_its_holes_measured(tmp_path: Path) -> None:
    figure = Figure("codes", "aae", TINY, ("plane", "manifold"))
    paths, measured = drawn(figure, tmp_path, "digits", "test", lambda p: None)
    assert [path.name for path in paths] == ["plane.png", "manifold.png"]
    assert all(path.stat().st_size > 1000 for path in paths)
    assert measured.keys() == {"two_sample_accuracy", "holes"}


def test_a_table_and_figures_are_printed_beside_the_papers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    table = {"": Row("9.9 %", "less", "aae_semi", TINY, "classes")}
    figures = {"figure1": Figure("codes", "aae", TINY, ("plane",))}
    monkeypatch.setattr(makhzani2016, "TABLES", {"small": table})
    monkeypatch.setattr(makhzani2016, "FIGURES", figures)
    for name in ("small", "figures"):
        reproduce.run(["makhzani2016", name, "--data", "digits", "--out", str(tmp_path / name)])
    said = capsys.readouterr().out
    assert "makhzani2016 small: paper 9.9 %, here " in said and "holes " in said
    assert (tmp_path / "figures" / "figure1" / "plane.png").exists()


def test_an_unknown_table_lists_the_near_ones() -> None:
    with pytest.raises(UserError, match="there is no table 'semi10'; did you mean semi100"):
        named("table", TABLES, "semi10")
