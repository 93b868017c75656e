"""Presets build, say what they are, and have the numbers they claim."""

from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from likeness import config, presets
from likeness.errors import UserError
from likeness.runs.settings import gathered


def built(preset: str, method: str) -> config.Config:
    """A preset's configuration of a method."""
    return gathered(method, {"preset": preset, "data": "digits"})


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_builds_for_every_method_it_names_and_says_what_it_is(name: str) -> None:
    for method in presets.read(name)["methods"]:
        assert built(name, method).method == method
    file = resources.files("likeness.presets").joinpath(f"{name}.yaml")
    first = file.read_text().partition("\n")[0]
    assert first.startswith("# ") and len(first) > 20
    assert f"{name}: {first.removeprefix('# ')}" in presets.described()


def test_the_paper_has_the_numbers_of_the_authors_code() -> None:
    c = built("larsen2016", "vae_gan")
    o: Any = c.objective
    assert (o.latent, o.gamma, o.fooling, o.balance) == (128, 0.16, "saturating", True)
    assert (o.equilibrium, o.margin) == (0.68, 0.35)
    assert (o.real_weight, o.reconstructed_weight, o.prior_weight) == (0.66, 0.17, 0.17)
    assert (o.feature_likelihood.name, o.feature_likelihood.variance) == ("normal", 1.0)
    t: Any = c.training
    assert (t.steps, t.batch, t.optimizer.name, t.optimizer.weight_decay) == (37500, 64, "rmsprop", 1e-5)
    assert t.lr == pytest.approx(0.02 / 64, rel=0.01)
    assert t.lr * t.schedule.factor(1.0) == pytest.approx(1e-5 / 64, rel=0.01)


@pytest.mark.parametrize("method", ["gan", "vae_dis_l", "vae_gan"])
def test_the_default_preset_says_what_is_taken_without_one(method: str) -> None:
    plain = config.document(gathered(method, {"data": "digits"}))
    said = config.document(built("default", method))
    said["training"]["steps"] = None
    assert said == plain


def test_a_preset_may_be_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("methods: {vae: {latent: 5}}\ntraining: {lr: 0.01}\n")
    made = built(str(file), "vae")
    assert (made.objective.latent, made.training.lr) == (5, 0.01)


def test_what_is_said_besides_a_preset_counts_more() -> None:
    assert gathered("vae_gan", {"preset": "demo", "data": "x", "latent": 3}).objective.latent == 3


def test_an_unknown_preset_and_a_broken_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"'larsen' is neither a preset nor a file; did you mean larsen2016\?"
    ):
        presets.read("larsen")
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [")
    with pytest.raises(UserError, match=r"broken\.yaml is not a YAML file of settings"):
        presets.read(str(broken))


BAD = [
    ("methods: {vae: 3}", "objective is 3; it must be a mapping"),
    ("net: 3", "net is 3; it must be a name"),
    ("speed: 3", "there is no setting 'speed'; choose one of"),
    ("methods: {vae: {latnt: 3}}", "there is no setting 'latnt'; did you mean latent"),
    ("training: {optimizer: sgd}", "training.optimizer"),
]
NO_METHODS = ["methods: 3", "methods: [vae]", "methods:"]
UNSAID = ["methods: {vea: {latent: 3}}", "method: gan", "training: 3"]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_what_is_wrong_in_a_preset_of_ones_own_is_named(text: str, message: str, tmp_path: Path) -> None:
    assert message in refusal(text, tmp_path)


@pytest.mark.parametrize("text", NO_METHODS)
def test_methods_that_are_no_mapping_are_named(text: str, tmp_path: Path) -> None:
    assert "methods" in refusal(text, tmp_path)


@pytest.mark.parametrize("text", UNSAID)
def test_nothing_in_a_preset_is_dropped_in_silence(text: str, tmp_path: Path) -> None:
    refusal(text, tmp_path)


def refusal(text: str, folder: Path) -> str:
    """What is said of a VAE with a preset."""
    (folder / "mine.yaml").write_text(text)
    with pytest.raises(UserError) as caught:
        gathered("vae", {"preset": str(folder / "mine.yaml"), "data": "digits", "steps": 5})
    return str(caught.value)
