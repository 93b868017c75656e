"""The laws hold for every objective, every family of networks, and the options that change a loss."""

from dataclasses import replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from laws import laws
from laws.games import (
    DESIGNS,
    METHODS,
    altered,
    batch,
    differing,
    game,
    gradients,
    objective_of,
    relative_error,
    restore,
    snapshot,
    spied,
    with_adam,
)
from likeness.batch import Batch
from likeness.objectives import Objective, Phase, Step
from likeness.shapes import UNLABELLED
from likeness.training.step import advance, validate

DISTORTED = {"view.rotation": 10.0, "view.zoom": 0.1, "view.shear": 0.1, "view.shift": 1.0}
PETALS = {"name": "petals", "petals": 4}
LEARNED = {"name": "learned_normal", "per": "channel"}
NORMAL = {"name": "normal"}
LAYERS = {"larsen": {"conv1": 0.5, "conv2": 2.0}}
OPTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("vae", "larsen", {"beta": 3.0, "likelihood": LEARNED}),
    ("vae", "mlp", {"likelihood": {"name": "learned_normal", "per": "image"}}),
    ("vae", "mlp", {"likelihood": {"name": "normal", "variance": 0.3}}),
    ("vae", "resnet", {"likelihood": {"name": "laplace", "width": 0.7}}),
    ("vae", "mlp", {"likelihood": {"name": "bernoulli"}}),
    ("vae", "mlp", {"prior": {"name": "normal", "std": 2.5}}),
    ("vae", "mlp", {"latent": 2, "prior": {"name": "petals", "along": 3.0, "across": 2.0}}),
    ("gan", "larsen", {"balance": False, "prior": {"name": "normal", "std": 0.4}}),
    ("gan", "larsen", {"balance": False, "gan_loss": "saturating"}),
    ("gan", "resnet", {"balance": False, "r1": 2.0}),
    ("vae_dis_l", "larsen", {"layers": LAYERS["larsen"], "feature_likelihood": LEARNED}),
    ("vae_dis_l", "larsen", {"feature_likelihood": NORMAL}),
    ("vae_dis_l", "larsen", {"layers": {"1": 1.0, "-2": 0.3}, "beta": 0.1}),
    ("vae_gan", "larsen", {"balance": False, "feature_likelihood": NORMAL, "gan_loss": "saturating"}),
    ("vae_gan", "larsen", {"balance": False, "layers": LAYERS["larsen"], "feature_likelihood": LEARNED}),
    ("vae_gan", "mlp", {"balance": False, "gamma": 7.0, "beta": 0.2, "r1": 0.5}),
    ("vae_gan", "resnet", {"balance": False, "reconstructed_weight": 0.3, "prior_weight": 0.6}),
    ("vae_gan", "larsen", {"balance": False, "start": 5}),
    ("vae_gan", "larsen", {"balance": False, "adaptive": True, "gamma": 3.0}),
    ("vae_gan", "resnet", {"balance": False, "adaptive": True, "gan_loss": "saturating"}),
    ("vae_gan", "mlp", {"balance": False, "prior": {"name": "normal", "std": 2.0}, "layers": {"0": 1.0}}),
    ("aae", "mlp", {"prior": {"name": "normal", "std": 5.0}, "view.noise": 0.3, "code_noise": 0.2}),
    ("aae", "mlp", {"prior": {"name": "normal", "std": 5.0}, "code_noise": 0.2, "r1": 0.7}),
    ("aae", "larsen", {"posterior": {"name": "gaussian"}, "likelihood": LEARNED}),
    ("aae", "resnet", {"posterior": {"name": "universal", "eta": 2}, "view.noise": 0.1}),
    ("aae_labels", "mlp", {"prior": PETALS, "latent": 2, "code_noise": 0.1, "r1": 0.3}),
    ("aae", "mlp", {"posterior": {"name": "fixed_variance", "std": 0.5}} | DISTORTED),
    ("aae_supervised", "larsen", {"classes": 3, "posterior": {"name": "gaussian"}, "view.noise": 0.3}),
    ("aae_semi", "mlp", {"classes": 4, "view.noise": 0.3, "code_noise": 0.2, "likelihood": LEARNED}),
    ("aae_cluster", "larsen", {"posterior": {"name": "gaussian"}, "code_noise": 0.3}),
    ("aae_cluster", "mlp", {"class_balance": 0.0, "code_noise": 0.1, "r1": 0.2}),
    ("aae_cluster", "mlp", {"mutual_information": 0.7} | DISTORTED),
    ("aae_semi", "larsen", {"mutual_information": 2.0, "class_balance": 0.4, "view.noise": 0.3}),
    ("aae_reduce", "mlp", {"mutual_information": 0.5, "view.noise": 0.2, "posterior": "universal"}),
    ("aae_reduce", "mlp", {"classes": 5, "repulsion": 3.0, "spacing": 2.0, "likelihood": LEARNED}),
]  # fmt: skip
UNBALANCED = {"gan": {"balance": False}, "vae_gan": {"balance": False}}
pytestmark = pytest.mark.usefixtures("double")
EVERY = [(m, f) for m in METHODS for f in DESIGNS]


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
def test_gradients_are_right_under_every_option(method: str, family: str, settings: dict[str, Any]) -> None:
    laws.gradients_are_those_of_the_paper(objective_of(method, **settings), family)


BALANCED = [
    ({}, set()),
    ({"equilibrium": 50.0, "margin": 0.0}, {"discriminator"}),
    ({"equilibrium": 1e-3, "margin": 0.0}, {"decoder"}),
]


@pytest.mark.parametrize("method", sorted(UNBALANCED))
@pytest.mark.parametrize(("rule", "paused"), BALANCED)
def test_the_balance_rule_leaves_one_move_out_and_no_other_gradient_changes(
    method: str, rule: dict[str, Any], paused: set[str]
) -> None:
    objective = objective_of(method, **rule)
    played = game(objective)
    played.objective, phases = spied(objective)
    played.play()
    assert [phase.moves for phase in phases] == [objective.moves.keys() - paused]
    laws.gradients_are_those_of_the_paper(objective, "larsen")


@pytest.mark.parametrize("method", ["aae_labels", "aae_semi", "aae_reduce"])
@pytest.mark.parametrize("beside", [False, True])
def test_gradients_are_right_where_some_labels_are_not_known(method: str, beside: bool) -> None:
    """Of the batch itself, or of labelled images that come beside it."""
    settings = {"prior": "petals", "latent": 2} if method == "aae_labels" else {"classes": 3}
    some = replace(batch(0), labels=torch.tensor([0, UNLABELLED, 2, 1, UNLABELLED, 2]))
    given = replace(some, labelled=batch(5)) if beside else some
    laws.gradients_are_those_of_the_paper(objective_of(method, **settings), "mlp", given=given)


def test_an_objective_whose_gradients_nobody_wrote_down_is_told_so() -> None:
    new = altered(objective_of("ae"), __module__="likeness.objectives.new")
    with pytest.raises(AssertionError, match=r"write the gradients of new down .*references\.py"):
        laws.gradients_are_those_of_the_paper(new, "mlp")


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


@pytest.mark.parametrize("method", ["gan", "vae_dis_l", "vae_gan"])
def test_nor_does_what_spectral_normalisation_remembers(method: str) -> None:
    laws.only_named_networks_change(plain(method), "spectral")
    laws.nothing_leaks_into_what_is_looked_through(plain(method), "spectral")


def test_nothing_changes_in_a_discriminator_that_does_not_learn_yet() -> None:
    laws.nothing_leaks_into_what_is_looked_through(objective_of("vae_gan", start=9), "larsen")


@pytest.mark.parametrize("method", METHODS)
def test_a_frozen_player_never_changes(method: str) -> None:
    objective = plain(method)
    played = game(objective)
    before = snapshot(played.nets)
    for t in range(3):
        played.play(t=t, seed=t)
    moving = {player for players in objective.moves.values() for player in players}
    assert differing(before, snapshot(played.nets)) == moving


@pytest.mark.parametrize("family", DESIGNS)
def test_gradients_of_two_batches_are_averaged(family: str) -> None:
    laws.accumulation_is_the_mean(objective_of("ae"), family)


@pytest.mark.parametrize("family", ["mlp", "resnet"])
def test_small_batches_together_are_a_large_one_without_batch_norm(family: str) -> None:
    ends = []
    for size in (2, 3, 6):
        played = game(objective_of("ae"), family)
        parts = zip(*(value.split(size) for value in (batch(0).x, batch(0).labels, batch(0).index)))
        played.batches = [Batch(*part) for part in parts]
        played.play()
        ends.append(torch.cat([p.flatten() for p in played.nets.parameters()]))
    assert torch.allclose(ends[0], ends[2], rtol=1e-12) and torch.allclose(ends[1], ends[2], rtol=1e-12)


@pytest.mark.parametrize("without", [0, 1])
def test_a_phase_that_some_batches_lack_is_that_of_those_that_have_it(without: int) -> None:
    """One batch has labels, the other has none, so its loss is of no sample."""
    played = game(objective_of("aae_semi", classes=3), "mlp")
    played.objective, phases = spied(played.objective)
    known = replace(batch(0), labels=torch.tensor([0, 1, 2, 2, 1, 0]))
    unknown = replace(batch(1), labels=torch.full((6,), UNLABELLED))
    played.batches = [unknown, known] if without == 0 else [known, unknown]
    played.play()
    [last] = [phase for phase in phases if phase.moves == {"classifier"}]
    restore(played.nets, last.before)
    encoder = played.nets["encoder"]
    F.cross_entropy(encoder(known.x)[:, :3], known.labels).backward()
    expected = torch.cat([p.grad.flatten() for p in encoder.parameters()])
    found = gradients(last.before, last.after, ("encoder",), played.nets)
    assert relative_error(found, expected) < 1e-9


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


@pytest.mark.parametrize(("method", "family"), EVERY)
def test_watching_changes_nothing(method: str, family: str) -> None:
    played = game(plain(method), family)
    before, modes = snapshot(played.nets), [m.training for m in played.nets.modules()]
    torch.manual_seed(0)
    seen = validate(played.objective, played.nets, played.batches[0], 0)
    assert not differing(before, snapshot(played.nets))
    assert [m.training for m in played.nets.modules()] == modes
    assert all(p.grad is None for p in played.nets.parameters())
    assert {f"loss_{move}" for move in played.objective.moves} <= seen.keys()
    assert not any(value.requires_grad for value in seen.values())


@pytest.mark.parametrize(("method", "family"), EVERY)
def test_a_step_in_which_nobody_moves_changes_nothing(method: str, family: str) -> None:
    played = with_adam(game(plain(method), family))
    before = snapshot(played.nets)

    def still(self: Objective, *given: Any) -> Step:
        next(played.objective.step(*given))
        yield Phase({})
        return {}

    silent = altered(played.objective, step=still)
    advance(silent, played.nets, played.moves, played.batches, 0)
    assert not differing(before, snapshot(played.nets))
    assert all(not move.optimizer.state for move in played.moves.values())


def _draws_noise(objective: Objective) -> bool:
    played, state = game(objective), torch.get_rng_state()
    validate(objective, played.nets, played.batches[0], 0)
    return not torch.equal(state, torch.get_rng_state())
