"""Work on many items in threads, in order, a few items at a time."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def workers() -> int:
    """Number of threads worth starting on this machine."""
    return min(16, os.cpu_count() or 1)


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of `size` successive items; the last may be shorter."""
    items = iter(items)
    while chunk := list(islice(items, size)):
        yield chunk


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results of `work(item)` in the order of the items; only some thousand items are in memory at
    once."""

    def part(some: list[Item]) -> list[Result]:
        return [work(item) for item in some]

    with ThreadPoolExecutor(workers()) as pool:
        for many in chunks(chunks(items, 32), 4 * workers()):
            for results in pool.map(part, many):
                yield from results
