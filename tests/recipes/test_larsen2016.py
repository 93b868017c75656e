"""The table of Larsen et al. 2016: who is trained, how long, and what the paper says of each."""

from pathlib import Path

import pytest

from likeness import presets
from likeness.recipes._following import IMAGES
from likeness.recipes.larsen2016 import ATTRIBUTES, FIGURES, TABLES
from likeness.runs.settings import gather

RESULTS = (Path(__file__).resolve().parents[2] / "docs" / "results.md").read_text()
COSINE = {row: cosine for row, (cosine, _) in ATTRIBUTES.paper.items()}
ERROR = {row: error for row, (_, error) in ATTRIBUTES.paper.items()}


@pytest.mark.parametrize("method", ATTRIBUTES.methods)
def test_every_method_is_trained_as_long_and_as_wide_as_in_the_paper(method: str) -> None:
    said = {**ATTRIBUTES.settings, "data": "digits", "condition": ["a"]}
    made, paper = gather(method, said), gather(method, {"data": "digits", "preset": "larsen2016"})
    assert (made.training.steps, made.training.batch) == (paper.training.steps, paper.training.batch)
    assert (made.objective.code.dims, made.net) == (paper.objective.code.dims, paper.net)
    assert method in presets.read("larsen2016")["methods"]


def test_a_lender_is_trained_before_its_borrower() -> None:
    order = ATTRIBUTES.methods
    assert ATTRIBUTES.borrowed
    for borrower, lender in ATTRIBUTES.borrowed.items():
        assert order.index(lender) < order.index(borrower)
        assert "discriminator" in gather(lender, {"data": "digits"}).objective.moves


def test_in_the_paper_images_follow_best_and_the_vae_gan_best_of_the_models() -> None:
    models = ("vae_gan", "vae", "gan")
    assert ATTRIBUTES.paper.keys() == {IMAGES, *models}
    assert sorted(COSINE, key=lambda row: -COSINE[row]) == [IMAGES, *models]
    assert sorted(ERROR, key=lambda row: ERROR[row]) == [IMAGES, *models]


@pytest.mark.parametrize("row", ATTRIBUTES.paper)
def test_the_documentation_says_the_same_of_the_paper(row: str) -> None:
    assert f"| {COSINE[row]:.4f}, {ERROR[row]:.2f}, {ERROR[row] / ERROR[IMAGES]:.2f} |" in RESULTS


def test_there_is_a_table_and_no_figure() -> None:
    assert (list(TABLES), list(FIGURES)) == (["attributes"], [])
