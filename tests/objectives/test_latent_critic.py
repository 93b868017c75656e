"""What discriminators of codes are given, what they cost, and what fools them."""

import math

import pytest
import torch
from torch import Tensor, nn

from likeness.noise import SeededNoise
from likeness.objectives import LatentCritic
from support.blank_games import batch, networks, objective_of, seen

NOISE = SeededNoise((3, "critic"))


def linear(*weights: float) -> nn.Module:
    """A discriminator that weighs what it is given."""
    layer = nn.Linear(len(weights), 1, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([weights]))
    return nn.Sequential(layer, nn.Flatten(0))


@pytest.mark.parametrize("logit", [-40.0, 0.0, 3.0])
def test_fooling_costs_the_logarithm_of_how_real_codes_look(logit: float) -> None:
    expected = math.log1p(math.exp(-logit))
    z = torch.full((6, 1), logit)
    assert float(LatentCritic().generator_loss(batch(), linear(1.0), z, NOISE)) == pytest.approx(
        expected, rel=1e-6
    )


def test_prior_samples_are_real_and_codes_made() -> None:
    z_p, z = torch.full((6, 1), 2.0), torch.full((6, 1), -1.0)
    expected = math.log1p(math.exp(-2)) + math.log1p(math.exp(-1))
    assert float(LatentCritic().discriminator_loss(batch(), linear(1.0), z_p, z, NOISE)) == pytest.approx(
        expected
    )


def test_maps_are_judged_as_rows_and_what_stands_beside_them_as_it_is() -> None:
    z, beside = torch.arange(12.0).view(3, 2, 1, 2), torch.tensor([[1.0], [0.0], [2.0]])
    found = LatentCritic().logits(linear(1, 10, 100, 1000, 0.5), z, NOISE, beside)
    assert found.tolist() == [3210.5, 7654, 12099]


def test_the_penalty_is_half_the_squared_slope_and_counts_once() -> None:
    """Of a discriminator that is linear: w . z, whose slope is w everywhere."""
    nets = networks(objective_of("aae"))
    nets["critic"] = torch.nn.Sequential(torch.nn.Linear(3, 1, bias=False), torch.nn.Flatten(0))
    slope = 0.5 * nets["critic"][0].weight.square().sum().item()
    without, with_it = (seen(objective_of("aae", r1=r1), nets) for r1 in (0.0, 4.0))
    assert with_it["critic"] - without["critic"] == pytest.approx(4 * slope, rel=1e-4)
    assert with_it["generator"] == without["generator"]


@pytest.mark.parametrize(("noise", "blurs"), [("view.noise", True), ("code_noise", False)])
def test_noise_on_codes_is_seen_by_the_discriminator_alone(noise: str, blurs: bool) -> None:
    nets = networks(objective_of("aae"))
    clean, noisy = (seen(objective_of("aae", **{noise: n}), nets) for n in (0.0, 2.0))
    assert (abs(noisy["llike"] - clean["llike"]) > 1e-4) == blurs
    assert abs(noisy["generator"] - clean["generator"]) > 1e-4


def test_noise_on_codes_is_of_its_strength_and_each_time_otherwise() -> None:
    """A discriminator that is the one number of a code shows what it was given."""

    def judged(noise: SeededNoise, std: float) -> Tensor:
        return LatentCritic(code_noise=std).logits(linear(1.0), torch.zeros(4000, 1), noise)

    one, other = judged(NOISE.of("z"), 0.5), judged(NOISE.of("z_p"), 0.5)
    assert float(one.std()) == pytest.approx(0.5, rel=0.05)
    assert abs(float(torch.corrcoef(torch.stack([one, other]))[0, 1])) < 0.1
    assert judged(NOISE, 0.0).abs().max() == 0
