"""A configuration from what a user says: plain names, a preset below them, a run that goes on."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from likeness import config
from likeness.__main__ import main
from likeness.data.settings import DataSettings, InMemory
from likeness.errors import UserError
from likeness.options import resolve
from likeness.runs.settings import check_names, full_names, gather, initial_net, resume, settings_of
from support.small_runs import steps


def test_a_run_can_be_resumed_by_its_directory_alone(run: Path) -> None:
    settings = resume(str(run), {"epochs": 1})
    assert (settings.training.steps, settings.training.epochs) == (None, 1)
    assert main(["train", "--resume", str(run), "--steps", "6"]) == 0
    assert steps(run)[-1] == 6


def test_a_run_that_goes_on_keeps_all_that_is_not_said_anew(run: Path) -> None:
    old, new = config.document(resume(str(run), {})), config.document(resume(str(run), {"keep": 9}))
    assert new.pop("log") == old.pop("log") | {"keep": 9}
    assert new == old


def test_plain_names_are_put_into_the_section_that_has_them() -> None:
    said: dict[str, Any] = {"data": "digits", "gamma": 2, "batch": 7, "keep": 2, "net": "mlp"}
    found = config.document(gather("vae_gan", said))
    assert (found["method"], found["net"]["name"]) == ("vae_gan", "mlp")
    assert (found["objective"]["gamma"], found["training"]["batch"], found["log"]["keep"]) == (2, 7, 2)
    assert said == {"data": "digits", "gamma": 2, "batch": 7, "keep": 2, "net": "mlp"}


def test_what_is_said_is_laid_over_a_preset() -> None:
    plain, changed = (
        config.document(gather("vae_gan", {"data": "digits", "preset": "demo"} | said))
        for said in ({}, {"batch": 7, "beta": 3.0})
    )
    assert (plain["training"]["batch"], plain["objective"]["beta"]) == (64, 10)
    assert (changed["training"]["batch"], changed["objective"]["beta"]) == (7, 3)
    assert changed["training"]["steps"] == plain["training"]["steps"] == 1500


def test_a_preset_says_something_of_the_methods_that_it_names_alone(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("methods:\n  vae: {latent: 5}\ntraining: {batch: 3}\n")
    given = {"preset": str(tmp_path / "p.yaml"), "data": "digits"}
    vae, ae = (gather(method, given) for method in ("vae", "ae"))
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
        gather("vae", {"preset": str(tmp_path / "p.yaml"), "data": "digits"})


def test_a_setting_that_no_section_has_is_refused_with_near_ones() -> None:
    with pytest.raises(UserError, match=r"there is no setting 'btach'; did you mean batch"):
        gather("vae", {"data": "digits", "btach": 4})
    with pytest.raises(UserError, match="there is no setting 'gamma'; "):
        gather("vae", {"data": "digits", "gamma": 2})


def test_help_is_of_the_networks_that_a_run_or_a_preset_names(run: Path, tmp_path: Path) -> None:
    assert initial_net(run, None) == "mlp"
    assert initial_net(None, "demo") == "resnet"
    (tmp_path / "p.yaml").write_text("net: mlp\n")
    assert initial_net(tmp_path / "none", str(tmp_path / "p.yaml")) == "mlp"
    assert initial_net(None, None) == config.DEFAULT_NET


ENDS = ["latent", "code.latent", "objective.code.latent"]


@pytest.mark.parametrize("name", ENDS)
def test_a_setting_is_named_by_any_end_of_its_full_name(name: str) -> None:
    found = gather("vae", {"data": "digits", name: 5})
    assert found.objective.code.dims == 5


def test_an_end_of_several_names_is_refused_with_all_of_them() -> None:
    with pytest.raises(
        UserError, match=r"several settings 'shift'; write augment.*\.shift or .*view\.shift"
    ):
        gather("aae_cluster", {"data": "digits", "shift": 2})
    found = gather("aae_cluster", {"data": "digits", "view.shift": 2, "augmentation.shift": 1})
    assert (found.objective.view.shift, found.augmentation.shift) == (2, 1)  # type: ignore[attr-defined]
    assert gather("vae", {"data": "digits", "shift": 2}).augmentation.shift == 2


def test_no_two_full_names_are_the_same_and_each_names_itself() -> None:
    known = full_names("aae_cluster", "larsen")
    assert len(known) == len({*known}) and [resolve(name, known) for name in known] == known


def test_settings_over_a_preset_win_however_either_is_written(tmp_path: Path) -> None:
    for text in ("{latent: 5, code: {name: flat}}", "{code: {latent: 5}}", "{code.latent: 5}"):
        (tmp_path / "p.yaml").write_text(f"methods:\n  vae: {text}\n")
        preset = {"preset": str(tmp_path / "p.yaml"), "data": "digits"}
        assert gather("vae", preset).objective.code.dims == 5
        assert all(gather("vae", preset | {name: 6}).objective.code.dims == 6 for name in ENDS)


def test_settings_of_a_method_are_those_it_has() -> None:
    settings = {"gamma": 2, "batch": 4, "net": "mlp", "net.hidden": 8}
    assert settings_of("vae_gan", settings) == settings
    assert settings_of("ae", settings) == {"batch": 4, "net": "mlp", "net.hidden": 8}
    check_names(["ae", "vae_gan"], settings)
    with pytest.raises(UserError, match="there is no setting 'gamma'"):
        check_names(["ae", "vae"], settings)


def test_data_in_memory_are_held_and_written_as_such() -> None:
    array = np.zeros((9, 4, 4))
    made = gather("vae", {"data": array, "grey": True, "preset": "default"})
    assert isinstance(made.data.data, InMemory) and made.data.data.value is array
    assert config.document(made)["data"]["data"] == "(memory)"


def test_settings_are_laid_over_whole_settings_of_data() -> None:
    images = DataSettings("digits", size=(4, 6), limit=100)
    made = gather("vae", {"data": images, "limit": 50, "grey": True}).data
    assert (made.data, made.sides, made.limit, made.grey) == ("digits", (4, 6), 50, True)
