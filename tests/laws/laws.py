"""The laws, as functions of an engine: what holds for the package's own and must fail for a wrong one."""

from collections.abc import Callable

import pytest
import torch

from laws import latent_references, references
from laws.games import (
    SHAPE,
    Advance,
    Snapshot,
    altered,
    differing,
    game,
    gradients,
    relative_error,
    restore,
    snapshot,
    spied,
    with_adam,
)
from likeness.batch import Batch
from likeness.nets import Networks
from likeness.objectives import Objective, Step
from likeness.shapes import Shape
from likeness.training.step import advance

SEED = 11
CANCELLED = "encoder.5.bias"
"""The bias of the code: decoders of the paper normalize right after their first linear layer, which takes
a constant away, so that only rounding moves it where nothing else reads the code."""


def only_named_networks_change(
    objective: Objective, family: str, engine: Advance = advance, shape: Shape = SHAPE
) -> None:
    """Each phase changes exactly the networks that its moves name, and every parameter of them."""
    played = game(objective, family, shape=shape)
    played.objective, phases = spied(objective)
    played.play(engine)
    assert phases, "the objective yields no phase"
    for moves, before, after, _ in phases:
        named = {player for move in moves for player in objective.moves[move]}
        assert differing(before, after) == named, "another network changes, or one stays"
        for player in named:
            for name, _ in played.nets[player].named_parameters():
                stayed = torch.equal(before[player][name], after[player][name])
                assert not stayed or f"{player}.{name}" == CANCELLED, f"{player}.{name} stayed"


def gradients_are_those_of_the_paper(
    objective: Objective,
    family: str,
    engine: Advance = advance,
    t: int = 0,
    claimed: Objective | None = None,
    given: Batch | None = None,
    shape: Shape = SHAPE,
) -> None:
    """Every network descends the gradient that is written down by hand, to 1e-10, for the objective
    that `objective` is claimed to be."""
    true = claimed or objective
    played = game(true, family, shape=shape)
    played.batches = [given] if given else played.batches
    played.objective, seen = spied(objective)
    played.play(engine, t, SEED)
    restore(played.nets, seen[0].before)
    torch.set_rng_state(seen[0].random)
    nets = played.nets.of(played.batches[0].condition)
    expected = written_down(true)(true, nets, played.batches[0], t)
    assert [phase.moves for phase in seen] == [set(phase.moves) for phase in expected]
    for phase, paper in zip(seen, expected):
        for move, (players, loss) in paper.moves.items():
            restore(played.nets, phase.before)
            random = seen[paper.drawn_in].random
            gradient = references.gradient_of(played.nets, players, loss, random)
            found = gradients(phase.before, phase.after, players, played.nets)
            assert relative_error(found, gradient) < 1e-10, f"{move} descends another gradient"


def written_down(objective: Objective) -> Callable[..., list[references.Phase]]:
    """The gradients of an objective, by hand."""
    method = type(objective).__module__.rpartition(".")[2]
    for written in (references, latent_references):
        if found := getattr(written, method, None):
            return found
    raise AssertionError(f"write the gradients of {method} down by hand, in tests/laws/references.py")


def nothing_leaks_into_what_is_looked_through(
    objective: Objective, family: str, engine: Advance = advance, shape: Shape = SHAPE
) -> None:
    """Weights and statistics of networks that a phase does not move stay as they are, no optimizer steps
    for it, a player that never moves is in evaluation mode, and no network is left with a gradient."""
    played = with_adam(game(objective, family, shape=shape))
    played.objective, phases = spied(objective)
    for t in range(2):
        played.play(engine, t)
    for moves, before, after, _ in phases:
        looked_through = set(before) - {p for move in moves for p in objective.moves[move]}
        assert not differing(before, after) & looked_through, "a network that is looked through changes"
    for name, move in played.moves.items():
        made = sum(name in phase.moves for phase in phases)
        steps = {int(state["step"]) for state in move.optimizer.state.values()}
        assert steps == ({made} if made else set()), f"the optimizer of {name} made other steps"
    frozen = set(played.nets) - {p for players in objective.moves.values() for p in players}
    assert not any(m.training for p in frozen for m in played.nets[p].modules()), "a frozen player trains"
    left = [name for name, p in played.nets.named_parameters() if p.grad is not None]
    assert not left, f"a gradient is left in {left[0]}"


def accumulation_is_the_mean(objective: Objective, family: str, engine: Advance = advance) -> None:
    """Two batches taken together change networks by the mean of what each alone would."""
    together = game(objective, family, batches=2)
    before = snapshot(together.nets)
    together.play(engine, seed=SEED)
    after = snapshot(together.nets)
    alone = [_alone(objective, family, k) for k in range(2)]
    for players in objective.moves.values():
        found = gradients(before, after, players, together.nets)
        parts = [gradients(*ends, players, nets) for ends, nets in alone]
        assert relative_error(found, torch.stack(parts).sum(0) / 2) < 1e-9, "gradients are not averaged"


def _alone(objective: Objective, family: str, k: int) -> tuple[tuple[Snapshot, Snapshot], Networks]:
    played = game(objective, family, batches=2)
    played.batches = [played.batches[k]]
    before = snapshot(played.nets)
    played.play(advance, seed=SEED)
    return (before, snapshot(played.nets)), played.nets


def pauses_are_decided_once_by_all_batches(
    objective: Objective, family: str, engine: Advance = advance
) -> None:
    """What is paused is asked once a phase, with the costs of all batches averaged."""
    played = game(objective, family, batches=2)
    yielded: list[dict[str, float]] = []
    asked: list[dict[str, float]] = []

    def step(self: Objective, nets: Networks, batch: Batch, t: int) -> Step:
        play = objective.step(nets, batch, t)
        phase = next(play)
        yielded.append({name: float(cost.detach()) for name, cost in phase.costs.items()})
        yield phase
        return (yield from play)

    def paused_moves(self: Objective, costs: dict[str, float]) -> set[str]:
        asked.append(dict(costs))
        return objective.paused_moves(costs)

    played.objective = altered(objective, step=step, paused_moves=paused_moves)
    played.play(engine)
    assert len(asked) == 1, "pauses are decided more than once"
    one, two = yielded
    assert one != two
    assert asked[0] == pytest.approx({name: (one[name] + two[name]) / 2 for name in one})
