"""Compiled passes: made where they are asked for; what they compute is a law (tests/laws)."""

from functools import partial

import pytest
import torch
from torch import nn

from laws.games import objective_of
from likeness.nets import Networks
from likeness.training.compiling import compile_passes, use_passes
from likeness.training.loop import loop
from support.small_trainings import Same, begun


def test_compiled_passes_are_made_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counting(graph: torch.fx.GraphModule, given: object) -> object:
        made.append(graph)
        return graph.forward

    monkeypatch.setattr("likeness.training.loop.compile_passes", partial(compile_passes, backend=counting))
    state, settings = begun("ae", compile=True, precision="float32")
    next(loop(objective_of("ae"), state, Same(), settings, 0, 1))
    assert len(made) == 2, "encoder and decoder"


def test_nothing_is_compiled_where_that_is_not_wanted() -> None:
    def refuse(*given: object) -> None:
        raise AssertionError("compiled")

    nets = Networks({"encoder": nn.Linear(2, 3)})
    passes = compile_passes(nets, False, refuse)
    with use_passes(nets, passes):
        assert "forward" not in vars(nets["encoder"])
        assert nets["encoder"](torch.ones(1, 2)).shape == (1, 3)
