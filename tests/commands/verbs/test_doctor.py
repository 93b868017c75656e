"""`likeness doctor`: the installation on one screen."""

from collections.abc import Callable
from importlib import import_module

import pytest

from support.commands import Likeness, done
from support.registered import installed as installed
from support.registered import left_as_it_was as left_as_it_was


def test_the_doctor_says_versions_devices_and_room(likeness: Likeness) -> None:
    said = done(likeness("doctor")).out
    for word in ("torch", "python", "cpu", "cuda", "data cache", "GiB free", "[onnx]", "broken"):
        assert word in said
    assert len(said.splitlines()) < 40


def test_it_says_what_is_missing_or_broken(
    likeness: Likeness, installed: Callable[[str, str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed("likeness.metrics", "torn = doctor_torn:Torn", "import nothing_of_this_name")
    doctor = import_module("likeness.commands.verbs.doctor")
    monkeypatch.setattr(doctor, "EXTRAS", {"hub": "a-package-that-is-nowhere"})
    said = done(likeness("doctor")).out
    assert "not installed; pip install 'likeness[hub]'" in said
    assert "doctor_torn:Torn" in said and "No module named 'nothing_of_this_name'" in said
