"""What a command prints: lines for people, JSON for programs, or nothing."""

import json
from pathlib import Path

from support.commands import Likeness, done, refused


def test_json_is_numbers_and_files_and_nothing_else(place: Path, likeness: Likeness) -> None:
    said = done(likeness("evaluate", "run", "--only", "pixels", "--json"))
    found = json.loads(said.out)
    assert found["numbers"]["pixel_mse"].keys() == {"mean", "low", "high", "images"}
    assert [Path(file).exists() for file in found["files"]] == [True]


def test_quiet_prints_nothing(place: Path, likeness: Likeness) -> None:
    assert done(likeness("sample", "run", "-n", 1, "--quiet")) == (0, "", "")
    said = done(likeness("train", "ae", "new", "--data", "digits", "--net", "mlp", "--steps", 2, "--quiet"))
    assert (said.out, said.err) == ("", "") and Path("new/report.html").exists()


def test_json_is_of_verbs_with_numbers_alone(place: Path, likeness: Likeness) -> None:
    assert "'--json' is not understood" in refused(likeness("sample", "run", "--json"))
