"""The taught metric: what it is made of, that it is a distance, kept whole, and better than pixels."""

from pathlib import Path

import pytest
import torch

from likeness.analysis.metric_questions import neighbours, pairwise, precision
from likeness.data.settings import DataSettings
from likeness.errors import RunError, UserError
from likeness.nets.larsen import Larsen
from likeness.shapes import Shape
from likeness.similarity.assumptions import Assumptions
from likeness.similarity.controls import fitted_controls, mse
from likeness.similarity.taught_metric import TaughtMetric, read_taught
from likeness.similarity.teach_metric import teach_metric
from support.teaching import split_of, stripes

NET = Larsen(width=0.1)


@pytest.fixture(scope="module")
def taught() -> TaughtMetric:
    """A metric taught on stripes."""
    split, scaling = split_of(stripes(300)[0])
    return teach_metric(split, scaling, Shape(1, 16, 16), DataSettings(data=""), net=NET, steps=60)


@pytest.fixture(scope="module")
def seen(taught: TaughtMetric) -> tuple[torch.Tensor, torch.Tensor]:
    """Other stripes and their directions."""
    images, labels = stripes(80, seed=1)
    return taught.scale(images), torch.from_numpy(labels)


def test_it_finds_images_of_the_same_content_where_pixels_do_not(
    taught: TaughtMetric, seen: tuple[torch.Tensor, torch.Tensor]
) -> None:
    x, labels = seen
    shares = [
        float(precision(neighbours(pairwise(distance, x), 5), labels).mean()) for distance in (taught, mse)
    ]
    assert shares[0] > 0.75 and shares[0] > shares[1] + 0.1


def test_it_is_the_squared_distance_of_embeddings(
    taught: TaughtMetric, seen: tuple[torch.Tensor, torch.Tensor]
) -> None:
    a, b = seen[0][:6], seen[0][6:12]
    torch.testing.assert_close(taught(a, b), (taught.embed(a) - taught.embed(b)).square().sum(1))
    torch.testing.assert_close(taught(a, b), taught(b, a))
    assert torch.equal(taught(a, a), torch.zeros(6)) and bool((taught(a, b) > 0).all())
    where = taught.map(a, b)
    assert where.shape == (6, 16, 16) and bool((where >= 0).all())
    torch.testing.assert_close(where.mean((1, 2)), taught(a, b), rtol=1e-3, atol=1e-5)


def test_it_is_a_loss_with_a_gradient_at_both_images(
    taught: TaughtMetric, seen: tuple[torch.Tensor, torch.Tensor]
) -> None:
    a, b = (x.clone().requires_grad_() for x in (seen[0][:3], seen[0][3:6]))
    taught(a, b).sum().backward()
    assert all(x.grad is not None and bool((x.grad.abs().sum((1, 2, 3)) > 0).all()) for x in (a, b))
    assert not any(p.requires_grad for p in taught.parameters())
    assert not taught.train().training


def test_a_metric_kept_in_a_folder_is_the_same(
    taught: TaughtMetric, seen: tuple[torch.Tensor, torch.Tensor], tmp_path: Path
) -> None:
    taught.save(tmp_path / "kept")
    again = TaughtMetric(read_taught(tmp_path / "kept"))
    a, b = seen[0][:8], seen[0][8:16]
    torch.testing.assert_close(again(a, b), taught(a, b), rtol=1e-5, atol=1e-5)
    assert again.parts.about == taught.parts.about
    with pytest.raises(UserError, match="is there already"):
        taught.save(tmp_path / "kept")
    (tmp_path / "kept" / "taught.safetensors").write_bytes(b"no tensors")
    with pytest.raises(RunError, match=r"holds no taught that can be read .*; teach it again"):
        read_taught(tmp_path / "kept")


def test_images_of_another_shape_or_range_are_refused(taught: TaughtMetric) -> None:
    x = torch.zeros(2, 1, 16, 16)
    with pytest.raises(UserError, match=r"images are \(1, 8, 8\), this metric compares \(1, 16, 16\)"):
        taught(x[:, :, :8, :8], x[:, :, :8, :8])
    with pytest.raises(UserError, match="values up to 3, this metric takes -1 to 1"):
        taught(x + 3, x)
    with pytest.raises(UserError, match="2 images are compared with 1"):
        taught(x, x[:1])


def test_controls_that_are_fitted_are_distances_untaught_terms(
    taught: TaughtMetric, seen: tuple[torch.Tensor, torch.Tensor]
) -> None:
    x = seen[0]
    assumed = Assumptions(mirrored=False, mirror_auc=1.0, colour=False, measured=True)
    found = fitted_controls(NET, taught.shape, x[:60], x[60:], assumed)
    assert list(found) == ["untaught network", "whitened pixels", "levels"]
    for distance in found.values():
        assert float(distance(x, x).abs().max()) < 1e-4 and float(distance(x, x.flip(0)).mean()) > 0
    level = x.mean((1, 2, 3))
    order = (level[1:] - level[0]).abs().argsort()
    by_levels = found["levels"](x[:1].expand_as(x[1:]), x[1:])
    assert float(by_levels[order[:10]].mean()) < float(by_levels[order[-10:]].mean())
