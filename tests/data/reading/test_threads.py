"""Work in threads keeps its order, and its errors."""

import time

import pytest

from likeness.data.reading.threads import chunks, in_threads


def test_results_come_in_order_however_long_each_takes() -> None:
    def slow_at_first(item: int) -> int:
        time.sleep(0.02 if item == 0 else 0)
        return item * item

    assert list(in_threads(slow_at_first, range(100))) == [k * k for k in range(100)]


def test_an_error_in_a_thread_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_threads(lambda item: 1 // item, [1, 0]))


def test_chunks_hold_every_item_once() -> None:
    assert list(chunks(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
