"""What terms compare, against formulas."""

import torch

from likeness.metrics import ssim
from likeness.similarity.sources import LEVEL_COUNT, Layers, Levels, Pixels, Structure
from support.made_images import smooth


def test_squared_distances_of_levels_are_absolute_differences_in_steps() -> None:
    level = torch.tensor([-0.7, -0.2, 0.0, 0.4, 0.9])
    rows = Levels().read(level.view(5, 1, 1, 1).expand(5, 1, 4, 4), {})
    found = torch.cdist(rows, rows).square() * 2 / LEVEL_COUNT
    torch.testing.assert_close(found, (level[:, None] - level).abs(), atol=2.1 / LEVEL_COUNT, rtol=0)


def test_structure_is_that_of_structural_similarity_of_images_without_light() -> None:
    """The mean of inner products of rows is high where SSIM is high, and does not see brightness."""
    x = smooth(6, 32)
    rows = Structure().read(x, {})
    products = rows @ rows.T / (2 * 2 * 32 * 32)
    by_pairs = torch.stack([ssim(x[i : i + 1].expand_as(x), x) for i in range(6)])
    assert float(torch.corrcoef(torch.stack([products.flatten(), by_pairs.flatten()]))[0, 1]) > 0.95
    torch.testing.assert_close(
        Structure().read(x * 0.5 + 0.2, {}), Structure().read(x * 0.5, {}), atol=1e-3, rtol=1e-3
    )


def test_mirrored_sources_do_not_see_whether_an_image_is_mirrored() -> None:
    x = smooth()
    for source in (Pixels(mirrored=True), Structure(mirrored=True)):
        torch.testing.assert_close(source.read(x, {}), source.read(x.flip(3), {}), atol=1e-5, rtol=1e-4)
    assert not torch.allclose(Pixels().read(x, {}), Pixels().read(x.flip(3), {}), atol=1e-2)


def test_features_of_layers_are_averaged_to_few_places() -> None:
    features = {"a": torch.rand(2, 3, 8, 8), "b": torch.rand(2, 5)}
    found = Layers(("a", "b"), places=2).read(torch.zeros(2, 1, 8, 8), features)
    assert found.shape == (2, 3 * 4 + 5)
    torch.testing.assert_close(found[:, 0], features["a"][:, 0, :4, :4].mean((1, 2)))
    torch.testing.assert_close(found[:, 12:], features["b"])
