"""Files say which version of the layout they have, and another is refused in one line."""

from pathlib import Path
from typing import Any

import pytest

from likeness.errors import RunError
from likeness.files.version import KEY, VERSION, add_version, remove_version


def test_a_stamp_is_taken_off_as_it_was_put_on() -> None:
    document = {"a": 1, "b": [2]}
    assert remove_version(add_version(document), Path("x")) == document
    assert next(iter(add_version(document))) == KEY


@pytest.mark.parametrize("document", [{}, {KEY: VERSION + 1}, {KEY: str(VERSION)}, {KEY: None}])
def test_another_version_is_refused_naming_the_file_and_both(document: dict[str, Any]) -> None:
    with pytest.raises(RunError, match=rf"^some/file has .*, this Likeness reads {VERSION}; ") as error:
        remove_version(document, Path("some/file"))
    assert "\n" not in str(error.value)
