"""Every method trains as it did when its first steps were written down."""

import os

import pytest

from laws.recorded import cases, played, recorded

TOLERANCE = float(os.environ.get("LIKENESS_RECORDED_TOLERANCE", "1e-8"))
"""Relative; 1e-12 on the machine that wrote them."""


def test_every_case_is_written_down() -> None:
    assert recorded().keys() == cases().keys()


@pytest.mark.parametrize("name", cases())
def test_the_first_steps_are_those_written_down(name: str) -> None:
    found, expected = played(name, cases()[name]), recorded()[name]
    assert len(found) == len(expected)
    for t, (now, then) in enumerate(zip(found, expected)):
        assert now.keys() == then.keys(), f"step {t} reports other numbers"
        assert now == pytest.approx(then, rel=TOLERANCE, abs=1e-13), f"step {t}"
