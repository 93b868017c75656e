"""An installed package adds one class of each kind, which the commands and the page serve."""

import json
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from likeness import registry
from likeness.__main__ import main
from likeness.explorer.answers import QUESTIONS
from likeness.explorer.opened import Gallery
from likeness.runs.run import Run
from support.processes import process

PACKAGE = Path(__file__).parent / "support" / "own_package"
POINTS = {
    "likeness.objectives": "wae_mmd = wae.games:WAEMMD",
    "likeness.nets": "leaky = wae.parts:Leaky",
    "likeness.priors": "half_normal = wae.parts:HalfNormal",
    "likeness.posteriors": "bounded = wae.parts:Bounded",
    "likeness.likelihoods": "cubic = wae.parts:Cubic",
    "likeness.data": "stripes = wae.images:Stripes",
    "likeness.metrics": "brightness = wae.images:Brightness",
}
BROKEN = "likeness.metrics", "blur = torn:Blur"
WORDS = [
    "--data", "stripes", "--net", "leaky", "--net.units", "16", "--mmd-weight", "5", "--latent", "2",
    "--prior", "half_normal", "--prior.spread", "2", "--posterior", "bounded", "--posterior.limit", "4",
    "--likelihood", "cubic", "--likelihood.power", "2", "--steps", "4", "--batch", "8",
]  # fmt: skip


def install(site: Path, name: str, points: dict[str, str]) -> None:
    """Say of a package in `site` that it is installed, with entry points."""
    facts = site / f"{name}-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    groups = "".join(f"[{group}]\n{point}\n" for group, point in points.items())
    (facts / "entry_points.txt").write_text(groups)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place of installed packages: the one with a class of each kind, and one that cannot be imported."""
    made = tmp_path_factory.mktemp("site")
    shutil.copytree(PACKAGE, made, dirs_exist_ok=True)
    install(made, "wae", POINTS)
    (made / "torn.py").write_text("import a_library_that_is_not_here\n")
    install(made, "torn", dict([BROKEN]))
    return made


@pytest.fixture(scope="module")
def run(site: Path) -> Path:
    """A run of the method, the networks, the prior, the posterior, the likelihood and the data of the
    package, trained by a command in a process of its own."""
    path = [str(site), *sys.path]
    said = process(
        "-m", "likeness", "train", "wae_mmd", str(site / "run"), *WORDS, PYTHONPATH=":".join(path)
    )
    assert said.returncode == 0, said.stderr
    return site / "run"


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The packages are installed for this process; afterwards they were never there."""
    before = {package: dict(classes) for package, classes in registry._REGISTERED.items()}
    monkeypatch.syspath_prepend(site)
    yield
    registry._REGISTERED.update(before)
    for module in [name for name in sys.modules if name.partition(".")[0] in ("wae", "torn")]:
        del sys.modules[module]


def test_a_run_of_the_package_says_all_that_it_is_made_of(run: Path) -> None:
    document = yaml.safe_load((run / "config.yaml").read_text())
    objective = document["objective"]
    assert (document["method"], objective["mmd_weight"]) == ("wae_mmd", 5)
    assert document["net"] == {
        "name": "leaky",
        "spectral": False,
        "critic_hidden": 1000,
        "units": 16,
        "slope": 0.2,
    }
    assert objective["prior"] == {"name": "half_normal", "spread": 2}
    assert objective["posterior"] == {"name": "bounded", "limit": 4}
    assert objective["likelihood"] == {"name": "cubic", "power": 2}
    kept = json.loads((run / "data.json").read_text())
    assert kept["label_names"] == ["down", "across"] and sum(kept["images"].values()) == 60
    where = {
        name: place for found in kept["made_with"]["classes"].values() for name, place in found.items()
    }
    assert where == {
        "wae_mmd": "wae.games.WAEMMD", "leaky": "wae.parts.Leaky", "half_normal": "wae.parts.HalfNormal",
        "bounded": "wae.parts.Bounded", "cubic": "wae.parts.Cubic",
    }  # fmt: skip
    assert {"llike", "mmd"} <= Run(run).newest().keys()


@pytest.mark.usefixtures("installed")
def test_a_loaded_model_is_of_the_classes_of_the_package(run: Path) -> None:
    import likeness

    model = likeness.load(run)
    assert type(model.objective) is import_module("wae.games").WAEMMD
    x = model.sample(5)
    assert x.shape == (5, 1, 8, 8) and bool((model.sample_codes(50) >= 0).all()), (
        "half of a normal distribution"
    )
    z = model.encode(torch.cat([x, 1000 * x])).mean
    assert float(z.abs().max()) <= 4


@pytest.mark.usefixtures("installed")
def test_its_settings_are_options_and_nothing_is_imported_to_list_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for words, listed in (
        (["train", "--help"], ("wae_mmd", "leaky", "half_normal")),
        (["train", "aae", "--help"], ("half_normal", "bounded", "cubic")),
        (["evaluate", "--help"], ("brightness", "blur", "pixels")),
    ):
        assert main(words) == 0
        said = capsys.readouterr().out
        assert not [name for name in listed if name not in said]
    assert not {"wae.games", "wae.parts", "wae.images", "torn"} & {*sys.modules}
    assert main(["train", "wae_mmd", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "--mmd-weight" in said and "Weight of the discrepancy between codes and prior." in said


@pytest.mark.usefixtures("installed")
def test_its_metric_is_measured_and_one_that_cannot_be_imported_is_told_and_left_out(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(run), "--split", "all"]) == 0
    said = capsys.readouterr().err
    assert said == (
        "likeness: torn:Blur of torn, installed as 'blur', fails (ModuleNotFoundError: No module named "
        "'a_library_that_is_not_here'); mend or remove it\n"
    )
    numbers = json.loads((run / "evaluation-all.json").read_text())["numbers"]
    expected = import_module("wae.images").stripes()[0].mean() / 127.5 - 1
    assert numbers["brightness"]["mean"] == pytest.approx(expected, abs=1e-5)
    assert numbers["brightness"]["images"] == 60 and {"pixel_mse", "brightness_of_reconstructions"} <= {
        *numbers
    }
    assert main(["evaluate", str(run), "--only", "brightness"]) == 0
    assert capsys.readouterr().err == "", "what is not asked for is not imported"
    assert main(["evaluate", str(run), "--only", "blur"]) == 2
    assert "fails (ModuleNotFoundError" in capsys.readouterr().err


@pytest.mark.usefixtures("installed")
def test_the_page_serves_a_run_of_the_package(run: Path) -> None:
    gallery = Gallery([str(run)])
    (opened,) = QUESTIONS["runs"](gallery)["runs"]
    assert (opened["method"], opened["data"], opened["coding"]) == ("wae_mmd", "stripes", True)
    first = {"kind": "data", "run": 0, "index": 0}
    seen = QUESTIONS["look"](gallery, run=0, source=first)
    assert len(seen["code"]) == 2 and np.isfinite(seen["pixels"]["mse"])
    for question, said in (
        ("samples", {"n": 3}),
        ("neighbours", {"source": first, "k": 2}),
        ("training", {}),
    ):
        assert QUESTIONS[question](gallery, run=0, **said)


def test_without_the_package_a_command_says_what_is_missing(run: Path) -> None:
    said = process("-m", "likeness", "sample", str(run), "-n", "1")
    assert (said.returncode, said.stderr) == (
        2,
        "likeness: 'wae_mmd' is not among the objectives; it was wae.games.WAEMMD: import that module "
        "before, or install the package that has it\n",
    )


@pytest.mark.usefixtures("installed")
def test_a_method_that_cannot_be_imported_is_told_where_it_is_meant_and_nowhere_else(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "broken", {"likeness.objectives": "torn_game = torn:Game"})
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    for words in (["torn_game", "x"], ["torn_game", "--help"], ["torn_game", "x", "--data", "digits"]):
        assert main(["train", *words]) == 2
        said = capsys.readouterr()
        assert "torn:Game of broken, installed as 'torn_game', fails (ModuleNotFoundError" in said.err
        assert said.err.count("\n") == 1
    tiny = ["--data", "digits", "--net", "mlp", "--net.hidden", "8", "--steps", "1", "--batch", "8"]
    assert main(["train", "ae", "torn_game", *tiny]) == 0, "the name of a run is not that of a method"
    assert "fails" not in capsys.readouterr().err


@pytest.mark.usefixtures("installed")
def test_a_step_of_the_package_that_is_none_ends_its_training_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    games = import_module("wae.games")
    monkeypatch.setattr(games, "Phase", lambda losses: losses)
    assert main(["train", "wae_mmd", str(tmp_path / "run"), *WORDS]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == (
        "likeness: the step of wae_mmd yields dict instead of a phase; yield Phase with losses of "
        "autoencoder"
    )
