"""Presets build, say what they are, and have the numbers they claim."""

import math
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from likeness import config, presets
from likeness.errors import UserError
from likeness.likelihoods import Normal
from likeness.runs.settings import gather
from likeness.shapes import Shape


def built(preset: str, method: str) -> config.Config:
    """A preset's configuration of a method."""
    return gather(method, {"preset": preset, "data": "digits"})


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_builds_for_every_method_it_names_and_says_what_it_is(name: str) -> None:
    methods = list(presets.read(name)["methods"])
    assert methods and [built(name, method).method for method in methods] == methods
    file = resources.files("likeness.presets").joinpath(f"{name}.yaml")
    first = file.read_text().partition("\n")[0]
    assert first.startswith("# ") and len(first) > 20
    assert f"{name}: {first.removeprefix('# ')}" in presets.describe()


AUTHORS = {
    "n_epochs": 150, "epoch_size": 250, "batch_size": 64, "lr_start": 0.02, "lr_stop": 1e-5, "wdecay": 1e-5,
    "recon_vs_gan_weight": 1e-5, "real_vs_gen_weight": 0.66,
}  # fmt: skip
"""What the authors' program for CelebA says, in its own words: epochs of so many batches, rates of the sum
over a batch, and a weight of the sum over all features of a layer (celeba_aegan.py and aegan.py of
github.com/andersbll/autoencoding_beyond_pixels)."""


def test_the_length_and_the_rates_of_the_paper_are_those_of_the_authors_code() -> None:
    t: Any = built("larsen2016", "vae_gan").training
    assert t.batch == AUTHORS["batch_size"]
    assert t.steps == AUTHORS["n_epochs"] * AUTHORS["epoch_size"]
    assert t.lr == pytest.approx(AUTHORS["lr_start"] / AUTHORS["batch_size"], rel=0.01)
    last = t.lr * t.schedule.factor(1.0)
    assert last == pytest.approx(AUTHORS["lr_stop"] / AUTHORS["batch_size"], rel=0.01)
    assert (t.optimizer.name, t.optimizer.weight_decay) == ("rmsprop", AUTHORS["wdecay"])


def test_the_weights_of_the_paper_are_those_of_the_authors_code() -> None:
    """Theirs of fakes is shared by reconstructions and samples."""
    c = built("larsen2016", "vae_gan")
    o: Any = c.objective
    Dis: Any = c.net.discriminator(Shape(3, 64, 64))
    features = math.prod(Dis.feature_shapes(Shape(3, 64, 64))[Dis.default_layer])
    assert o.gamma == pytest.approx(AUTHORS["recon_vs_gan_weight"] * features, rel=0.03)
    assert o.real_weight == AUTHORS["real_vs_gen_weight"]
    shares = o.reconstructed_weight, o.prior_weight
    assert shares == pytest.approx([(1 - AUTHORS["real_vs_gen_weight"]) / 2] * 2)
    assert o.features.feature_likelihood == Normal(variance=1.0)


def authors_pause(real: float, fake: float, equilibrium: float = 0.68, margin: float = 0.35) -> set[str]:
    """The one whom the authors' rule leaves out, by the costs of telling real and fake images."""
    paused = set()
    if real < equilibrium - margin or fake < equilibrium - margin:
        paused.add("discriminator")
    if real > equilibrium + margin or fake > equilibrium + margin:
        paused.add("decoder")
    return set() if len(paused) == 2 else paused


@pytest.mark.parametrize("real", [0.1, 0.32, 0.34, 0.6, 1.0, 1.04, 3.0])
@pytest.mark.parametrize("fake", [0.1, 0.32, 0.34, 0.6, 1.0, 1.04, 3.0])
def test_the_paper_pauses_whom_the_authors_rule_pauses(real: float, fake: float) -> None:
    o: Any = built("larsen2016", "vae_gan").objective
    assert o.paused_moves({"real": real, "prior": fake}) == authors_pause(real, fake)


@pytest.mark.parametrize("method", ["gan", "vae_dis_l", "vae_gan"])
def test_the_default_preset_says_what_is_taken_without_one(method: str) -> None:
    """But for the length, which has no default."""
    plain = config.document(gather(method, {"data": "digits"}))
    said = config.document(built("default", method))
    said["training"]["steps"] = None
    assert said == plain


def test_a_preset_may_be_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("methods: {vae: {latent: 5}}\ntraining: {lr: 0.01}\n")
    made = built(str(file), "vae")
    assert (made.objective.code.dims, made.training.lr) == (5, 0.01)


def test_what_is_said_besides_a_preset_counts_more() -> None:
    assert gather("vae_gan", {"preset": "demo", "data": "x", "latent": 3}).objective.code.dims == 3


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
    ("training: {optimizer: sgd}", "training.optimizer is {'name': 'sgd'}; "),
]
NO_METHODS = ["methods: 3", "methods: [vae]", "methods:"]
UNSAID = [
    ("methods: {vea: {latent: 3}}", "has no method 'vea'; did you mean vae?"),
    ("method: gan", "names a method; put its settings under `methods`"),
    ("training: 3", "training is 3 in the preset"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_what_is_wrong_in_a_preset_of_ones_own_is_named(text: str, message: str, tmp_path: Path) -> None:
    assert message in refusal(text, tmp_path)


@pytest.mark.parametrize("text", NO_METHODS)
def test_methods_that_are_no_mapping_are_named(text: str, tmp_path: Path) -> None:
    assert "mine.yaml; it must be settings by method" in refusal(text, tmp_path)


@pytest.mark.parametrize(("text", "message"), UNSAID)
def test_nothing_in_a_preset_is_dropped_in_silence(text: str, message: str, tmp_path: Path) -> None:
    assert message in refusal(text, tmp_path)


def refusal(text: str, folder: Path) -> str:
    """What is said of a VAE with a preset."""
    (folder / "mine.yaml").write_text(text)
    with pytest.raises(UserError) as caught:
        gather("vae", {"preset": str(folder / "mine.yaml"), "data": "digits", "steps": 5})
    return str(caught.value)
