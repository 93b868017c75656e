"""Dimensionality reduction: heads of the classes are a player, and cost beside the reconstruction."""

import pytest

from support.blank_games import LLIKE, moved, objective_of, on_a_line, seen


def test_heads_move_with_the_autoencoder() -> None:
    assert moved(objective_of("aae_reduce"))["autoencoder"] == {"encoder", "decoder", "heads"}


def test_heads_nearer_than_their_spacing_cost_what_they_lack_and_others_nothing() -> None:
    """At 0, 1 and 5: pairs lack 3 and 0 and 0 of a spacing of 4, and all but 2 of one of 3."""
    for spacing, lacking in ((4.0, 3.0), (3.0, 2.0), (5.5, 4.5 + 1.5 + 0.5), (0.5, 0.0)):
        objective = objective_of("aae_reduce", classes=3, spacing=spacing, repulsion=2.0)
        found = seen(objective, on_a_line(objective, 0.0, 1.0, 5.0))
        assert found["loss_autoencoder"] == pytest.approx(LLIKE + 2 * lacking, rel=1e-5)
        assert found["llike"] == pytest.approx(LLIKE, rel=1e-5)
