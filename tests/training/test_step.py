"""A step: what it refuses, what it reports, and which players are in which mode."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from laws.games import Game, altered, batch, differing, game, objective_of, snapshot
from likeness.batch import Batch
from likeness.errors import RunError
from likeness.nets import Networks
from likeness.objectives import Objective, Phase, Step
from likeness.training.step import advance, set_modes, validate

pytestmark = pytest.mark.usefixtures("double")


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_stops_before_any_network_changes(value: float) -> None:
    true = objective_of("gan", balance=False)

    def step(self: Objective, nets: Networks, given: Batch, t: int) -> Step:
        losses: Any = next(true.step(nets, given, t)).losses
        yield Phase(losses | {"discriminator": losses["discriminator"] * value})
        return {}

    played = game(true, "mlp")
    given = replace(batch(0), index=batch(0).index + 70)
    before = snapshot(played.nets)
    wanted = r"loss of discriminator is (nan|inf) at step 5, on training images 70, 71.*; lower --lr"
    with pytest.raises(RunError, match=wanted):
        advance(altered(true, step=step), played.nets, played.moves, [given], 5)
    assert not differing(before, snapshot(played.nets))


def reported(batches: list[int]) -> dict[str, float]:
    """What a step of one and the same autoencoder reports, on batches of these numbers."""
    played = game(objective_of("ae"), "mlp")
    made = advance(played.objective, played.nets, played.moves, [batch(k) for k in batches], 0)
    return {name: float(value) for name, value in made.items()}


def test_what_several_batches_report_is_the_mean() -> None:
    first, second, both = reported([0]), reported([1]), reported([0, 1])
    assert both.keys() == first.keys() and first != second
    assert both == pytest.approx({name: (first[name] + second[name]) / 2 for name in first})


def answered(reports: list[dict[str, float]]) -> dict[str, float]:
    """What a step reports, of batches of which each reports something of its own."""
    played, left = game(objective_of("ae"), "mlp", batches=len(reports)), iter(reports)

    def step(self: Objective, nets: Networks, given: Batch, t: int) -> Step:
        number = next(left)
        yield from played.objective.step(nets, given, t)
        return {name: torch.tensor(float(value)) for name, value in number.items()}

    silent = altered(played.objective, step=step)
    made = advance(silent, played.nets, played.moves, played.batches, 0)
    return {name: float(value) for name, value in made.items()}


def test_a_number_that_is_of_no_sample_of_some_batches_is_the_mean_over_the_others() -> None:
    none = math.nan
    found = answered([{"all": 1, "some": none}, {"all": 2, "some": 5}, {"all": 6, "some": 7}])
    assert found == {"all": 3, "some": 6}
    assert math.isnan(answered([{"some": none}, {"some": none}])["some"])


def counting(found: list[tuple[float, float]]) -> tuple[Game, Objective]:
    """An autoencoder whose loss is `value` times that of images, of `count` samples, for each batch."""
    played, left = game(objective_of("ae"), "mlp", batches=len(found)), iter(found)

    def step(self: Objective, nets: Networks, given: Batch, t: int) -> Step:
        value, count = next(left)
        losses: Any = next(played.objective.step(nets, given, t)).losses
        yield Phase(
            {name: value * loss for name, loss in losses.items()},
            sample_counts={"autoencoder": torch.tensor(float(count))},
        )
        return {}

    return played, altered(played.objective, step=step)


def test_a_move_whose_loss_is_of_no_sample_of_some_batches_is_made_for_the_others() -> None:
    """Whatever that loss is there; the gradient is the mean over the others, here of one."""
    played, objective = counting([(math.nan, 0), (1, 3)])
    advance(objective, played.nets, played.moves, played.batches, 0)
    alone, same = counting([(1, 3)])
    alone.batches[:] = played.batches[1:]
    advance(same, alone.nets, alone.moves, alone.batches, 0)
    assert not differing(snapshot(alone.nets), snapshot(played.nets))


def test_a_move_whose_loss_is_of_no_sample_at_all_is_not_made() -> None:
    played, objective = counting([(math.nan, 0), (math.inf, 0)])
    before = snapshot(played.nets)
    advance(objective, played.nets, played.moves, played.batches, 0)
    assert not differing(before, snapshot(played.nets))


def test_nothing_that_is_reported_keeps_a_graph() -> None:
    played = game(objective_of("vae_gan"), "mlp")
    made = advance(played.objective, played.nets, played.moves, played.batches, 0)
    assert made and not any(value.requires_grad for value in made.values())


def test_players_that_some_move_names_train_and_the_others_are_frozen() -> None:
    played = game(objective_of("vae_dis_l"), "larsen")
    played.nets.eval().requires_grad_(False)
    played.nets["discriminator"].train().requires_grad_(True)
    set_modes(played.objective, played.nets)
    expected = {"encoder": True, "decoder": True, "discriminator": False}
    for name, moves in expected.items():
        assert {m.training for m in played.nets[name].modules()} == {moves}
        assert {p.requires_grad for p in played.nets[name].parameters()} == {moves}


def test_losses_are_computed_within_a_context_and_gradients_outside_of_it() -> None:
    played, within = game(objective_of("ae"), "mlp"), [False]
    seen: dict[str, set[bool]] = {"forward": set(), "backward": set()}

    @contextmanager
    def context() -> Iterator[None]:
        within[0] = True
        yield
        within[0] = False

    def forward(net: nn.Module, given: object, out: Tensor) -> None:
        seen["forward"].add(within[0])
        out.register_hook(lambda gradient: seen["backward"].add(within[0]))

    played.nets["encoder"].register_forward_hook(forward)
    advance(played.objective, played.nets, played.moves, played.batches, 0, context)
    assert seen == {"forward": {True}, "backward": {False}}


@pytest.mark.parametrize("method", ["vae", "gan"])
def test_watching_sees_the_losses_that_a_step_would_descend(method: str) -> None:
    """Without BatchNorm, which is the one thing that differs in evaluation mode."""
    played = game(objective_of(method), "mlp")
    torch.manual_seed(3)
    seen = validate(played.objective, played.nets, played.batches[0], 0)
    torch.manual_seed(3)
    descended: Any = next(played.objective.step(played.nets, played.batches[0], 0)).losses
    assert descended
    for name, loss in descended.items():
        torch.testing.assert_close(seen[f"loss_{name}"], loss.detach(), rtol=1e-12, atol=0)
