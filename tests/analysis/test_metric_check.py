"""What a check asks of a metric, of itself and of its controls."""

import pytest
import torch

from likeness.analysis.metric_check import (
    AGREEMENT,
    CHOICES,
    CONTENT,
    GROWTH,
    LEARNED,
    NEIGHBOUR_COUNT,
    QUERY_COUNT,
    UNSEEN,
    UNTRAINED,
    WEIGHTS,
    MetricCheck,
    check_metric,
)
from likeness.errors import UserError
from likeness.runs.loading import load_metric
from likeness.similarity.distortions import DISTORTIONS, UNSEEN_DISTORTIONS
from support.small_runs import Known, Models

PIXELS = "pixel MSE"


@pytest.fixture(scope="module")
def answered(known: Known) -> MetricCheck:
    """The check of a metric that has hardly learned, beside itself."""
    return check_metric(str(known.path), split="all", most=24, others=[str(known.path)])


def test_every_question_is_asked_of_every_distance(answered: MetricCheck) -> None:
    kinds = {f"grows with {name}" for name in DISTORTIONS}
    kinds |= {f"right choice under {name}" for name in DISTORTIONS}
    kinds |= {f"right choice under {name}, unseen" for name in UNSEEN_DISTORTIONS}
    questions = {CONTENT, CHOICES, UNSEEN, GROWTH} | kinds
    assert answered.answers.keys() == questions | {AGREEMENT}
    pixels = [PIXELS, "L1", "MSE blurred 5%", "MSE blurred 10%"]
    fitted = ["untaught network", "whitened pixels", "levels"]
    for question in questions:
        found = answered.answers[question]
        assert list(found) == [LEARNED, UNTRAINED, *fitted, *pixels]
        assert {number.images for number in found.values()} == {24} == {answered.images}


def test_the_rival_of_a_question_is_its_best_control_on_the_same_images(answered: MetricCheck) -> None:
    for rival in answered.rivals:
        values = answered.values[rival.question]
        best = max(float(v.mean()) for name, v in values.items() if name != LEARNED)
        assert float(values[rival.name].mean()) == best
        difference = values[LEARNED].double() - values[rival.name].double()
        assert rival.difference.mean == pytest.approx(float(difference.mean()), abs=1e-6)


def test_pixels_grow_with_noise_and_an_untrained_network_is_another_one(answered: MetricCheck) -> None:
    assert answered.answers["grows with noise"][PIXELS].mean == pytest.approx(1)
    for name, by in answered.answers.items():
        assert name == AGREEMENT or -1 <= by[LEARNED].low <= by[LEARNED].mean <= by[LEARNED].high <= 1
    assert any(by.get(LEARNED) != by.get(UNTRAINED) for by in answered.answers.values())


def test_a_run_ranks_pairs_as_it_does_itself(answered: MetricCheck, known: Known) -> None:
    found = answered.answers[AGREEMENT][str(known.path)]
    assert found.mean == pytest.approx(1) and found.images == 24 * (1 + len(DISTORTIONS))


def test_the_nearest_are_shown_after_each_image(answered: MetricCheck) -> None:
    """By pixels the nearest others of the first image, nearest first."""
    shown = answered.nearest[PIXELS]
    assert shown.shape == (QUERY_COUNT * (NEIGHBOUR_COUNT + 1), 1, 6, 5)
    far = (shown[1 : NEIGHBOUR_COUNT + 1] - shown[0]).square().flatten(1).mean(1)
    assert (far > 0).all() and (far.diff() >= 0).all()


def test_drift_is_measured_at_every_checkpoint_and_kind_of_weights(
    answered: MetricCheck, known: Known
) -> None:
    kinds = [(drift.weights, drift.step) for drift in answered.drift]
    assert kinds == [(kind, step) for kind in WEIGHTS for step in (2, 4)]
    assert [drift.rank_correlation for drift in answered.drift[1::2]] == pytest.approx([1, 1])
    assert all(drift.rank_correlation < 1 for drift in answered.drift[::2]), "it was still learning"
    assert {tuple(drift.distances) for drift in answered.drift} == {("another image", *DISTORTIONS)}


def test_too_few_images_are_refused(known: Known) -> None:
    with pytest.raises(UserError, match="4 test images are too few; give 20 or more"):
        check_metric(str(known.path))
    with pytest.raises(UserError, match="19 all images are too few; give 20 or more"):
        check_metric(str(known.path), split="all", most=19)


def test_a_run_without_a_discriminator_has_no_metric_to_check(models: Models) -> None:
    with pytest.raises(UserError, match="has no discriminator; train a method that has, such as vae_gan"):
        check_metric(str(models().path))


def test_the_last_checkpoint_drifts_from_nothing(answered: MetricCheck, known: Known) -> None:
    """Its distances are those of the metric that is used."""
    x = known.model.scaling.to_unit(known.stored)
    whole = load_metric(known.path).distances(x, x.roll(1, 0))
    last = answered.drift[-1].distances["another image"]
    assert float(whole.min()) < last < float(whole.max())
    assert torch.isfinite(torch.tensor([*answered.drift[0].distances.values()])).all()
