"""Lines are drawn where their values are."""

import re

import pytest

from likeness.pages.plots import HEIGHT, LEFT, WIDTH, lines

TOP = 10


def drawn(content: str) -> list[list[tuple[float, float]]]:
    """The points of each line, in pixels."""
    found = re.findall(r"<polyline points='([^']*)'", content)
    return [[(float(x), float(y)) for x, y in (p.split(",") for p in line.split())] for line in found]


def words(content: str) -> list[str]:
    """What is written beside lines and axes."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", content)


def test_axes_span_what_there_is_of_all_lines() -> None:
    """The least is at the left and below, the most at the right and above."""
    content = lines({"a": [(0.0, 1.0), (5.0, 3.0)], "b": [(10.0, 2.0)]}, "step", "loss")
    first, second = drawn(content)
    bottom = TOP + HEIGHT
    assert first == [(LEFT, bottom), (LEFT + WIDTH / 2, TOP)]
    assert second == [(LEFT + WIDTH, TOP + HEIGHT / 2)]
    assert words(content) == ["3", "1", "0", "10", "step", "loss", "a", "b"]


def test_a_point_is_as_far_along_an_axis_as_its_value() -> None:
    ((_, middle, _),) = drawn(lines({"a": [(0.0, 0.0), (2.0, 7.5), (8.0, 10.0)]}, "x", "y"))
    assert middle == pytest.approx((LEFT + WIDTH / 4, TOP + HEIGHT / 4), abs=0.06)


def test_a_line_that_is_level_stands_halfway_up() -> None:
    ((first, last),) = drawn(lines({"a": [(1.0, 4.0), (2.0, 4.0)]}, "x", "y"))
    assert first[1] == last[1] == TOP + HEIGHT / 2
    assert drawn(lines({"a": [(1.0, 4.0)]}, "x", "y")) == [[(LEFT + WIDTH / 2, TOP + HEIGHT / 2)]]


def test_each_point_has_a_dot_and_each_line_a_colour_of_its_own() -> None:
    content = lines({"a": [(0.0, 1.0), (5.0, 3.0)], "b": [(10.0, 2.0)]}, "step", "loss")
    assert content.count("r=3 ") == 3
    assert len(set(re.findall(r"stroke:(#\w+)", content))) == 2


def test_names_are_shown_as_text() -> None:
    content = lines({"<b>": [(0.0, 1.0)]}, "<i>", "a & b")
    assert "<b>" not in content and "<i>" not in content
    assert words(content)[-3:] == ["&lt;i&gt;", "a &amp; b", "&lt;b&gt;"]
