"""The table of attributes: what is measured, what is resumed, and what is said beside it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.analysis.attribute_fidelity import BEST_OF, RUNS, Followed, cosine, followed, read_off
from likeness.commands import reproduce
from likeness.commands.reproduce import scaled
from likeness.data.dataset import load
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.models.model import Model
from likeness.predictors import regressor
from likeness.predictors.regressor import About, Regressor
from likeness.recipes import larsen2016
from likeness.recipes._following import IMAGES, OTHERS, Line, lines, shown
from likeness.recipes.larsen2016 import ATTRIBUTES
from likeness.runs.loading import load_model as load_model
from likeness.runs.settings import gathered

TINY = {"net": {"name": "mlp", "hidden": 8}, "steps": 3, "batch": 8, "latent": 2, "size": "4"}
SMALL = replace(ATTRIBUTES, settings=TINY)


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of the test's own, and a regressor that trains a moment."""
    monkeypatch.setenv("LIKENESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(regressor, "STEPS", 4)
    monkeypatch.setattr(regressor, "BATCH", 8)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Forty images; one attribute is that of all."""
    file = tmp_path_factory.mktemp("marked") / "marked.npz"
    random = np.random.default_rng(0)
    marks = {name: random.integers(0, 2, 40) for name in ("a", "b", "c")}
    np.savez(file, images=random.integers(0, 255, (40, 4, 4, 1), np.uint8), all=np.ones(40, int), **marks)
    return str(file)


def test_rows_come_one_by_one_and_an_interrupted_table_goes_on(data: str, tmp_path: Path) -> None:
    steps: list[int] = []
    table = replace(SMALL, methods=("gan", "vae_dis_l"))
    first = list(lines(table, tmp_path, data, 2, "test", lambda p: steps.append(p.step)))
    assert [(line.name, line.seed) for line in first] == [
        (IMAGES, 0), (OTHERS, 0), *((m, s) for s in (0, 1) for m in table.methods)
    ]  # fmt: skip
    assert len(steps) == 4 + 4 * 3
    again = list(lines(table, tmp_path, data, 2, "test", lambda p: steps.append(p.step)))
    assert again == first and len(steps) == 16
    config = load_model(tmp_path / "vae_dis_l-1").config
    assert config.objective.given == ("a", "b", "c"), "an attribute of all tells nothing"
    assert config.borrow == {"discriminator": str(tmp_path / "gan-1")}


def test_what_is_measured_is_cosine_of_the_best_and_the_mean_error(data: str, tmp_path: Path) -> None:
    """Computed once more with NumPy from the images themselves."""
    list(lines(replace(SMALL, methods=("vae",)), tmp_path, data, 1, "test", lambda p: None))
    model = load_model(tmp_path / "vae-0")
    dataset = load(DataSettings(data=data), 0).telling(("a", "b", "c"))
    with torch.no_grad():  # so that codes make a difference
        for parameter in model.nets["decoder"].parameters():
            parameter.mul_(100)
    reader = regressor.regressor(tmp_path / "regressor", dataset, False, lambda p: None)
    attributes = torch.from_numpy(dataset.test.attributes)  # type: ignore[arg-type]
    wanted = 2 * attributes.numpy() - 1
    reads = [
        reader.read(model.decode(model.codes(len(wanted), k), attributes)).numpy() for k in range(RUNS)
    ]
    angles = [(r * wanted).sum(1) / np.linalg.norm(r, axis=1) / 3**0.5 for r in reads]
    errors = [((r - wanted) ** 2).mean() for r in reads]
    found = followed(model, reader, attributes)
    assert found.cosine.mean == pytest.approx(np.max(angles[:BEST_OF], 0).mean(), rel=1e-4)
    assert found.mse == pytest.approx(np.mean(errors), rel=1e-4)
    assert found.spread > 1e-4 and found.spread == pytest.approx(np.std(errors, ddof=1), rel=5e-3)


def test_a_perfect_reader_of_perfect_images_reads_what_was_asked_for() -> None:
    reader = Regressor(About(["a", "b"], [1, 1, 2], "", 1, 0.0), torch.nn.Flatten())
    attributes = torch.tensor([[0.0, 1.0], [1.0, 1.0]])
    found = read_off(reader, (2 * attributes - 1)[:, None, None], attributes)
    assert (found.cosine.mean, found.mse) == (pytest.approx(1.0), 0.0)
    assert cosine(torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0, 1.0]])).item() == pytest.approx(0.5**0.5)


def test_the_papers_numbers_are_those_recalled_and_stand_last() -> None:
    of = {
        IMAGES: (0.9193, 14.1987),
        "vae": (0.9030, 27.59),
        "gan": (0.8892, 27.89),
        "vae_gan": (0.9114, 22.39),
    }
    assert ATTRIBUTES.paper == of
    found = read_off(
        Regressor(About(["a"], [1, 1, 1], "", 1, 0.0), torch.nn.Flatten()),
        torch.full((4, 1, 1, 1), 0.5), torch.ones(4, 1),
    )  # fmt: skip
    twice = Followed(found.cosine, 2 * found.mse, 0.1)
    rows = shown([Line(IMAGES, 0, found), Line("vae", 0, twice), Line("vae_dis_l", 1, twice)], ATTRIBUTES)
    assert rows[1].split()[-3:] == ["0.9030", "27.59", "1.94"] and " 2.00 " in rows[1]
    assert rows[2].startswith("vae_dis_l, seed 1") and rows[2].endswith(" 2.00")


def test_every_method_can_be_made_at_any_scale() -> None:
    entry = scaled(ATTRIBUTES, {"size": "32", "steps": "5", "width": "0.25"})
    for method in entry.methods:
        made = gathered(method, {**entry.settings, "data": "digits", "given": ["a"]})
        assert (made.data.size, made.training.steps, made.net.width) == ("32", 5, 0.25)  # type: ignore[attr-defined]


def test_the_table_is_printed_and_drawn(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(larsen2016, "TABLES", {"attributes": replace(SMALL, methods=("gan", "vae_gan"))})
    words = ["larsen2016", "attributes", "--data", data, "--out", str(tmp_path / "t"), "--steps", "2"]
    reproduce.run(words)
    said = capsys.readouterr().out
    assert "vae_gan, seed 0" in said and "as recalled" in said
    assert len(json.loads((tmp_path / "t" / "attributes.json").read_text())) == 4
    with Image.open(tmp_path / "t" / "attributes.png") as drawn:
        assert drawn.size[0] > drawn.size[1] > 100
    assert isinstance(made := load_model(tmp_path / "t" / "gan-0"), Model) and made.step == 2


def test_data_without_attributes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no attributes: the data have no columns of 0 and 1; "):
        list(lines(SMALL, tmp_path, "digits", 1, "test", lambda p: None))


def test_a_paper_without_figures_has_none_to_be_asked_for() -> None:
    with pytest.raises(UserError, match="there is no table 'figures'; choose one of attributes"):
        reproduce.run(["larsen2016", "figures", "--data", "digits", "--out", "x"])
