"""Codes around the heads of their classes, which keep apart."""

import pytest
import torch
from torch import Tensor

from likeness.codes import Heads
from likeness.errors import UserError
from likeness.nets import Networks
from likeness.shapes import UNLABELLED
from support.blank_games import LABELS, X, code_size, networks, objective_of, on_a_line, sampled


@pytest.mark.parametrize(("spacing", "lacking"), [(4.0, 3.0), (3.0, 2.0), (5.5, 4.5 + 1.5 + 0.5), (0.5, 0)])
def test_heads_nearer_than_their_spacing_cost_what_they_lack_and_others_nothing(
    spacing: float, lacking: float
) -> None:
    """At 0, 1 and 5: pairs lack 3 and 0 and 0 of a spacing of 4, and all but 2 of one of 3."""
    code = Heads(classes=3, latent=2, spacing=spacing, repulsion=2.0)
    nets = Networks(code.networks())
    with torch.no_grad():
        nets["heads"].weight.copy_(torch.tensor([[0.0, 1.0, 5.0], [7.0, 7.0, 7.0]]))
    assert float(code.head_repulsion(nets).detach()) == pytest.approx(2 * lacking, rel=1e-6)


def test_a_code_is_the_mean_of_the_heads_as_sure_as_classes_are_and_the_style() -> None:
    objective = objective_of("aae_reduce", classes=3)
    nets = on_a_line(objective, 0.0, 1.0, 5.0)
    assert code_size(objective) == 3
    assert torch.allclose(objective.encode(nets, X, LABELS).mean, torch.tensor([2.0, 0, 0]).expand(6, 3))


def test_samples_lie_around_the_heads_of_each_class_in_turn() -> None:
    objective = objective_of("aae_reduce", classes=3)
    nets = on_a_line(objective, 0.0, 100.0, 500.0)
    assert [round(z / 100) for z in sampled(objective, nets, 6)[:, 0].tolist()] == [0, 1, 5, 0, 1, 5]


def test_a_style_is_moved_from_head_to_head() -> None:
    objective = objective_of("aae_reduce", classes=3)
    nets = on_a_line(objective, 0.0, 100.0, 500.0)

    def styled(label: int) -> Tensor:
        labels = torch.full((6,), label)
        assert objective.posterior is not None
        return objective.code.transfer_style(nets, objective.posterior, X, labels)[:, 0]

    assert torch.allclose(styled(2) - styled(1), torch.full((6,), 400.0))


def test_without_labels_it_clusters_and_with_them_each_class_needs_one() -> None:
    code = Heads(classes=3)
    assert code.check(torch.full((6,), UNLABELLED), 6) is None
    with pytest.raises(UserError, match="class 1 has no labelled image; label one, or lower --classes"):
        code.check(torch.tensor([0, 2, UNLABELLED]), 6)


def test_fresh_heads_are_of_the_size_of_a_code() -> None:
    assert networks(objective_of("aae_reduce", classes=5))["heads"].weight.shape == (3, 5)
