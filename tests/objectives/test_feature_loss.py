"""Likeness in the features of a discriminator: which layers, how they are weighed."""

from typing import Any

import pytest
import torch

from likeness.errors import UserError
from likeness.objectives._feature_loss import discriminate_jointly
from support.blank_games import HIDDEN, X, networks, objective_of, seen

NORMAL: dict[str, Any] = {"feature_likelihood": {"name": "normal"}}
METHODS = ["vae_dis_l", "vae_gan"]


@pytest.mark.parametrize("method", METHODS)
def test_several_layers_cost_the_sum_of_each_times_its_weight(method: str) -> None:
    nets = networks(objective_of(method, **NORMAL))
    one, two, both = (
        seen(objective_of(method, layers=layers, **NORMAL), nets)["llike"]
        for layers in ({"hidden1": 1.0}, {"hidden2": 1.0}, {"hidden1": 0.5, "hidden2": 3.0})
    )
    assert min(one, two) > 1e-4 and both == pytest.approx(0.5 * one + 3 * two, rel=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_a_layer_has_a_name_and_two_numbers_and_the_last_is_taken_where_none_is_named(method: str) -> None:
    nets = networks(objective_of(method, **NORMAL))
    names = ({}, {"hidden2": 1.0}, {"1": 1.0}, {"-1": 1.0})
    found = [seen(objective_of(method, layers=layers, **NORMAL), nets)["llike"] for layers in names]
    assert found == [found[0]] * 4
    assert seen(objective_of(method, layers={"0": 1.0}, **NORMAL), nets)["llike"] != found[0]


@pytest.mark.parametrize("method", METHODS)
def test_a_layer_that_is_not_there_is_refused_with_the_near_ones(method: str) -> None:
    with pytest.raises(UserError, match=r"the discriminator has no layer 'hiden2'.*hidden2"):
        networks(objective_of(method, layers={"hiden2": 1.0}))


@pytest.mark.parametrize("method", METHODS)
def test_the_mean_over_features_is_over_those_of_all_layers(method: str) -> None:
    nets = networks(objective_of(method, **NORMAL))
    found = seen(objective_of(method, layers={"0": 1.0, "1": 1.0}, **NORMAL), nets)
    assert found["features"] == pytest.approx(found["llike"] / (2 * HIDDEN), rel=1e-6)


@pytest.mark.parametrize(("per", "count"), [("image", 1), ("channel", HIDDEN)])
def test_a_variance_is_learned_for_each_layer(per: str, count: int) -> None:
    learned = {"name": "learned_normal", "per": per}
    nets = networks(objective_of("vae_gan", feature_likelihood=learned, layers={"0": 1.0, "1": 1.0}))
    assert [p.numel() for p in nets["scale"].parameters()] == [count, count]
    assert "scale" not in networks(objective_of("vae_gan", **NORMAL))


def test_images_judged_together_share_their_statistics_and_keep_their_order() -> None:
    Dis = networks(objective_of("vae_gan"))["discriminator"]
    real, made = discriminate_jointly(Dis, X, X.flip(0))
    assert torch.allclose(real.logits, made.logits.flip(0), atol=1e-6)
    whole = Dis(torch.cat([X, X.flip(0)]))
    assert torch.equal(made.features["hidden1"], whole.features["hidden1"][6:])
    assert torch.equal(real.logits, whole.logits[:6])
