"""Which BatchNorm statistics each pass uses, and how often the running ones are updated."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from laws.games import Game, differing, game, objective_of, snapshot

PASSES = [
    ("ae", {}, {"encoder": 1, "decoder": 1}),
    ("vae", {}, {"encoder": 1, "decoder": 1}),
    ("gan", {"balance": False}, {"decoder": 1, "discriminator": 2}),
    ("gan", {"balance": False, "r1": 1.0}, {"decoder": 1, "discriminator": 3}),
    ("vae_dis_l", {}, {"encoder": 1, "decoder": 1, "discriminator": 0}),
    ("vae_gan", {"balance": False}, {"encoder": 1, "decoder": 2, "discriminator": 2}),
    ("vae_gan", {"balance": False, "r1": 1.0}, {"encoder": 1, "decoder": 2, "discriminator": 3}),
    ("vae_gan", {"balance": False, "start": 9}, {"encoder": 1, "decoder": 2, "discriminator": 0}),
    ("aae", {}, {"encoder": 1, "decoder": 1}),
    ("aae_semi", {}, {"encoder": 2, "decoder": 1}),
    ("aae_semi", {"mutual_information": 1.0, "view.rotation": 9.0}, {"encoder": 3, "decoder": 1}),
]
"""Passes in training of each player, in phases that move it."""
JUDGED = [
    ("gan", {}, ["x", "x_p"]),
    ("gan", {"r1": 1.0}, ["x", "x_p", "x"]),
    ("vae_gan", {}, ["x and x_tilde", "x_p"]),
    ("vae_gan", {"r1": 1.0}, ["x and x_tilde", "x_p", "x"]),
    ("vae_dis_l", {}, ["x and x_tilde"]),
]
"""The batches in which a discriminator sees images, in turn."""


def norms(net: nn.Module) -> list[nn.BatchNorm1d | nn.BatchNorm2d]:
    """The BatchNorm layers of a network."""
    return [m for m in net.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)]


def counts(net: nn.Module) -> set[int]:
    """How often the running statistics of its layers were updated."""
    assert norms(net)
    return {int(norm.get_buffer("num_batches_tracked")) for norm in norms(net)}


def single(played: Game) -> Game:
    """A game whose batches have the precision of its networks."""
    played.batches = [replace(batch, x=batch.x.float()) for batch in played.batches]
    return played


def given_to(player: nn.Module) -> list[Tensor]:
    """What a network is given, pass by pass, from now on."""
    seen: list[Tensor] = []
    player.register_forward_pre_hook(lambda net, given: seen.append(given[0].detach()))
    return seen


@pytest.mark.parametrize(("method", "settings", "passes"), PASSES)
@pytest.mark.parametrize("batches", [1, 3])
def test_running_statistics_are_updated_once_for_each_pass_of_a_player_that_moves(
    method: str, settings: dict[str, Any], passes: dict[str, int], batches: int
) -> None:
    played = single(game(objective_of(method, **settings), batches=batches))
    played.play()
    assert {p: counts(played.nets[p]) for p in passes} == {p: {n * batches} for p, n in passes.items()}


@pytest.mark.parametrize(("method", "settings", "expected"), JUDGED)
def test_which_images_are_judged_in_one_batch(
    method: str, settings: dict[str, Any], expected: list[str]
) -> None:
    played = single(game(objective_of(method, **settings)))
    judged, x = given_to(played.nets["discriminator"]), played.batches[0].x
    made: list[Tensor] = []
    played.nets["decoder"].register_forward_hook(lambda net, given, out: made.append(out.detach()))
    played.play()
    named = {"x": x, "x_p": made[-1], "x and x_tilde": torch.cat([x, made[0]])}
    assert len(judged) == len(expected)
    assert all(torch.equal(batch, named[name]) for batch, name in zip(judged, expected))


@pytest.mark.parametrize("method", ["gan", "vae_gan"])
def test_running_means_follow_each_batch_by_a_tenth(method: str) -> None:
    """In the order of the passes, the last being that of decoded prior samples."""
    played = single(game(objective_of(method)))
    first = norms(played.nets["discriminator"])[0]
    seen = given_to(first)
    played.play()
    expected = torch.zeros(first.num_features)
    for batch in seen:
        expected = 0.9 * expected + 0.1 * batch.mean((0, 2, 3))
    assert len(seen) == 2
    assert torch.allclose(first.get_buffer("running_mean"), expected, atol=1e-6)


@pytest.mark.parametrize("method", ["gan", "vae_gan"])
@pytest.mark.parametrize(("equilibrium", "paused"), [(50.0, "discriminator"), (1e-3, "decoder")])
def test_a_player_that_the_balance_rule_holds_back_keeps_its_statistics(
    method: str, equilibrium: float, paused: str
) -> None:
    """Where any cost counts as winning for one, or for the other."""
    objective = objective_of(method, equilibrium=equilibrium, margin=0.0)
    played = single(game(objective))
    before = snapshot(played.nets)
    played.play()
    moved = {player for players in objective.moves.values() for player in players}
    assert differing(before, snapshot(played.nets)) == moved - {paused}
