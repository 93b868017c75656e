"""A recipe is made once for each seed, gone on with, measured and drawn."""

from pathlib import Path

import pytest
from PIL import Image

from likeness import registry
from likeness.errors import UserError
from likeness.recipes._recipe import DRAWINGS, Figure, Row, draw_figure, find_entry, reproduce_row
from likeness.runs.run import Run

NET = {"name": "mlp", "hidden": 8, "critic_hidden": 8}
TINY = {"net": NET, "steps": 3, "batch": 8, "latent": 2}


def test_a_table_is_made_once_for_each_seed_and_interrupted_goes_on(tmp_path: Path) -> None:
    tiny = Row("1 %", "less", "aae_semi", TINY, "classes")
    steps: list[int] = []
    first = list(reproduce_row(tiny, tmp_path, "digits", 2, "test", lambda p: steps.append(p.step)))
    assert steps == [1, 2, 3, 1, 2, 3]
    assert [Run(tmp_path / f"seed-{seed}").config().training.seed for seed in (0, 1)] == [0, 1]
    assert len(first) == 2 and all(0 <= value <= 100 for value in first)
    again = list(reproduce_row(tiny, tmp_path, "digits", 2, "test", lambda p: steps.append(p.step)))
    assert again == first and len(steps) == 6


def test_a_figure_is_drawn_and_its_holes_measured(tmp_path: Path) -> None:
    figure = Figure("codes", "aae", TINY, ("plane", "manifold"))
    paths, measured = draw_figure(figure, tmp_path, "digits", "test", lambda p: None)
    assert [path.name for path in paths] == ["plane.png", "manifold.png"]
    assert [Image.open(path).size for path in paths] == [(640, 640), (20 * 66 + 2, 10 * 66 + 2)]
    assert measured.keys() == {"two_sample_accuracy", "holes"}


def test_every_drawing_is_also_a_command() -> None:
    assert DRAWINGS and DRAWINGS.keys() <= set(registry.names("likeness.commands.verbs"))


def test_an_unknown_name_lists_the_near_ones() -> None:
    entries = {"semi100": 1, "semi1000": 2, "parzen": 3}
    assert find_entry("table", entries, "parzen") == 3
    with pytest.raises(UserError, match="there is no table 'semi10'; did you mean semi100 or semi1000"):
        find_entry("table", entries, "semi10")
