"""A configuration from what a user says: plain names, a preset below them, a run that goes on."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from likeness import config
from likeness.__main__ import main
from likeness.data.settings import DataSettings, InMemory
from likeness.errors import UserError
from likeness.runs.settings import base, gathered, resumed
from support.small_runs import steps


def test_a_run_can_be_resumed_by_its_directory_alone(run: Path) -> None:
    settings = resumed(str(run), {"epochs": 1})
    assert (settings.training.steps, settings.training.epochs) == (None, 1)
    assert main(["train", "--resume", str(run), "--steps", "6"]) == 0
    assert steps(run)[-1] == 6


def test_a_run_that_goes_on_keeps_all_that_is_not_said_anew(run: Path) -> None:
    old, new = config.document(resumed(str(run), {})), config.document(resumed(str(run), {"keep": 9}))
    assert new.pop("log") == old.pop("log") | {"keep": 9}
    assert new == old


def test_plain_names_are_put_into_the_section_that_has_them() -> None:
    said: dict[str, Any] = {"data": "digits", "gamma": 2, "batch": 7, "keep": 2, "net": "mlp"}
    found = config.document(gathered("vae_gan", said))
    assert (found["method"], found["net"]["name"]) == ("vae_gan", "mlp")
    assert (found["objective"]["gamma"], found["training"]["batch"], found["log"]["keep"]) == (2, 7, 2)
    assert said == {"data": "digits", "gamma": 2, "batch": 7, "keep": 2, "net": "mlp"}


def test_what_is_said_is_laid_over_a_preset() -> None:
    plain, changed = (
        config.document(gathered("vae_gan", {"data": "digits", "preset": "demo"} | said))
        for said in ({}, {"batch": 7, "beta": 3.0})
    )
    assert (plain["training"]["batch"], plain["objective"]["beta"]) == (64, 10)
    assert (changed["training"]["batch"], changed["objective"]["beta"]) == (7, 3)
    assert changed["training"]["steps"] == plain["training"]["steps"] == 1500


def test_a_preset_says_something_of_the_methods_that_it_names_alone(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("methods:\n  vae: {latent: 5}\ntraining: {batch: 3}\n")
    given = {"preset": str(tmp_path / "p.yaml"), "data": "digits"}
    vae, ae = (gathered(method, given) for method in ("vae", "ae"))
    assert (vae.objective.code.dims, ae.objective.code.dims) == (5, 64)
    assert vae.training.batch == ae.training.batch == 3


WRONG = {
    "unknown method": ("methods:\n  veo: {}\n", r"has no method 'veo'; did you mean"),
    "method named": ("method: vae\n", r"names a method; put its settings under `methods`"),
    "methods are a list": (
        "methods: [vae]\n",
        r"methods is \['vae'\] in the preset .*; it must be settings",
    ),
    "a section is a word": (
        "training: long\n",
        r"training is 'long' in the preset .*; it must be a mapping",
    ),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_a_preset_that_makes_no_sense_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(UserError, match=message):
        gathered("vae", {"preset": str(tmp_path / "p.yaml"), "data": "digits"})


def test_a_setting_that_no_section_has_is_refused_with_near_ones() -> None:
    with pytest.raises(UserError, match=r"there is no setting 'btach'; did you mean batch"):
        gathered("vae", {"data": "digits", "btach": 4})
    with pytest.raises(UserError, match="there is no setting 'gamma'; "):
        gathered("vae", {"data": "digits", "gamma": 2})


def test_help_is_of_the_networks_that_a_run_or_a_preset_names(run: Path, tmp_path: Path) -> None:
    assert base(str(run), None)["net"] == {"name": "mlp", "hidden": 8} | base(str(run), None)["net"]
    assert base(None, "demo")["net"] == {"name": "resnet"}
    (tmp_path / "p.yaml").write_text("net: mlp\n")
    assert base(str(tmp_path / "none"), str(tmp_path / "p.yaml")) == {"net": {"name": "mlp"}}
    assert base(None, None) == {"net": {}}


def test_data_in_memory_are_held_and_written_as_such() -> None:
    array = np.zeros((9, 4, 4))
    made = gathered("vae", {"data": array, "grey": True, "preset": "default"})
    assert isinstance(made.data.data, InMemory) and made.data.data.value is array
    assert config.document(made)["data"]["data"] == "(memory)"


def test_settings_are_laid_over_whole_settings_of_data() -> None:
    images = DataSettings("digits", size=(4, 6), limit=100)
    made = gathered("vae", {"data": images, "limit": 50, "grey": True}).data
    assert (made.data, made.sides, made.limit, made.grey) == ("digits", (4, 6), 50, True)
