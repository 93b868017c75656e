"""Configurations: documents and settings say the same, and nothing hostile is believed."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field

from likeness import config, registry
from likeness.documents import merge
from likeness.errors import UserError
from likeness.options import choices, fields
from likeness.settings import Count, Fraction
from likeness.settings import settings as settings_of

METHODS, NETS = registry.names("likeness.objectives"), registry.names("likeness.nets")
PLAIN = {"method": "vae_gan", "data": {"data": "digits"}}
HOSTILE = [
    ({"method": "vea", "data": {"data": "x"}}, "'vea' is not among the objectives; did you mean"),
    ({"data": {"data": "x"}}, "names no method; add"),
    (PLAIN | {"class_path": "os.system"}, "there is no setting 'class_path'; choose one of"),
    (PLAIN | {"objective": {"latnt": 3}}, "there is no setting 'latnt'; did you mean latent"),
    (PLAIN | {"objective": {"latent": 10**9}}, "objective.code.latent is 1000000000; "),
    (PLAIN | {"objective": {"latent": -1}}, "objective.code.latent is -1; "),
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


@pytest.mark.parametrize("method", METHODS)
def test_every_choice_and_its_file_say_the_same(method: str) -> None:
    for name, kind, *_ in fields(config.objective_class(method)):
        for chosen in choices(kind):
            more = {"file": "codes.npy"} if chosen == "empirical" else {}
            made = config.build(PLAIN | {"method": method, "objective": {name: {"name": chosen} | more}})
            assert getattr(made.objective, name).name == chosen
            assert config.build(yaml.safe_load(config.text(made))) == made


def paths(document: dict, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where each value of a document is, whole sections as well."""
    for key, value in document.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from paths(value, (*above, key))


def replaced(document: dict, path: tuple[str, ...], value: object) -> dict:
    """A document with another value at a place."""
    head, *rest = path
    return document | {head: replaced(document[head], tuple(rest), value) if rest else value}


COMPLETE = config.document(config.build(PLAIN))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(list(paths(COMPLETE))), anything)
def test_any_value_at_any_place_builds_the_same_again_or_is_an_error_a_user_can_mend(
    path: tuple[str, ...], value: object
) -> None:
    try:
        made = config.build(replaced(COMPLETE, path, value))
    except UserError as error:
        assert "\n" not in str(error)
    else:
        said = config.document(made)
        assert config.document(config.build(said)) == said


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


def test_a_long_value_is_not_shown_whole() -> None:
    with pytest.raises(UserError) as caught:
        config.build(PLAIN | {"objective": {"latent": "9" * 4000}})
    assert len(str(caught.value)) < 400


def test_a_key_that_only_one_has_is_a_change() -> None:
    assert config.changes({"borrow": {}}, {"borrow": {"decoder": "a"}}) == ["borrow.decoder: None -> a"]
    assert config.changes({"net": {"width": 1}}, {"net": {}}) == ["net.width: 1 -> None"]


def test_changes_list_what_may_not_change_when_a_run_is_resumed() -> None:
    old = config.document(config.build(PLAIN))
    longer = merge(old, {"training": {"steps": 9}, "log": {"keep": 1}})
    other = merge(old, {"training": {"lr": 0.5}, "net": {"width": 0.5}})
    assert config.changes(old, longer) == []
    assert config.changes(old, other) == ["net.width: 1.0 -> 0.5", "training.lr: 0.0003 -> 0.5"]


@settings_of
class Brush:
    """A group of settings."""

    width: Count = 2
    """How wide."""
    colour: str = "red"
    """Which."""


@settings_of
class Pencil:
    """Another, of which one setting has the same name."""

    width: Count = 1
    """How wide."""
    hardness: Fraction = 0.5
    """How hard."""


@settings_of
class Ink:
    """A choice."""

    name: Literal["ink"] = "ink"
    drops: Count = 3
    """How many."""


@settings_of
class Paint:
    """Another."""

    name: Literal["paint"] = "paint"
    dry: bool = False
    """Whether."""


@settings_of
class Picture:
    """Two groups, a choice, and a setting that is called as one of a group is."""

    brush: Brush = Brush()
    pencil: Pencil = Pencil(hardness=0.25)
    colour: str = "white"
    medium: Annotated[Ink | Paint, Field(discriminator="name")] = Ink()


def test_a_setting_of_a_group_may_be_said_alone_where_nothing_else_is_called_so() -> None:
    assert config.inner_names(Picture) == {"hardness": "pencil", "drops": "medium"}


SAID: list[tuple[dict[str, Any], Picture]] = [
    ({"hardness": 1}, Picture(pencil=Pencil(hardness=1))),
    ({"pencil.width": 5}, Picture(pencil=Pencil(width=5, hardness=0.25))),
    ({"pencil.hardness": 1, "pencil": {"width": 5}}, Picture(pencil=Pencil(width=5, hardness=1))),
    ({"colour": "blue"}, Picture(colour="blue")),
    ({"brush.colour": "blue"}, Picture(brush=Brush(colour="blue"))),
    ({"brush.width": 7, "pencil.width": 8}, Picture(brush=Brush(7), pencil=Pencil(8, 0.25))),
    ({"drops": 4}, Picture(medium=Ink(drops=4))),
    ({"medium": "paint", "medium.dry": True}, Picture(medium=Paint(dry=True))),
    ({"medium.drops": 4, "medium": "ink"}, Picture(medium=Ink(drops=4))),
]


@pytest.mark.parametrize(("said", "expected"), SAID)
def test_plain_and_dotted_names_reach_their_groups(said: dict[str, Any], expected: Picture) -> None:
    """What is not said of a group is as the class that has the group says."""
    assert config.check(Picture, said, "picture") == expected


MENDED = [
    ({"width": 3}, "there is no setting 'width'; "),
    ({"hardnes": 3}, "there is no setting 'hardnes'; did you mean hardness?"),
    ({"hardness": 3}, "picture.pencil.hardness is 3; "),
    ({"brush": 3}, "picture.brush is 3; "),
    ({"brush.hair": 3}, "picture.brush has no setting 'hair'; leave it out"),
    ({"drops": -1}, "picture.medium.drops is -1; "),
    ({"medium": {"name": "ink", "drops": -1}}, "picture.medium.drops is -1; "),
    ({"medium": "paint", "drops": 1}, "picture.medium is 'paint', which has no setting 'drops'; "),
    ({"medium": "oil"}, "picture.medium is "),
    ({1: 2}, "there is no setting '1'; "),
]


@pytest.mark.parametrize(("said", "message"), MENDED)
def test_what_is_wrong_in_a_group_is_named_by_its_keys_alone(said: dict[Any, Any], message: str) -> None:
    with pytest.raises(UserError) as caught:
        config.check(Picture, said, "picture")
    assert str(caught.value).startswith(message)


def test_what_stands_for_a_whole_group_is_refused_where_a_setting_of_it_is_said_too() -> None:
    for said in ({"latent": 5, "code": 3}, {"code": 3, "latent": 5}):
        with pytest.raises(UserError, match=r"objective\.code is 3; "):
            config.check(config.objective_class("vae"), said, "objective")


def test_a_setting_with_its_section_holds_whether_its_choice_is_said_before_or_after() -> None:
    for said in (
        {"code.channels": 3, "code": {"name": "spatial"}},
        {"code": {"name": "spatial"}, "code.channels": 3},
        {"code": "spatial", "code.channels": 3},
    ):
        made = config.check(config.objective_class("vae"), said, "objective")
        assert made.code.channels == 3
