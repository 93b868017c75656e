"""The verbs there are, and the groups they are listed in."""

import pytest

from likeness.commands import _index
from likeness.errors import UserError


def test_every_verb_is_in_one_group() -> None:
    listed = [verb.name for verbs in _index.groups().values() for verb in verbs]
    assert sorted(listed) == _index.names() and all(_index.groups().values())


def test_the_name_of_a_verb_is_that_of_its_file() -> None:
    assert all(_index.find(name).name == name for name in _index.names())


def test_what_is_no_verb_is_refused_with_near_ones() -> None:
    with pytest.raises(UserError, match=r"'tain' is not among the commands; did you mean train"):
        _index.find("tain")
