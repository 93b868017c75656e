"""The laws hold for every objective, every family of networks, and the options that change a loss."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from laws import laws
from laws.games import FAMILIES, METHODS, altered, differing, game, objective_of, snapshot
from likeness.objectives._objective import Objective, Step
from likeness.training.advance import advance, watch

LEARNED = {"name": "learned_normal", "per": "channel"}
NORMAL = {"name": "normal"}
LAYERS = {"larsen": {"conv1": 0.5, "conv2": 2.0}}
OPTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("vae", "larsen", {"beta": 3.0, "likelihood": LEARNED}),
    ("vae", "mlp", {"likelihood": {"name": "learned_normal", "per": "image"}}),
    ("vae", "mlp", {"likelihood": {"name": "normal", "variance": 0.3}}),
    ("vae", "resnet", {"likelihood": {"name": "laplace", "width": 0.7}}),
    ("vae", "mlp", {"likelihood": {"name": "bernoulli"}}),
    ("gan", "larsen", {"balance": False, "fooling": "saturating"}),
    ("gan", "resnet", {"balance": False, "r1": 2.0}),
    ("vae_dis_l", "larsen", {"layers": LAYERS["larsen"], "feature_likelihood": LEARNED}),
    ("vae_dis_l", "larsen", {"feature_likelihood": NORMAL}),
    ("vae_gan", "larsen", {"balance": False, "feature_likelihood": NORMAL, "fooling": "saturating"}),
    ("vae_gan", "larsen", {"balance": False, "layers": LAYERS["larsen"], "feature_likelihood": LEARNED}),
    ("vae_gan", "mlp", {"balance": False, "gamma": 7.0, "beta": 0.2, "r1": 0.5}),
    ("vae_gan", "resnet", {"balance": False, "reconstructed_weight": 0.3, "prior_weight": 0.6}),
    ("vae_gan", "larsen", {"balance": False, "start": 5}),
]  # fmt: skip
UNBALANCED = {"gan": {"balance": False}, "vae_gan": {"balance": False}}
EVERY = [(m, f) for m in METHODS for f in FAMILIES]


@pytest.fixture(autouse=True)
def double() -> Iterator[None]:
    """All in float64."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def plain(method: str) -> Objective:
    """The objective with its defaults, but for the balance rule, which leaves moves out."""
    return objective_of(method, **UNBALANCED.get(method, {}))


@pytest.mark.parametrize(("method", "family"), EVERY)
def test_each_phase_changes_exactly_the_networks_its_moves_name(method: str, family: str) -> None:
    laws.only_named_networks_change(plain(method), family)


@pytest.mark.parametrize(("method", "family"), EVERY)
def test_gradients_of_each_phase_are_those_written_down_by_hand(method: str, family: str) -> None:
    laws.gradients_are_those_of_the_paper(plain(method), family)


@pytest.mark.parametrize(("method", "family", "settings"), OPTIONS)
def test_gradients_are_right_under_every_option(method: str, family: str, settings: dict) -> None:
    laws.gradients_are_those_of_the_paper(objective_of(method, **settings), family)


@pytest.mark.parametrize("t", [4, 5])
def test_the_discriminator_learns_from_its_first_step_on_and_not_before(t: int) -> None:
    objective = objective_of("vae_gan", balance=False, start=5)
    played = game(objective)
    before = snapshot(played.nets)
    played.play(t=t)
    assert ("discriminator" in differing(before, snapshot(played.nets))) == (t >= 5)
    laws.gradients_are_those_of_the_paper(objective, "larsen", t=t)


@pytest.mark.parametrize(("method", "family"), EVERY)
def test_nothing_changes_in_a_network_that_is_only_looked_through(method: str, family: str) -> None:
    laws.nothing_leaks_into_what_is_looked_through(plain(method), family)


@pytest.mark.parametrize("method", METHODS)
def test_a_frozen_player_never_changes(method: str) -> None:
    objective = plain(method)
    played = game(objective)
    before = snapshot(played.nets)
    for t in range(3):
        played.play(t=t, seed=t)
    moving = {player for players in objective.moves.values() for player in players}
    assert differing(before, snapshot(played.nets)) == moving


def test_gradients_of_two_batches_are_averaged() -> None:
    laws.accumulation_is_the_mean(objective_of("ae"), "mlp")


def test_gradients_of_equal_batches_are_those_of_one() -> None:
    """Averaged, not summed, where noise is switched off by equal seeds."""
    objective = objective_of("ae")
    one, two = game(objective, "mlp"), game(objective, "mlp")
    two.batches = two.batches * 3
    for played in (one, two):
        played.play()
    assert all(
        torch.allclose(p, q, rtol=1e-12, atol=0)
        for p, q in zip(one.nets.parameters(), two.nets.parameters())
    )


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_bit_identical_weights(method: str) -> None:
    ends = []
    for seed in (0, 0, 1):
        played = game(plain(method))
        for t in range(3):
            played.play(t=t, seed=100 * seed + t)
        ends.append(snapshot(played.nets))
    assert not differing(ends[0], ends[1])
    if _draws_noise(plain(method)):
        assert differing(ends[0], ends[2])


@pytest.mark.parametrize("method", METHODS)
def test_watching_changes_nothing(method: str) -> None:
    played = game(plain(method))
    before, modes = snapshot(played.nets), [m.training for m in played.nets.modules()]
    torch.manual_seed(0)
    seen = watch(played.objective, played.nets, played.batches[0], 0)
    assert not differing(before, snapshot(played.nets))
    assert [m.training for m in played.nets.modules()] == modes
    assert all(p.grad is None for p in played.nets.parameters())
    assert {f"loss_{move}" for move in played.objective.moves} <= seen.keys()


@pytest.mark.parametrize("method", METHODS)
def test_a_step_in_which_nobody_moves_changes_nothing(method: str) -> None:
    played = game(plain(method))
    before = snapshot(played.nets)

    def still(self: Objective, *given: Any) -> Step:
        next(played.objective.step(*given))
        yield {}
        return {}

    silent = altered(played.objective, step=still)
    advance(silent, played.nets, played.moves, played.batches, 0)
    assert not differing(before, snapshot(played.nets))
    assert all(not move.optimizer.state for move in played.moves.values())


def _draws_noise(objective: Objective) -> bool:
    played, state = game(objective), torch.get_rng_state()
    watch(objective, played.nets, played.batches[0], 0)
    return not torch.equal(state, torch.get_rng_state())
