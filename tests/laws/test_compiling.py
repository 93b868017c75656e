"""Compiled passes change time, nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from laws.compiled_games import GAMES
from laws.games import game, objective_of
from likeness import config
from likeness.errors import RunError, UserError
from likeness.training.compiling import compiled, in_place


@pytest.mark.parametrize("backend", ["aot_eager", pytest.param("inductor", marks=pytest.mark.slow)])
def test_two_steps_leave_the_same_behind(backend: str) -> None:
    """`aot_eager` makes the graphs of passes and of their gradients, and no kernels: these take minutes."""
    here = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "laws.compiled_games", backend]
    said = subprocess.run(command, cwd=here, env=os.environ, capture_output=True, text=True, check=True)
    found = json.loads(said.stdout.splitlines()[-1])
    assert len(found["differ"]) == len(GAMES) and max(found["differ"].values()) < 1e-10, found
    assert found["graphs"] >= 2 * len(GAMES), "nothing was compiled"


def test_passes_are_plain_again_afterwards_and_what_cannot_be_compiled_is_said() -> None:
    played = game(objective_of("ae"), "mlp")

    def refuse(*given: object) -> None:
        raise RuntimeError("no compiler found")

    passes = compiled(played.nets, True, refuse)
    said = pytest.raises(RunError, match=r"no compiler found.*leave --compile out")
    with said, in_place(played.nets, passes):
        assert "forward" in vars(played.nets["encoder"])
        played.play()
    assert not any("forward" in vars(net) for net in played.nets.values())


@pytest.mark.parametrize(
    ("method", "objective", "training"),
    [("aae", {"r1": 0.1}, {}), ("ae", {}, {"gradient_checkpointing": True})],
)
def test_what_compiled_passes_cannot_do_is_refused(method: str, objective: dict, training: dict) -> None:
    wanted = {"method": method, "objective": objective, "data": {"data": "digits"}}
    with pytest.raises(UserError, match=r"compile.*(leave one out|keep one)"):
        config.build(wanted | {"training": training | {"compile": True}})
