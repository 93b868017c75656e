"""Engines and objectives that are wrong on purpose, each as found in widely used code."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from laws.games import altered, objective_of
from likeness.losses import squared_error
from likeness.nets._family import Networks
from likeness.objectives._objective import Losses, Objective, Step
from likeness.shapes import Batch
from likeness.training.advance import advance
from likeness.training.moves import Move


def phases_of(objective: Objective, nets: Networks, batch: Batch, t: int) -> Step:
    """The phases of a step, for engines that play them wrongly."""
    return objective.step(nets, batch, t)


def all_backward_before_any_step(
    objective: Objective, nets: Networks, moves: Mapping[str, Move], batches: Sequence[Batch], t: int
) -> None:
    """Every loss adds its gradient to every network's .grad; then all step (trap 1)."""
    for losses in phases_of(objective, nets, batches[0], t):
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
    for losses in phases_of(objective, nets, batches[0], t):
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


def likeness_of_logits() -> Objective:
    """The similarity layer is the last one, a single number (trap 2)."""

    def llike(self: Objective, nets: Networks, real: Any, made: Any) -> Tensor:
        return 0.5 * squared_error(real.logits[:, None], made.logits[:, None])

    return altered(true(), llike=llike)


def no_reconstructions_in_the_cost() -> Objective:
    """Reconstructions are left out of L_gan (trap 3)."""
    return objective_of("vae_gan", **TRUE | {"reconstructed_weight": 0.0})


def features_without_gradient() -> Objective:
    """The feature error is computed under no_grad (trap 4, first half)."""

    def llike(self: Objective, *given: Any) -> Tensor:
        with torch.no_grad():
            return true().llike(*given)  # type: ignore[attr-defined]

    return altered(true(), llike=llike)


def fooling_reaches_the_encoder() -> Objective:
    """The encoder descends the decoder's adversarial loss as well (trap 6)."""

    def change(losses: Losses) -> Losses:
        return losses | {"encoder": losses["encoder"] + losses["decoder"]}

    return _changed(change)


def decoder_wants_to_be_caught() -> Objective:
    """The decoder descends its adversarial loss with the wrong sign."""
    wrong = objective_of("vae_gan", **TRUE | {"gamma": 0.0})

    def step(self: Objective, nets: Networks, batch: Batch, t: int) -> Step:
        state = torch.get_rng_state()
        fooling = next(wrong.step(nets, batch, t))["decoder"]
        torch.set_rng_state(state)
        play = true().step(nets, batch, t)
        losses = next(play)
        yield losses | {"decoder": losses["decoder"] - 2 * fooling}
        return {}

    return altered(true(), step=step)


TRUE = {"balance": False, "feature_likelihood": "normal"}


def true() -> Objective:
    """VAE/GAN as it should be."""
    return objective_of("vae_gan", **TRUE)


def _changed(change: Any) -> Objective:
    """VAE/GAN whose losses are changed."""

    def step(self: Objective, nets: Networks, batch: Batch, t: int) -> Step:
        yield change(next(true().step(nets, batch, t)))
        return {}

    return altered(true(), step=step)


OBJECTIVES = [
    likeness_of_logits,
    no_reconstructions_in_the_cost,
    features_without_gradient,
    fooling_reaches_the_encoder,
    decoder_wants_to_be_caught,
]
ENGINES = [all_backward_before_any_step, own_gradients_alone_are_cleared]
