"""The table of attributes: whose rows there are, what is resumed, and what is said beside it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.analysis.attribute_fidelity import AttributeFidelity, image_fidelity
from likeness.errors import UserError
from likeness.predictors import regressor
from likeness.predictors.regressor import Regressor, RegressorInfo
from likeness.recipes._following import (
    IMAGES,
    OTHERS,
    AttributeRow,
    attribute_rows,
    format_rows,
    write_rows,
)
from likeness.recipes.larsen2016 import ATTRIBUTES
from likeness.runs.run import Run
from likeness.training.progress import Progress

TINY = {"net": {"name": "mlp", "hidden": 8}, "steps": 3, "batch": 8, "latent": 2, "size": "4"}
SMALL = replace(ATTRIBUTES, settings=TINY)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A regressor that trains a moment."""
    monkeypatch.setattr(regressor, "STEPS", 4)
    monkeypatch.setattr(regressor, "BATCH_SIZE", 8)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Forty images; one attribute is that of all."""
    file = tmp_path_factory.mktemp("marked") / "marked.npz"
    random = np.random.default_rng(0)
    a, b, c = random.integers(0, 2, (3, 40))
    images = random.integers(0, 255, (40, 4, 4, 1), np.uint8)
    np.savez(file, images=images, all=np.ones(40, int), a=a, b=b, c=c)
    return str(file)


def test_rows_come_one_by_one_and_an_interrupted_table_goes_on(data: str, tmp_path: Path) -> None:
    steps: list[int] = []

    def count(progress: Progress) -> None:
        steps.append(progress.step)

    table = replace(SMALL, methods=("gan", "vae_dis_l"))
    first = list(attribute_rows(table, tmp_path, data, 2, "test", count))
    assert [(line.name, line.seed) for line in first] == [
        (IMAGES, 0), (OTHERS, 0), *((m, s) for s in (0, 1) for m in table.methods)
    ]  # fmt: skip
    assert len(steps) == 4 + 4 * 3
    again = list(attribute_rows(table, tmp_path, data, 2, "test", count))
    assert again == first and len(steps) == 16
    config = Run(tmp_path / "vae_dis_l-1").config()
    assert config.objective.condition == ("a", "b", "c"), "an attribute of all tells nothing"
    assert config.borrow == {"discriminator": str(tmp_path / "gan-1")}


def perfect() -> AttributeFidelity:
    """What is read where one attribute of four images is asked for and half there."""
    reader = Regressor(RegressorInfo(["a"], [1, 1, 1], "", 1, 0.0), torch.nn.Flatten())
    return image_fidelity(reader, torch.full((4, 1, 1, 1), 0.5), torch.ones(4, 1))


def test_the_papers_numbers_stand_last_and_errors_are_multiples_of_those_of_images() -> None:
    found = perfect()
    twice = AttributeFidelity(found.cosine, 2 * found.mse, 0.1)
    rows = format_rows(
        [
            AttributeRow(IMAGES, 0, found),
            AttributeRow("vae", 0, twice),
            AttributeRow("vae_dis_l", 1, twice),
        ],
        ATTRIBUTES,
    )
    cosine, error = ATTRIBUTES.paper["vae"]
    multiple = error / ATTRIBUTES.paper[IMAGES][1]
    assert rows[1].split()[-3:] == [f"{cosine:.4f}", f"{error:.2f}", f"{multiple:.2f}"]
    assert " 2.00 " in rows[1]
    assert rows[2].startswith("vae_dis_l, seed 1") and rows[2].endswith(" 2.00"), "the paper has none"


def test_the_table_is_kept_with_a_row_of_samples_for_each_method(data: str, tmp_path: Path) -> None:
    table = replace(SMALL, methods=("gan",))
    found = list(attribute_rows(table, tmp_path, data, 1, "test", lambda p: None))
    document, picture = write_rows(found, table, tmp_path, "test")
    kept = json.loads(document.read_text())
    assert [row["row"] for row in kept] == [IMAGES, OTHERS, "gan"]
    assert [row["mse"] for row in kept] == [line.found.mse for line in found]
    with Image.open(picture) as drawn:
        assert drawn.width > 3 * drawn.height, "one row of the four test images"


def test_data_without_attributes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no attributes: the data have no columns of 0 and 1; "):
        list(attribute_rows(SMALL, tmp_path, "digits", 1, "test", lambda p: None))
