"""`likeness reproduce`: a paper's table or figure, made again and printed beside the paper's."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.commands.verbs.reproduce import override
from likeness.models.autoencoder import Autoencoder
from likeness.predictors import regressor
from likeness.recipes import larsen2016, makhzani2016
from likeness.recipes._recipe import Figure, Row
from likeness.recipes.larsen2016 import ATTRIBUTES
from likeness.runs.loading import load_model
from likeness.runs.settings import gather
from support.commands import Likeness, done, refused

NET = {"name": "mlp", "hidden": 8, "critic_hidden": 8}
TINY = {"net": NET, "steps": 3, "batch": 8, "latent": 2}


def test_a_table_and_figures_are_printed_beside_the_papers(
    likeness: Likeness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {"": Row("9.9 %", "less", "aae_semi", TINY, "classes")}
    figures = {"figure1": Figure("codes", "aae", TINY, ("plane",))}
    monkeypatch.setattr(makhzani2016, "TABLES", {"small": table})
    monkeypatch.setattr(makhzani2016, "FIGURES", figures)
    made = done(likeness("reproduce", "makhzani2016", "small", "--data", "digits", "--out", tmp_path / "t"))
    found = re.search(r"makhzani2016 small: paper 9\.9 %, here (\d+\.\d\d) \(test, 1 seeds; less", made.out)
    assert found
    document = json.loads((tmp_path / "t" / "seed-0" / "evaluation-test.json").read_text())
    assert float(found[1]) == pytest.approx(next(iter(document["numbers"].values()))["mean"], abs=0.006)
    out = tmp_path / "f"
    drawn = done(likeness("reproduce", "makhzani2016", "figures", "--data", "digits", "--out", out))
    assert drawn.out.startswith("makhzani2016 figure1: codes\n") and "holes " in drawn.out
    assert f"  {out / 'figure1' / 'plane.png'}\n" in drawn.out
    assert (out / "figure1" / "plane.png").exists()


def test_the_table_of_attributes_is_printed_and_drawn(
    likeness: Likeness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regressor, "STEPS", 4)
    monkeypatch.setattr(regressor, "BATCH_SIZE", 8)
    random, data, out = np.random.default_rng(0), tmp_path / "marked.npz", tmp_path / "t"
    a, b = random.integers(0, 2, (2, 40))
    np.savez(data, images=random.integers(0, 255, (40, 4, 4, 1), np.uint8), a=a, b=b)
    tiny = {"net": {"name": "mlp", "hidden": 8}, "steps": 3, "batch": 8, "latent": 2, "size": "4"}
    small = replace(ATTRIBUTES, settings=tiny, methods=("gan", "vae_gan"))
    monkeypatch.setattr(larsen2016, "TABLES", {"attributes": small})
    words = ["reproduce", "larsen2016", "attributes", "--data", data, "--out", out, "--steps", "2"]
    said = done(likeness(*words))
    assert "vae_gan, seed 0" in said.out and "as recalled" in said.out
    assert len(json.loads((out / "attributes.json").read_text())) == 4
    with Image.open(out / "attributes.png") as drawn:
        assert drawn.size[0] > drawn.size[1] > 100
    assert isinstance(made := load_model(out / "gan-0"), Autoencoder) and made.step == 2


def test_every_method_can_be_made_at_any_scale() -> None:
    entry = override(ATTRIBUTES, {"data.size": "32", "training.steps": "5", "net.width": "0.25"})
    assert entry.methods == ATTRIBUTES.methods and len(entry.methods) == 4
    for method in entry.methods:
        made = gather(method, {**entry.settings, "data": "digits", "condition": ["a"]})
        width = getattr(made.net, "width", None)
        assert (made.data.size, made.training.steps, width) == ("32", 5, 0.25)


def test_a_setting_that_is_not_named_is_the_recipes() -> None:
    assert override(ATTRIBUTES, {}) == ATTRIBUTES
    entry = override(ATTRIBUTES, {"net.width": "0.5"})
    made, paper = (gather("vae_gan", {**e.settings, "data": "digits"}) for e in (entry, ATTRIBUTES))
    assert (made.net.width, paper.net.width) == (0.5, 1.0)  # type: ignore[attr-defined]
    assert replace(made, net=paper.net) == paper


REFUSED = [
    (["makhzani2015", "x"], "'makhzani2015' is not among the recipes; did you mean makhzani2016?"),
    (["larsen2016", "figures"], "there is no table 'figures'; choose one of attributes"),
    (["makhzani2016", "semi10"], "there is no table 'semi10'; did you mean semi100"),
    (["makhzani2016", "all", "--seeds", "0"], "--seeds is '0'; input should be greater than or equal to 1"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_is_not_in_a_paper_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, tmp_path: Path
) -> None:
    said = likeness("reproduce", *words, "--data", "digits", "--out", tmp_path / "x")
    assert message in refused(said)
    assert not (tmp_path / "x").exists()
