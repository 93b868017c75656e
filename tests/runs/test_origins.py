"""A run says where its classes were defined, and nothing is imported for it."""

import json
import re
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest

import likeness
from likeness import config, registry
from likeness.__main__ import main
from likeness.errors import UserError
from likeness.nets.mlp import MLP
from likeness.objectives.ae import AE
from likeness.priors import Normal
from likeness.runs.origins import check_at_hand, origins
from likeness.runs.run import Run
from likeness.settings import settings
from support.registered import left_as_it_was as left_as_it_was


@settings
class SteadyAE(AE):
    """An objective."""

    name: ClassVar[str] = "steady_ae"


@settings
class Tight(Normal):
    """A prior."""


@settings
class Narrow(MLP):
    """Networks."""

    hidden: int = 8
    """Units."""


HERE = __name__
CLASSES: dict[str, dict[str, str]] = {
    "likeness.objectives": {"steady_ae": f"{HERE}.SteadyAE"},
    "likeness.priors": {"tight": f"{HERE}.Tight"},
    "likeness.nets": {"narrow": f"{HERE}.Narrow"},
}
TINY = {"steps": 2, "batch": 8, "latent": 2, "data": "digits"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of classes of this module, which are gone afterwards."""
    for cls in (SteadyAE, Tight, Narrow):
        registry.register(cls)
    likeness.train("steady_ae", tmp_path / "run", net="narrow", prior="tight", **TINY)
    for known in registry._REGISTERED.values():
        known.clear()
    return tmp_path / "run"


def test_a_run_keeps_where_its_classes_were_defined_and_names_each_that_is_not_at_hand(run: Path) -> None:
    assert json.loads((run / "data.json").read_text())["made_with"]["classes"] == CLASSES
    for cls, kind in ((SteadyAE, "objectives"), (Tight, "priors"), (Narrow, "nets")):
        said = (
            f"^'{cls.name}' is not among the {kind}; it was {re.escape(HERE)}.{cls.__name__}: import that "
            "module before, or install the package that has it$"
        )
        with pytest.raises(UserError, match=said):
            likeness.load(run)
        registry.register(cls)
    assert isinstance(likeness.load(run).objective, SteadyAE)


def test_a_command_says_so_in_one_line(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["sample", str(run), "-n", "1"], ["evaluate", str(run)], ["train", "--resume", str(run)]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and f"it was {HERE}.SteadyAE: import that module before" in said


def test_nothing_that_a_run_names_is_imported(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "evil.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    document = json.loads((run / "data.json").read_text())
    document["made_with"]["classes"]["likeness.objectives"]["steady_ae"] = "evil.SteadyAE"
    (run / "data.json").write_text(json.dumps(document))
    with pytest.raises(UserError, match=r"it was evil\.SteadyAE: import that module"):
        likeness.load(run)
    assert "evil" not in sys.modules


def test_a_class_of_a_notebook_is_said_to_be_one() -> None:
    about = {"made_with": {"classes": {"likeness.priors": {"gentle": "__main__.Gentle"}}}}
    said = "^'gentle' is not among the priors; it was Gentle of a notebook or a script: define it before$"
    with pytest.raises(UserError, match=said):
        check_at_hand(about)


@pytest.mark.parametrize(
    "made_with",
    [
        None,
        {},
        {"classes": None},
        {"classes": [1]},
        {"classes": {"os": {"x": "y"}}},
        {"classes": {"a": {"b": 1}}},
    ],
)
def test_what_is_kept_of_classes_and_is_damaged_says_nothing(made_with: Any) -> None:
    check_at_hand({"made_with": made_with})
    check_at_hand({})


def test_a_run_whose_settings_are_wrong_says_what_is_wrong_though_its_classes_are_at_hand(
    run: Path,
) -> None:
    for cls in (SteadyAE, Tight, Narrow):
        registry.register(cls)
    file = run / "config.yaml"
    file.write_text(file.read_text().replace("hidden: 8", "hidden: many"))
    with pytest.raises(UserError, match=r"^net\.hidden is "):
        Run(run).config()
    (run / "data.json").unlink()
    with pytest.raises(UserError, match=r"^net\.hidden is "):
        Run(run).config()


def test_classes_of_the_package_are_not_kept_and_those_within_a_choice_are() -> None:
    said: dict[str, Any] = {"method": "aae", "data": {"data": "x"}}
    assert origins(config.build(said)) == {}
    registry.register(Tight)
    said["objective"] = {"prior": {"name": "product", "factors": "tight:8,normal:56"}}
    assert origins(config.build(said)) == {"likeness.priors": CLASSES["likeness.priors"]}
