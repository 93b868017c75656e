"""Engines and objectives that are wrong on purpose, each as found in widely used code."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from laws.games import CONDITION, altered, objective_of
from likeness.batch import Batch
from likeness.losses import squared_error
from likeness.nets import Networks
from likeness.objectives import Losses, Objective, Phase, Step
from likeness.training import step as engine
from likeness.training.moves import Move, play
from likeness.training.step import advance


def phases_of(objective: Objective, nets: Networks, batch: Batch, t: int) -> Any:
    """The phases of a step, for engines that play them wrongly."""
    return objective.step(nets, batch, t)


def all_backward_before_any_step(
    objective: Objective, nets: Networks, moves: Mapping[str, Move], batches: Sequence[Batch], t: int
) -> None:
    """Every loss adds its gradient to every network's .grad; then all step (trap 1)."""
    for phase in phases_of(objective, nets, batches[0], t):
        losses = phase.losses
        nets.zero_grad()
        for loss in losses.values():
            loss.backward(retain_graph=True)
        for name in losses:
            moves[name].optimizer.step()
    nets.zero_grad()


def own_gradients_alone_are_cleared(
    objective: Objective, nets: Networks, moves: Mapping[str, Move], batches: Sequence[Batch], t: int
) -> None:
    """Each optimizer clears its own networks' gradients before its own loss alone; what the losses
    after it leave there stays (trap 4, second half)."""
    for phase in phases_of(objective, nets, batches[0], t):
        losses = phase.losses
        for name, loss in losses.items():
            moves[name].optimizer.zero_grad()
            loss.backward(retain_graph=True)
        for name in losses:
            moves[name].optimizer.step()


def last_batch_alone(
    objective: Objective, nets: Networks, moves: Mapping[str, Move], batches: Sequence[Batch], t: int
) -> None:
    """Gradients of several batches are never averaged: the last one counts (trap 5)."""
    advance(objective, nets, moves, batches[-1:], t)


def batches_are_summed(
    objective: Objective, nets: Networks, moves: Mapping[str, Move], batches: Sequence[Batch], t: int
) -> None:
    """Gradients of several batches are added and not divided by how many they are."""

    def play_summed(phases: Sequence[Losses], moves: Mapping[str, Move]) -> None:
        play([{name: len(phases) * loss for name, loss in losses.items()} for losses in phases], moves)

    with patch("likeness.training.step.play", play_summed):
        advance(objective, nets, moves, batches, t)


def one_move_after_another(
    objective: Objective, nets: Networks, moves: Mapping[str, Move], batches: Sequence[Batch], t: int
) -> None:
    """Each move of a phase is made, and the losses computed anew, before the gradient of the next."""
    state = torch.get_rng_state()
    phases = phases_of(objective, nets, batches[0], t)
    for name in next(phases).losses:
        torch.set_rng_state(state)
        play([{name: next(phases_of(objective, nets, batches[0], t)).losses[name]}], moves)
    list(phases)


def everybody_moves(
    objective: Objective, nets: Networks, moves: Mapping[str, Move], batches: Sequence[Batch], t: int
) -> None:
    """Every network descends whatever reaches it, in every phase."""
    for phase in phases_of(objective, nets, batches[0], t):
        torch.stack(list(phase.losses.values())).sum().backward()
        for move in moves.values():
            move.optimizer.step()
        nets.zero_grad()


def each_batch_decides(
    objective: Objective, nets: Networks, moves: Mapping[str, Move], batches: Sequence[Batch], t: int
) -> None:
    """Which moves are paused is decided for each batch by itself."""

    def made(objective: Objective, phases: Sequence[Phase], *rest: Any) -> list[Any]:
        return [losses for phase in phases for losses in decided(objective, [phase], *rest)]

    with patch("likeness.training.step._select_losses", made):
        advance(objective, nets, moves, batches, t)


decided = engine._select_losses


def statistics_follow_every_pass(
    objective: Objective, nets: Networks, moves: Mapping[str, Move], batches: Sequence[Batch], t: int
) -> None:
    """Running statistics of networks that are only looked through are not put back."""
    with patch("likeness.training.step.restore_buffers"):
        advance(objective, nets, moves, batches, t)


def everybody_in_training_mode(
    objective: Objective, nets: Networks, moves: Mapping[str, Move], batches: Sequence[Batch], t: int
) -> None:
    """Frozen players as well."""
    advance(objective, nets.train(), moves, batches, t)


def likeness_of_logits() -> Objective:
    """The similarity layer is the last one, a single number (trap 2)."""

    def llike(self: Any, nets: Networks, batch: Batch, real: Any, made: Any) -> Tensor:
        return 0.5 * squared_error(real.logits[:, None], made.logits[:, None])

    return with_features(llike)


def no_reconstructions_in_the_cost() -> Objective:
    """Reconstructions are left out of L_gan (trap 3)."""
    return objective_of("vae_gan", **TRUE | {"reconstructed_weight": 0.0})


def features_without_gradient() -> Objective:
    """The feature error is computed under no_grad (trap 4, first half)."""

    right: Any = true()

    def llike(self: Any, *given: Any) -> Tensor:
        with torch.no_grad():
            return right.features.llike(*given)

    return with_features(llike)


def with_features(llike: Any) -> Objective:
    """VAE/GAN with another measure of likeness."""
    wrong: Any = altered(true())
    object.__setattr__(wrong, "features", altered(wrong.features, llike=llike))
    return wrong


def fooling_reaches_the_encoder() -> Objective:
    """The encoder descends the decoder's adversarial loss as well (trap 6)."""

    def change(losses: Losses) -> Losses:
        return losses | {"encoder": losses["encoder"] + losses["decoder"]}

    return _changed(change)


def features_shrink_in_the_discriminator() -> Objective:
    """The discriminator descends the feature error as well, and could make all features nought."""

    def change(losses: Losses) -> Losses:
        return losses | {"discriminator": losses["discriminator"] + losses["encoder"]}

    return _changed(change)


def no_prior_samples_in_the_cost() -> Objective:
    """The discriminator never sees prior samples (trap 9)."""
    return objective_of("vae_gan", **TRUE | {"prior_weight": 0.0})


def decoder_wants_to_be_caught() -> Objective:
    """The decoder descends its adversarial loss with the wrong sign."""
    wrong = objective_of("vae_gan", **TRUE | {"gamma": 0.0})

    def step(self: Objective, nets: Networks, batch: Batch, t: int) -> Step:
        state = torch.get_rng_state()
        gan_loss: Any = next(wrong.step(nets, batch, t)).losses["decoder"]
        torch.set_rng_state(state)
        play = true().step(nets, batch, t)
        losses: Any = next(play).losses
        yield Phase(losses | {"decoder": losses["decoder"] - 2 * gan_loss})
        return {}

    return altered(true(), step=step)


TRUE = {"balance": False, "feature_likelihood": "normal"}


def true() -> Objective:
    """VAE/GAN as it should be."""
    return objective_of("vae_gan", **TRUE)


def _changed(change: Any) -> Objective:
    """VAE/GAN whose losses are changed."""

    def step(self: Objective, nets: Networks, batch: Batch, t: int) -> Step:
        yield Phase(change(next(true().step(nets, batch, t)).losses))
        return {}

    return altered(true(), step=step)


def condition_of_another() -> Objective:
    """Networks have the condition of another image."""
    right = objective_of("vae_gan", **TRUE, condition=CONDITION)

    def step(self: Objective, nets: Networks, batch: Batch, t: int) -> Step:
        assert batch.condition is not None
        yield next(right.step(nets, replace(batch, condition=batch.condition.roll(1, 0)), t))
        return {}

    return altered(right, step=step)


def condition_forgotten_in_the_step() -> Objective:
    """Networks have the same condition for every image."""
    right = objective_of("vae_gan", **TRUE, condition=CONDITION)

    def step(self: Objective, nets: Networks, batch: Batch, t: int) -> Step:
        assert batch.condition is not None
        yield next(right.step(nets, replace(batch, condition=torch.zeros_like(batch.condition)), t))
        return {}

    return altered(right, step=step)


OBJECTIVES = [
    likeness_of_logits,
    no_reconstructions_in_the_cost,
    features_without_gradient,
    no_prior_samples_in_the_cost,
    fooling_reaches_the_encoder,
    features_shrink_in_the_discriminator,
    decoder_wants_to_be_caught,
]
ENGINES = [all_backward_before_any_step, own_gradients_alone_are_cleared, one_move_after_another]
"""Those that descend wrong gradients."""
