"""Temporary replacements of the passes of networks."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from likeness.nets import Networks

Pass = Callable[..., Any]


@contextmanager
def patched_forward(nets: Networks, passes: Mapping[str, Pass]) -> Iterator[None]:
    """Replace `forward` of the networks named in `passes` in this context."""
    for name, replacement in passes.items():
        nets[name].forward = replacement
    try:
        yield
    finally:
        for name in passes:
            del nets[name].forward  # the method of the class is visible again
