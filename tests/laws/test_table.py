"""The table of methods and layouts in the docs says what the package does."""

import re
from pathlib import Path

import pytest

from laws.games import METHODS
from laws.test_layouts import layouts
from likeness.codes import ClassAndStyle, Flat, Heads, Spatial, StyleAndLabel

DOCS = Path(__file__).resolve().parents[2] / "docs" / "methods.md"
ROWS = {
    cells[0].strip("` "): [cell.strip() for cell in cells[1:]]
    for cells in (line.strip("|").split("|") for line in DOCS.read_text().splitlines() if "|" in line)
    if len(cells) == 4 and cells[0].strip("` ") in METHODS and cells[1].strip() in ("yes", "")
}
NAMES = {layout.__name__: layout for layout in (ClassAndStyle, Heads, StyleAndLabel)}


def test_the_table_has_a_row_for_every_method() -> None:
    assert sorted(ROWS) == sorted(METHODS)


@pytest.mark.parametrize("method", METHODS)
def test_a_row_names_the_layouts_that_the_method_admits(method: str) -> None:
    flat, spatial, other = ROWS[method]
    assert (flat == "yes") == (Flat in layouts(method))
    assert spatial.startswith("yes") == (Spatial in layouts(method))
    assert spatial.startswith("yes") or len(spatial.removeprefix("no: ")) > 10, "a reason is missing"
    named = {NAMES[name] for name in re.findall(r"`(\w+)`", other) if name in NAMES}
    assert named == layouts(method) - {Flat, Spatial}
