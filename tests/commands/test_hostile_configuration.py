"""A run whose configuration was written by somebody hostile is refused by every verb that reads it."""

import shutil
from pathlib import Path

import pytest

from support.commands import Likeness, refused

VERSION = "format: 1"
HOSTILE = [
    ("!!python/object/apply:os.system ['touch owned']", "config.yaml is not a YAML file"),
    ("- a", "config.yaml holds no settings"),
    (f"{VERSION}\nmethod: vae\nclass_path: os.system", "there is no setting 'class_path'"),
    (
        f"{VERSION}\nmethod: vae\ndata: {{data: x}}\nobjective: {{latent: -1}}",
        "objective.code.latent is -1; ",
    ),
    (f"{VERSION}\nmethod: ../../errors", "'../../errors' is not among the objectives"),
]


@pytest.mark.parametrize(("text", "message"), HOSTILE)
@pytest.mark.parametrize("command", ["info", "sample", "train --resume"])
def test_a_hostile_configuration_of_a_run_is_refused_and_runs_nothing(
    command: str, text: str, message: str, likeness: Likeness, place: Path
) -> None:
    shutil.copytree(place / "run", place / "bad")
    (place / "bad" / "config.yaml").write_text(text)
    assert message in refused(likeness(*command.split(), "bad"))
    assert not list(place.rglob("owned"))
