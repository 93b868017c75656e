"""The tables and figures of Makhzani et al. 2015: each builds, and is of what its name says."""

import re
from pathlib import Path
from typing import Any

import pytest

from likeness import registry
from likeness.recipes._recipe import DRAWINGS, Row
from likeness.recipes.makhzani2016 import FIGURES, TABLES
from likeness.runs.settings import gather

RESULTS = (Path(__file__).resolve().parents[2] / "docs" / "results.md").read_text()
ROWS = {f"{table} {name}".strip(): row for table, rows in TABLES.items() for name, row in rows.items()}
BETTER = {"%": ("less", "classes"), "nats": ("more", "parzen")}
"""Which way is better and what is measured, by the unit of the paper's number."""


def number(row: Row) -> float:
    """The paper's number."""
    return float(row.paper.split()[0])


@pytest.mark.parametrize("name", list(ROWS))
def test_every_table_can_be_made_and_is_measured_in_the_papers_unit(name: str) -> None:
    row = ROWS[name]
    made_of = gather(row.method, dict(row.settings) | {"data": "digits"})
    assert made_of.method == row.method
    assert row.metric in registry.names("likeness.metrics")
    assert (row.better, row.metric) == BETTER[row.paper.split()[-1]]


NAMED = [name for name in ROWS if re.search(r"\d{2,}", name)]


@pytest.mark.parametrize("name", NAMED)
def test_labels_and_clusters_are_as_many_as_the_name_says(name: str) -> None:
    row, (many,) = ROWS[name], re.findall(r"\d{2,}", name)
    made_of = gather(row.method, dict(row.settings) | {"data": "digits"})
    counted = made_of.objective.code.class_count if name.startswith("cluster") else made_of.data.labels
    assert counted == int(many)
    if not name.startswith("cluster"):
        assert made_of.objective.code.class_count == 10


def test_all_labels_are_no_limit() -> None:
    row = ROWS["all"]
    assert gather(row.method, dict(row.settings) | {"data": "digits"}).data.labels is None


ORDERS = [
    ("all", "semi1000"), ("semi1000", "semi100"), ("cluster30", "cluster16"),
    ("reduce2d 1000-labels", "reduce2d 100-labels"),
]  # fmt: skip
"""More labels, or more clusters, err less."""


@pytest.mark.parametrize(("better", "worse"), ORDERS)
def test_in_the_paper_more_labels_or_clusters_err_less(better: str, worse: str) -> None:
    assert 0 < number(ROWS[better]) < number(ROWS[worse]) < 10


@pytest.mark.parametrize("name", list(ROWS))
def test_the_documentation_says_the_same_of_the_paper(name: str) -> None:
    assert f"| {ROWS[name].paper} |" in RESULTS


@pytest.mark.parametrize("name", list(FIGURES))
def test_every_figure_can_be_made_and_drawn(name: str) -> None:
    figure = FIGURES[name]
    objective = gather(figure.method, dict(figure.settings) | {"data": "digits"}).objective
    assert figure.draws and set(figure.draws) <= DRAWINGS.keys()
    assert ("plane" in figure.draws) == (objective.code.dims == 2)
    assert ("clusters" in figure.draws) == (figure.method == "aae_cluster")


PRIORS = [name for name in FIGURES if re.search("normal|petals|swiss-roll", name)]


@pytest.mark.parametrize("name", PRIORS)
def test_a_figure_that_names_a_prior_has_that_one(name: str) -> None:
    figure = FIGURES[name]
    objective: Any = gather(figure.method, dict(figure.settings) | {"data": "digits"}).objective
    assert name.endswith(objective.prior.name.replace("_", "-"))
