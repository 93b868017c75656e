"""Documents of settings: read from files without running anything, and laid over one another."""

from pathlib import Path

import pytest

from likeness import config
from likeness.documents import leaves, merge, read, with_name
from likeness.errors import UserError


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
        read(file)
    assert not (tmp_path / "owned").exists()


BROKEN = ["2020-13-45", "!!int x", "!!float x", "!!timestamp x", "1" * 5000, "[" * 5000]


@pytest.mark.parametrize("value", BROKEN, ids=["date", "int", "float", "time", "digits", "depth"])
def test_a_value_that_no_yaml_can_hold_is_refused(value: str, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"method: {value}")
    with pytest.raises(UserError, match=r"config\.yaml is not a YAML file of settings"):
        read(file)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"method: \xe9")
    for name, message in (("nowhere.yaml", "cannot be read"), ("latin.yaml", "is not a YAML file")):
        with pytest.raises(UserError, match=message):
            read(tmp_path / name)


def test_a_choice_of_another_name_replaces_the_whole_choice() -> None:
    below = {"training": {"optimizer": {"name": "rmsprop", "decay": 0.8}, "lr": 1}}
    above = {"training": {"optimizer": "adam"}}
    assert merge(below, above) == {"training": {"optimizer": {"name": "adam"}, "lr": 1}}


def test_a_choice_of_the_same_name_keeps_its_other_settings() -> None:
    below = {"optimizer": {"name": "adam", "beta1": 0.1}}
    above = {"optimizer": {"name": "adam", "beta2": 0.5}}
    assert merge(below, above) == {"optimizer": {"name": "adam", "beta1": 0.1, "beta2": 0.5}}


def test_nothing_laid_over_a_document_changes_it() -> None:
    complete = config.document(config.build({"method": "vae_gan", "data": {"data": "digits"}}))
    assert merge(complete, {}) == merge({}, complete) == complete
    assert merge(complete, complete) == complete


def test_merging_leaves_both_documents_as_they_are() -> None:
    below, above = {"training": {"lr": 1}}, {"training": {"batch": 2}}
    assert merge(below, above) == {"training": {"lr": 1, "batch": 2}}
    assert (below, above) == ({"training": {"lr": 1}}, {"training": {"batch": 2}})


def test_leaves_are_settings_by_full_name() -> None:
    assert dict(leaves({"a": {"b": 1, "c": {}}, "d": [2]})) == {"a.b": 1, "d": [2]}


def test_a_choice_by_its_name_alone_is_a_mapping_with_it() -> None:
    assert (
        with_name("adam") == {"name": "adam"}
        and with_name({"beta1": 0.1}) == {"beta1": 0.1}
        and with_name(3) == 3
    )
