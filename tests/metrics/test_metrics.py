"""Metrics against closed forms and a second library."""

import dataclasses
import sys

import numpy as np
import pytest
import torch
from sklearn.neighbors import KernelDensity
from torchmetrics.functional.image import (
    multiscale_structural_similarity_index_measure as multiscale,
)

from likeness.errors import UserError
from likeness.metrics import (
    Evidence,
    classes,
    distributions,
    features,
    latents,
    memorisation,
    ms_ssim,
    parzen,
    pixels,
    prior,
    scales,
    sharpness,
    ssim,
    structure,
)
from likeness.shapes import UNLABELLED

X = torch.rand(40, 2, 4, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1


def evidence(**given: object) -> Evidence:
    """Evidence, what is not given left out."""
    nothing = torch.full((len(X),), UNLABELLED)
    base = {"images": X, "labels": nothing, "reconstructions": None, "codes": None, "validation": X}
    base["drawn"] = given.get("codes")
    more = {"validation_labels": nothing, "sample": lambda n: X[:n], "prior": lambda n: torch.randn(n, 2)}
    return Evidence(**base | more | given)  # type: ignore[arg-type]


def of_codes(codes: torch.Tensor) -> Evidence:
    """Evidence of codes alone, beside a Gaussian prior."""
    n = len(codes)
    return evidence(images=torch.zeros(n, 2, 4, 4), labels=torch.zeros(n, dtype=torch.int64), codes=codes)


def test_pixel_errors_are_those_of_numpy() -> None:
    measured = dict(pixels.measure(evidence(reconstructions=X * 0.5)))
    mse = ((X.numpy() * 0.5) ** 2).mean((1, 2, 3))
    assert np.allclose(measured["pixel_mse"], mse, rtol=1e-5)
    assert np.allclose(measured["psnr_db"], 10 * np.log10(4 / mse), rtol=1e-5)


def test_feature_errors_are_nought_for_the_image_and_one_for_another() -> None:
    judge = {"run": lambda x: [x * 100, x[:, :1]]}
    same = dict(features.measure(evidence(reconstructions=X, judges=judge)))["feature_error[run]"]
    other = dict(features.measure(evidence(reconstructions=X.roll(1, 0), judges=judge)))
    assert same.max() == 0 and float(other["feature_error[run]"].mean()) == pytest.approx(1.0, abs=1e-5)


def test_edges_of_stripes_are_their_closed_form() -> None:
    stripes = torch.tensor([1.0, -1.0]).repeat(2).view(1, 1, 1, 4).expand(1, 1, 4, 4)
    assert float(sharpness.edges(stripes)) == 4.0
    assert float(sharpness.edges(torch.ones(1, 1, 4, 4))) == 0.0


def test_parzen_windows_are_those_of_scikit_learn_between_nought_and_one() -> None:
    samples, width = X[:25], 0.3
    flat = [((x + 1) / 2).flatten(1).numpy() for x in (samples, X[25:])]
    expected = KernelDensity(bandwidth=width).fit(flat[0]).score_samples(flat[1])
    assert np.allclose(parzen.parzen(X[25:], samples, width), expected, rtol=1e-4)


def test_parzen_chooses_its_width_on_validation_images() -> None:
    repeated = X.repeat(parzen.SAMPLES // len(X), 1, 1, 1)
    name, values = next(parzen.measure(evidence(sample=lambda n: repeated[:n])))
    assert name == "parzen_nats[width 0.063]"
    assert values.shape == (40,)


def test_a_classifier_is_wrong_as_often_as_it_is() -> None:
    labels = torch.arange(40) % 4
    said = torch.eye(4)[(labels + (torch.arange(40) < 10)) % 4]
    found = dict(classes.measure(evidence(labels=labels, probabilities=said)))
    assert float(found["classification_error_percent"].mean()) == 25.0


def test_clusters_that_cannot_be_named_have_no_error() -> None:
    labels, said = torch.arange(40) % 4, torch.eye(4)[torch.arange(40) % 4]
    for images in (torch.zeros(0, 4), said):  # no validation images, or none that is labelled
        unlabelled = torch.full((len(images),), UNLABELLED)
        held = {"validation": X[: len(images)], "validation_labels": unlabelled}
        seen = evidence(labels=labels, probabilities=said, clusters=images, **held)
        assert not dict(classes.measure(seen))
        assert "larger --validation" in next(classes.cautions(seen))


def test_a_cluster_takes_the_label_of_the_image_most_surely_in_it() -> None:
    probabilities = torch.tensor([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.01, 0.99]])
    named = classes.clusters_named(probabilities, torch.tensor([7, 5, 5, UNLABELLED]))
    assert named.tolist() == [7, 5]


def test_codes_that_say_next_to_nothing_are_told() -> None:
    torch.manual_seed(0)
    noise, signal = torch.randn(200, 3), torch.randn(200, 3)
    alive = torch.tensor([0.1, 0.1, 2.0])  # one dimension that says something is enough
    for means, drawn, told in (
        (0.1 * signal, 0.1 * signal + noise, True),
        (alive * signal, alive * signal + noise, False),
        (signal, signal, False),
    ):
        said = list(latents.cautions(dataclasses.replace(of_codes(means), drawn=drawn)))
        assert bool(said) == told and all("nearly noise" in line for line in said)


def test_codes_of_the_prior_itself_cannot_be_told_apart_and_leave_no_holes() -> None:
    torch.manual_seed(0)
    found = dict(prior.measure(of_codes(torch.randn(4000, 2))))
    assert abs(float(found["two_sample_accuracy"].mean()) - 0.5) < 0.03
    assert abs(float(found["holes"].mean()) - 0.05) < 0.03


def test_codes_that_leave_half_of_the_prior_empty_are_found_out() -> None:
    torch.manual_seed(0)
    half = torch.randn(4000, 2)
    half[:, 0] = half[:, 0].abs()
    found = dict(prior.measure(of_codes(half)))
    assert float(found["two_sample_accuracy"].mean()) > 0.7
    assert float(found["holes"].mean()) > 0.35


def test_structure_of_an_image_is_like_itself_and_less_like_noise() -> None:
    x = torch.rand(4, 1, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1
    noisy = (x + 0.5 * torch.randn(x.shape, generator=torch.Generator().manual_seed(1))).clamp(-1, 1)
    four = {"images": x, "labels": torch.zeros(4, dtype=torch.int64), "validation": x[:0]}
    four |= {"validation_labels": torch.zeros(0, dtype=torch.int64)}
    same = dict(structure.measure(evidence(**four, reconstructions=x)))["ssim"]
    less = dict(structure.measure(evidence(**four, reconstructions=noisy)))["ssim"]
    assert torch.allclose(same, torch.ones(4)) and (less < 0.95).all()
    assert not dict(structure.measure(evidence(reconstructions=X)))


def test_structure_at_fewer_scales_says_so_and_five_are_those_of_the_library() -> None:
    assert [scales(side) for side in (10, 11, 21, 22, 43, 44, 99, 175, 176)] == [0, 1, 1, 2, 2, 3, 4, 4, 5]
    random = torch.Generator().manual_seed(0)
    for side, name in ((32, "ms_ssim[2 of 5 scales]"), (176, "ms_ssim")):
        x = torch.rand(2, 1, side, side, generator=random) * 2 - 1
        noisy = (x + 0.3 * torch.randn(x.shape, generator=random)).clamp(-1, 1)
        of_two = {"images": x, "labels": torch.zeros(2, dtype=torch.int64), "validation": x[:0]}
        of_two["validation_labels"] = of_two["labels"][:0]
        found = dict(structure.measure(evidence(**of_two, reconstructions=noisy)))
        assert list(found) == ["ssim", name] and bool((found[name] < 0.99).all())
        assert torch.allclose(ms_ssim(x, x), torch.ones(2), atol=1e-4)
    whole = multiscale(noisy, x, data_range=2.0, reduction="none", normalize="relu")
    assert torch.allclose(found["ms_ssim"], torch.as_tensor(whole), atol=1e-6)


def test_structure_without_its_library_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchmetrics.functional.image", None)
    x = torch.zeros(2, 1, 16, 16)
    with pytest.raises(UserError, match=r"cannot be imported .*; mend or remove torchvision"):
        ssim(x, x)


def test_codes_are_counted_where_they_are_active_and_measured_where_they_lie() -> None:
    random = torch.Generator().manual_seed(3)
    means = torch.randn(800, 5, generator=random) * torch.tensor([0.9, 0.9, 0.9, 0.02, 0.0])
    z = means + torch.tensor([0.4, 0.4, 0.4, 1.0, 1.0]) * torch.randn(800, 5, generator=random)
    seen = dataclasses.replace(
        of_codes(means), drawn=z, prior=lambda n: torch.randn(n, 5, generator=random)
    )
    found = dict(latents.measure(seen))
    assert found["active_units"] == (3, 3, 3, 800)
    assert found["code_std"].mean == pytest.approx(float(z.numpy().std()), rel=1e-3)
    assert found["code_scaling_factor"].mean == pytest.approx(1 / found["code_std"].mean)
    assert found["code_mean"].low < 0 < found["code_mean"].high
    assert abs(found["kernel[codes, prior]"].mean) < 0.1
    per = latents.dimensions(seen)
    assert per["std_of_means"][3] < 0.03 and per["std"][4] == pytest.approx(1, abs=0.1)
    shifted = dict(latents.measure(dataclasses.replace(seen, drawn=z + 1)))
    assert shifted["frechet[codes, prior]"].mean - found["frechet[codes, prior]"].mean > 3
    few = dataclasses.replace(of_codes(means[:8]), prior=seen.prior)
    assert "8 codes of 5 dimensions are too few" in next(latents.cautions(few))
    assert "frechet[codes, prior]" not in dict(latents.measure(few))


def test_copies_of_training_images_are_known_and_strangers_too() -> None:
    random = torch.Generator().manual_seed(2)
    training = torch.rand(60, 2, 4, 4, generator=random) * 2 - 1
    known = {"training": lambda: training}
    copies = dict(memorisation.measure(evidence(sample=lambda n: training[:n], **known)))
    assert float(copies["nearest_training_image"].max()) < 1e-6
    fresh = torch.rand(40, 2, 4, 4, generator=random) * 2 - 1
    new = dict(memorisation.measure(evidence(sample=lambda n: fresh, **known)))
    assert float(new["nearest_training_image"].mean()) == pytest.approx(1, abs=0.05)
    far = dict(memorisation.measure(evidence(sample=lambda n: torch.ones(n, 2, 4, 4), **known)))
    assert float(far["nearest_training_image"].mean()) > 1.2


def test_sets_are_compared_in_each_space_and_refused_where_they_are_too_small() -> None:
    space = {"mine": lambda x: x.flatten(1)[:, :3]}
    made = dict(distributions.measure(evidence(reconstructions=X, spaces=space)))
    assert made["frechet[reconstructions, mine]"].mean == pytest.approx(0, abs=1e-9)
    assert float(made["coverage[reconstructions, mine]"].mean()) == 1
    assert made["frechet[images' halves, mine]"].mean > 0.01
    assert not list(distributions.cautions(evidence(spaces=space)))
    some = evidence(spaces={"wide": lambda x: x.flatten(1)[:, :15]})
    assert "40 images are few for 15 features of wide" in next(distributions.cautions(some))
    assert {name.partition("[")[0] for name in made} == {
        "frechet", "kernel", "precision", "recall", "density", "coverage"
    }  # fmt: skip
    with pytest.raises(UserError, match="40 images are too few for 32 features of mine"):
        dict(distributions.measure(evidence(spaces={"mine": lambda x: x.flatten(1)})))


def test_codes_that_shrank_in_many_dimensions_are_told_from_their_prior() -> None:
    """Whose nearest neighbours are nearly all codes."""
    random = torch.Generator().manual_seed(0)
    shrunk, wide = 0.1 * torch.randn(300, 48, generator=random), torch.randn(300, 48, generator=random)
    assert float(prior.told_apart(shrunk, wide).mean()) > 0.95
    same = float(prior.told_apart(torch.randn(2000, 48, generator=random), torch.randn(2000, 48)).mean())
    assert 0.44 < same < 0.56


def test_images_in_an_order_do_not_look_like_another_distribution() -> None:
    """Sorted codes of the prior itself: their halves differ, their whole does not."""
    codes = torch.randn(3000, 1, generator=torch.Generator().manual_seed(0)).sort(0).values
    measured = dict(prior.measure(dataclasses.replace(of_codes(codes), prior=lambda n: torch.randn(n, 1))))
    assert 0.45 < float(measured["two_sample_accuracy"].mean()) < 0.55
    assert float(measured["holes"].mean()) < 0.1
