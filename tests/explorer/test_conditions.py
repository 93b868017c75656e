"""Runs with conditions in the explorer: each is a control, and holds for all that is made."""

import threading
from pathlib import Path

import numpy as np
import pytest
import torch

import likeness
from likeness.errors import UserError
from likeness.explorer.answers import QUESTIONS, Answer
from likeness.explorer.opened import Gallery
from likeness.explorer.server import Server
from likeness.models.autoencoder import Autoencoder
from support.browser import CHROMIUM, browsing
from support.explorer import same

HAIR = ("black", "blond", "red")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAE/GAN of images that are dark or not, of three classes of hair, and brighter with age."""
    folder = tmp_path_factory.mktemp("conditioned")
    random = np.random.default_rng(0)
    dark, hair, age = random.integers(0, 2, 120), random.integers(0, 3, 120), random.uniform(20, 80, 120)
    images = random.uniform(0, 60, (120, 6, 6, 1)) + (60 * dark + age)[:, None, None, None]
    images[:, :2] += 20 * hair[:, None, None, None]
    np.savez(
        folder / "data.npz", images=images.astype(np.uint8), dark=dark, hair=np.array(HAIR)[hair], age=age
    )
    likeness.train(
        "vae_gan", folder / "run", data=str(folder / "data.npz"), condition="dark,hair,age",
        net={"name": "mlp", "hidden": 16}, latent=3, steps=30, batch=8, lr=0.01,
    )  # fmt: skip
    return folder / "run"


@pytest.fixture(scope="module")
def model(path: Path) -> Autoencoder:
    """It, loaded."""
    return likeness.load(path)


@pytest.fixture(scope="module")
def gallery(path: Path) -> Gallery:
    """It, explored."""
    return Gallery([str(path)])


def ask(gallery: Gallery, question: str, **said: object) -> Answer:
    """The answer to a question."""
    return QUESTIONS[question](gallery, **said)


SAID = {"dark": 1, "hair": "red", "age": 33.0}


def test_each_condition_is_a_control_in_the_units_of_the_data(gallery: Gallery, model: Autoencoder) -> None:
    dark, hair, age = ask(gallery, "runs")["runs"][0]["conditions"]
    assert (dark["kind"], hair["kind"], age["kind"]) == ("binary", "class", "number")
    assert dark["value"] in (0, 1) and hair["value"] in HAIR and hair["classes"] == HAIR
    assert 20 <= age["least"] < 25 and 75 < age["most"] <= 80
    assert age["value"] == pytest.approx(age["mean"], abs=0.5)


def test_samples_edits_and_ways_are_decoded_under_the_condition(
    gallery: Gallery, model: Autoencoder
) -> None:
    z, row = model.sample_codes(2), model.conditions.row(SAID)
    expected = model.decode(z, row)
    samples = ask(gallery, "samples", run=0, n=2, condition=SAID)["pictures"]
    edited = ask(gallery, "edit", run=0, code=z[0].tolist(), add={}, condition=SAID)["pictures"]
    ends = {"a": z[0].tolist(), "b": z[1].tolist(), "steps": 2, "every": 1}
    ways = ask(gallery, "between", run=0, **ends, condition=SAID)["pictures"]
    assert same(samples[0], expected[:1]) and same(samples[1], expected[1:])
    assert same(edited[0], expected[:1]) and same(ways[1], expected[1:])
    for name, other in (("dark", 0), ("hair", "black"), ("age", 70.0)):
        changed = ask(gallery, "samples", run=0, n=2, condition=SAID | {name: other})["pictures"]
        assert changed != samples, name


def test_an_image_of_the_data_is_seen_under_its_own_condition_unless_another_is_said(
    gallery: Gallery, model: Autoencoder
) -> None:
    known = gallery[0].data_sample()
    source = {"kind": "data", "run": 0, "index": 4}
    own = ask(gallery, "look", run=0, source=source)
    assert known.conditions is not None
    row = torch.from_numpy(known.conditions[4:5])
    assert own["condition"] == model.conditions.words(row)[0]
    x = known.images(model, [4])
    np.testing.assert_allclose(own["code"], model.encode(x, condition=row).mean[0], atol=2e-6)
    other = ask(gallery, "look", run=0, source=source, condition={"age": 20.0})
    assert other["condition"] == own["condition"] | {"age": pytest.approx(20, abs=1e-4)}
    assert other["code"] != own["code"]


def test_a_code_is_decoded_under_what_is_said_with_it(gallery: Gallery, model: Autoencoder) -> None:
    z, row = model.sample_codes(1), model.conditions.row(SAID)
    source = {"kind": "code", "run": 0, "code": z[0].tolist(), "condition": SAID}
    seen = ask(gallery, "look", run=0, source=source, again=True, condition=SAID)
    made = model.decode(z, row).clamp(-1, 1)
    assert same(seen["original"], model.scaling.to_unit(model.arrays(made)))
    assert ask(gallery, "look", run=0, source=source, condition=SAID)["condition"]["hair"] == "red"


def test_files_projections_and_neighbours_take_conditions(gallery: Gallery, model: Autoencoder) -> None:
    source = {"kind": "data", "run": 0, "index": 1}
    found = ask(gallery, "project", run=0, source=source, steps=3, condition=SAID)
    assert found["condition"]["hair"] == "red" and len(found["code"]) == 3
    codes = [
        ask(gallery, "file", run=0, source=source, kind="code", condition=c)["content"]
        for c in (SAID, SAID | {"dark": 0})
    ]
    assert codes[0] != codes[1]
    near = ask(gallery, "neighbours", run=0, source=source, k=2)
    assert near["learned"]["rows"][0] == 1 and near["learned"]["distances"][0] < 1e-4


@pytest.mark.parametrize(
    ("condition", "line"),
    [
        ({"hair": "rad"}, "hair has no class 'rad'; did you mean red"),
        ({"age": "old"}, "age is 'old'; write a number"),
        ({"dark": 3}, "dark is 3.0; write 0 or 1"),
        ({"tall": 1}, "this model has no condition 'tall'"),
    ],
)
def test_what_is_no_condition_is_refused_in_one_line(
    gallery: Gallery, condition: dict[str, object], line: str
) -> None:
    with pytest.raises(UserError, match=line) as found:
        ask(gallery, "samples", run=0, condition=condition)
    assert "\n" not in str(found.value)


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_the_page_has_a_switch_a_choice_and_a_slider(gallery: Gallery, tmp_path: Path) -> None:
    made = "document.querySelector('#made').src"
    with Server(gallery) as server, browsing(tmp_path) as page:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        page.size(1400, 900)
        page.open(server.address)
        page.wait("document.querySelector('#errors')")
        age = float(page.value("document.querySelector('#conditions input[type=range]').value"))
        known = gallery[0].data_sample().conditions
        assert known is not None
        assert age == pytest.approx(
            gallery[0].model.conditions.words(torch.from_numpy(known[:1]))[0]["age"]
        )
        for act in (
            "document.querySelector('#conditions input[type=checkbox]').click()",
            "(() => { const s = document.querySelector('#conditions select');"
            " s.selectedIndex = (s.selectedIndex + 1) % 3; s.dispatchEvent(new Event('change')); })()",
            "(() => { const s = document.querySelector('#conditions input[type=range]');"
            " s.value = 75; s.dispatchEvent(new Event('input')); })()",
        ):
            before = page.value(made)
            page.value(act)
            page.wait(f"{made} !== {before!r}")
        said = page.value("document.querySelector('#command').textContent")
        assert "--condition dark:" in said and "age:75" in said
        page.click("#tab-sampling")
        page.wait("document.querySelectorAll('#samples img').length === 24")
        first = "document.querySelector('#samples img').src"
        before = page.value(first)
        page.value("document.querySelector('#conditions input[type=checkbox]').click()")
        page.wait(f"{first} !== {before!r}")
        assert not page.faults
        server.shutdown()
