"""Which BatchNorm statistics each pass uses, and how often the running ones are updated."""

import pytest
import torch
from torch import nn

from laws.games import Game, game, objective_of, snapshot
from likeness.objectives._features import judge_together

PASSES = [
    ("ae", {}, {"encoder": 1, "decoder": 1}),
    ("vae", {}, {"encoder": 1, "decoder": 1}),
    ("gan", {"balance": False}, {"decoder": 1, "discriminator": 2}),
    ("gan", {"balance": False, "r1": 1.0}, {"decoder": 1, "discriminator": 3}),
    ("vae_dis_l", {}, {"encoder": 1, "decoder": 1, "discriminator": 0}),
    ("vae_gan", {"balance": False}, {"encoder": 1, "decoder": 2, "discriminator": 2}),
    ("vae_gan", {"balance": False, "r1": 1.0}, {"encoder": 1, "decoder": 2, "discriminator": 3}),
    ("vae_gan", {"balance": False, "start": 9}, {"encoder": 1, "decoder": 2, "discriminator": 0}),
]


def norms(net: nn.Module) -> list[nn.BatchNorm1d | nn.BatchNorm2d]:
    """The BatchNorm layers of a network."""
    return [m for m in net.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)]


def float32(played: Game) -> Game:
    """The batches of a game in the precision of its networks."""
    for k, batch in enumerate(played.batches):
        played.batches[k] = type(batch)(batch.x.float(), batch.labels, batch.index)
    return played


@pytest.mark.parametrize(("method", "settings", "passes"), PASSES)
def test_running_statistics_are_updated_once_for_each_pass_of_a_player_that_moves(
    method: str, settings: dict, passes: dict[str, int]
) -> None:
    played = float32(game(objective_of(method, **settings)))
    played.play()
    for player, count in passes.items():
        assert [int(norm.num_batches_tracked or 0) for norm in norms(played.nets[player])] == [count] * len(
            norms(played.nets[player])
        )


def test_every_batch_of_an_accumulated_step_updates_them() -> None:
    played = float32(game(objective_of("ae"), batches=3))
    played.play()
    assert {int(n.num_batches_tracked or 0) for n in norms(played.nets["encoder"])} == {3}


def test_images_and_reconstructions_share_their_statistics_in_vae_gan() -> None:
    """Judged apart, the same images have other features: the batch they are judged in counts."""
    played = float32(game(objective_of("vae_gan")))
    Dis, x = played.nets["discriminator"], played.batches[0].x
    other = x.flip(0) * 0.5
    together, _ = judge_together(Dis, x, other)
    assert torch.equal(together.logits, Dis(torch.cat([x, other])).logits[: len(x)])
    assert not torch.allclose(together.logits, Dis(x).logits)


def test_real_and_made_images_are_judged_apart_in_gan() -> None:
    """The running mean after a step is that of two batches, each with its own mean."""
    played = float32(game(objective_of("gan", balance=False)))
    Dis, Dec, x = played.nets["discriminator"], played.nets["decoder"], played.batches[0].x
    first = norms(Dis)[0]
    seen: list[torch.Tensor] = []
    first.register_forward_pre_hook(lambda norm, given: seen.append(given[0].detach()))
    played.play()
    assert [len(batch) for batch in seen] == [len(x), len(x)]
    expected = torch.zeros(first.num_features)
    for batch in seen:
        expected = 0.9 * expected + 0.1 * batch.mean((0, 2, 3))
    assert torch.allclose(first.running_mean, expected, atol=1e-6)
    assert int(norms(Dec)[0].num_batches_tracked or 0) == 1


def test_a_player_that_the_balance_rule_holds_back_keeps_its_statistics() -> None:
    """The discriminator wins from the start where any cost counts as winning."""
    objective = objective_of("vae_gan", balance=True, equilibrium=50.0, margin=0.0)
    played = float32(game(objective))
    before = snapshot(played.nets)["discriminator"]
    played.play()
    after = snapshot(played.nets)["discriminator"]
    assert all(torch.equal(before[name], after[name]) for name in before)
