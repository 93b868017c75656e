"""Compiled passes change time, nothing else."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from laws.compiled_games import GAMES
from laws.games import game, objective_of
from likeness import config
from likeness.documents import merge
from likeness.errors import RunError, UserError
from likeness.training.compiling import compile_passes, use_passes

KERNELS = pytest.param("inductor", 1e-8, marks=pytest.mark.slow)
"""They add up in another order, which two steps of Adam magnify; a C++ compiler makes them."""


@pytest.mark.parametrize(("backend", "most"), [("aot_eager", 1e-10), KERNELS])
def test_two_steps_leave_the_same_behind(backend: str, most: float) -> None:
    """`aot_eager` makes the graphs of passes and of their gradients, and no kernels."""
    here = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "laws.compiled_games", backend]
    said = subprocess.run(command, cwd=here, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout.splitlines()[-1])
    assert len(found) == len(GAMES)
    for game_, of in found.items():
        assert of["differ"] < most, game_
        assert of["graphs"] >= 2, f"{game_} was not compiled"
        assert not of["breaks"], f"{game_} is compiled in pieces"


def test_passes_are_plain_again_afterwards_and_what_cannot_be_compiled_is_said() -> None:
    played = game(objective_of("ae"), "mlp")

    def refuse(*given: object) -> None:
        raise RuntimeError("no compiler found")

    passes = compile_passes(played.nets, True, refuse)
    said = pytest.raises(RunError, match=r"no compiler found.*leave --compile out")
    with said, use_passes(played.nets, passes):
        assert "forward" in vars(played.nets["encoder"])
        played.play()
    assert not any("forward" in vars(net) for net in played.nets.values())


@pytest.mark.parametrize(
    ("method", "settings"),
    [
        ("aae", {"objective": {"r1": 0.1}}),
        ("gan", {"net": {"name": "larsen", "spectral": True}}),
        ("ae", {"training": {"gradient_checkpointing": True}}),
    ],
)
def test_what_compiled_passes_cannot_do_is_refused(method: str, settings: dict[str, Any]) -> None:
    wanted = merge({"method": method, "data": {"data": "digits"}}, settings)
    config.build(wanted)
    with pytest.raises(UserError, match=r"compile.*; (leave|keep)"):
        config.build(merge(wanted, {"training": {"compile": True}}))
