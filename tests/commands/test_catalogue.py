"""The catalogue of options: equal to the classes, and used only while they are the same."""

import json
from pathlib import Path

import pytest

from likeness import registry
from likeness.commands import _catalogue
from likeness.config import net_class
from likeness.options import options

METHODS = registry.names("likeness.objectives")


def test_the_catalogue_is_that_of_the_classes() -> None:
    remedy = "run python -m likeness.commands._catalogue"
    assert _catalogue.FILE.read_text() == _catalogue.text(), remedy
    assert _catalogue.catalogue() == _catalogue.build()


def test_a_catalogue_of_other_sources_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    document = json.loads(_catalogue.FILE.read_text())
    document["objectives"] = {}
    stale = tmp_path / "options.json"
    monkeypatch.setattr(_catalogue, "FILE", stale)
    for digest, objectives in ((_catalogue.digest(), 0), ("old", len(METHODS))):
        stale.write_text(json.dumps(document | {"digest": digest}))
        assert len(_catalogue.catalogue.__wrapped__().objectives) == objectives


def test_options_are_of_the_method_and_the_networks() -> None:
    found = _catalogue.options_of("vae", "mlp")
    assert found["networks mlp"] == options(net_class("mlp"), "net")
    assert "objective.beta" in [option.path for option in found["method vae"]]
    assert next(iter(_catalogue.options_of(None, "mlp"))) == "every method"
