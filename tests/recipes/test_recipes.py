"""Recipes build, name metrics that exist, and are made once for each seed."""

from pathlib import Path

import pytest

from likeness import registry
from likeness.errors import UserError
from likeness.recipes._recipe import Table, made, table_of
from likeness.recipes.makhzani2016 import TABLES
from likeness.runs.settings import gathered

PAPER = {
    "parzen": "340",
    "semi100": "1.90",
    "semi1000": "1.60",
    "all": "0.85",
    "cluster16": "9.55",
    "cluster30": "4.10",
    "reduce2d1000": "4.20",
    "reduce2d100": "6.08",
}


@pytest.mark.parametrize("name", list(TABLES))
def test_every_table_can_be_made_and_measured(name: str) -> None:
    table = TABLES[name]
    made_of = gathered(table.method, dict(table.settings) | {"data": "digits"})
    assert made_of.method == table.method
    assert table.metric in registry.names("likeness.metrics")
    assert table.better == ("more" if name == "parzen" else "less")


def test_the_papers_numbers_are_those_recalled() -> None:
    assert {name: table.paper.split()[0] for name, table in TABLES.items()} == PAPER


def test_a_table_is_made_once_for_each_seed_and_interrupted_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKENESS_CACHE", str(tmp_path / "cache"))
    net = {"name": "mlp", "hidden": 8, "critic_hidden": 8}
    tiny = Table("1 %", "less", "aae_semi", {"net": net, "steps": 3, "batch": 8, "latent": 2}, "classes")
    steps: list[int] = []
    first = list(made(tiny, tmp_path, "digits", 2, "test", lambda p: steps.append(p.step)))
    assert steps == [1, 2, 3, 1, 2, 3]
    assert len(first) == 2 and all(0 <= value <= 100 for value in first)
    again = list(made(tiny, tmp_path, "digits", 2, "test", lambda p: steps.append(p.step)))
    assert again == first and len(steps) == 6


def test_an_unknown_table_lists_the_near_ones() -> None:
    with pytest.raises(UserError, match="there is no table 'semi10'; did you mean semi100"):
        table_of(TABLES, "semi10")
