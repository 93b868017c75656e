"""Configurations: documents and settings say the same, and nothing hostile is believed."""

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likeness import config, registry
from likeness.errors import UserError

METHODS, NETS = registry.names("likeness.objectives"), registry.names("likeness.nets")
PLAIN = {"method": "vae_gan", "data": {"data": "digits"}}
HOSTILE = [
    ({"method": "vea", "data": {"data": "x"}}, "'vea' is not among the objectives; did you mean"),
    ({"data": {"data": "x"}}, "names no method; add"),
    (PLAIN | {"class_path": "os.system"}, "there is no setting 'class_path'; choose one of"),
    (PLAIN | {"objective": {"latnt": 3}}, "there is no setting 'latnt'; did you mean latent"),
    (PLAIN | {"objective": {"latent": 10**9}}, "objective.latent is 1000000000; "),
    (PLAIN | {"objective": {"latent": -1}}, "objective.latent is -1; "),
    (PLAIN | {"objective": {"gamma": float("nan")}}, "objective.gamma is nan; "),
    (PLAIN | {"objective": {"gamma": "much"}}, "objective.gamma is 'much'; "),
    (PLAIN | {"objective": [1, 2]}, "objective is [1, 2]; it must be a mapping"),
    (PLAIN | {"net": "lenet"}, "'lenet' is not among the nets; "),
    (PLAIN | {"training": {"optimizer": "sgd"}}, "training.optimizer"),
    (PLAIN | {"training": {"rates": {"nobody": 1}}}, "vae_gan has no move 'nobody'; "),
    (PLAIN | {"training": {"lr": -1}}, "training.lr is -1; "),
    (PLAIN | {"borrow": 3}, "borrow"),
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(
    ["method", "objective", "net", "data", "training", "log", "borrow", "latent", "name"]
)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("net", NETS)
def test_a_configuration_and_its_file_say_the_same(method: str, net: str) -> None:
    made = config.build({"method": method, "net": net, "data": {"data": "digits"}})
    assert made.method == method
    assert config.build(config.document(made)) == made
    assert config.build(yaml.safe_load(config.text(made))) == made


@pytest.mark.parametrize(("document", "message"), HOSTILE)
def test_what_is_wrong_is_named_in_one_line(document: dict, message: str) -> None:
    with pytest.raises(UserError) as caught:
        config.build(document)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(keys, anything, max_size=5))
def test_any_document_is_a_configuration_or_an_error_a_user_can_mend(document: dict) -> None:
    try:
        made = config.build(PLAIN | document)
    except UserError as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(made, config.Config)


@pytest.mark.parametrize(
    "text",
    ["!!python/object/apply:os.system ['touch owned']", "- a\n- b\n", "a: [1", "\x00", "just words", ""],
)
def test_a_file_that_is_no_document_is_refused_and_runs_nothing(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "config.yaml"
    file.write_text(text)
    with pytest.raises(UserError, match=r"config\.yaml"):
        config.read(file)
    assert not (tmp_path / "owned").exists()


def test_a_choice_of_another_name_replaces_the_whole_choice() -> None:
    below = {"training": {"optimizer": {"name": "rmsprop", "decay": 0.8}, "lr": 1}}
    above = {"training": {"optimizer": "adam"}}
    assert config.merged(below, above) == {"training": {"optimizer": {"name": "adam"}, "lr": 1}}


def test_a_choice_of_the_same_name_keeps_its_other_settings() -> None:
    below = {"optimizer": {"name": "adam", "beta1": 0.1}}
    above = {"optimizer": {"name": "adam", "beta2": 0.5}}
    assert config.merged(below, above) == {"optimizer": {"name": "adam", "beta1": 0.1, "beta2": 0.5}}


def test_changes_list_what_may_not_change_when_a_run_is_resumed() -> None:
    old = config.document(config.build(PLAIN))
    longer = config.merged(old, {"training": {"steps": 9}, "log": {"keep": 1}})
    other = config.merged(old, {"training": {"lr": 0.5}, "net": {"width": 0.5}})
    assert config.changes(old, longer) == []
    assert config.changes(old, other) == ["net.width: 1.0 -> 0.5", "training.lr: 0.0003 -> 0.5"]
