"""Images of a run with their codes, and the planes that these are seen in."""

import sys

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from likeness.analysis.embedded_sample import Box, Plane, codes_in_box, embed_sample, plane_of_codes
from likeness.errors import UserError
from support.small_runs import Known

CODES = (
    torch.randn(50, 4, generator=torch.Generator().manual_seed(0)) * torch.tensor([3.0, 1.0, 0.5, 2.0]) + 1
)


def test_half_of_an_atlas_is_training_where_others_are_enough(known: Known) -> None:
    """Of 40 images 32 are for training, 4 to validate and 4 to test."""
    model = known.model
    for most, expected in ((8, (2, 2, 4)), (20, (4, 4, 12)), (100, (4, 4, 32))):
        found = embed_sample(model, most)
        counts = tuple(found.splits.count(name) for name in ("validation", "test", "train"))
        assert counts == expected
        assert len(found.names) == len(found.stored) == len(found.labels) == sum(expected)


def test_images_of_an_atlas_go_with_their_names_labels_and_codes(known: Known) -> None:
    model, stored, *_ = known
    found = embed_sample(model, 20)
    rows = [int(name.split("[")[1][:-1]) for name in found.names]
    np.testing.assert_array_equal(found.stored, stored[rows])
    assert found.labels.tolist() == [row % 4 for row in rows]
    torch.testing.assert_close(
        found.require_codes(), model.encode(model.scaling.to_unit(stored[rows])).mean
    )
    assert torch.equal(found.images(model, [3, 0]), model.scaling.to_unit(stored[[rows[3], rows[0]]]))
    assert torch.equal(found.images(model)[2:4], found.images(model, slice(2, 4)))


def test_an_image_that_is_not_in_the_atlas_is_refused(known: Known) -> None:
    model = known.model
    found = embed_sample(model, 20)
    for row in (20, -1):
        with pytest.raises(UserError, match="there is no such image; there are 20, from 0"):
            found.images(model, [row])


def test_without_an_encoder_images_have_no_codes(gan: Known) -> None:
    found = embed_sample(gan.model)
    assert len(found.stored) == 20 and found.codes is None
    with pytest.raises(UserError, match="has no encoder; train a method that has, such as vae_gan"):
        found.require_codes()


def test_a_plane_of_components_is_that_of_scikit_learn_and_leads_back() -> None:
    found, expected = plane_of_codes(CODES, "pca"), PCA(2).fit(CODES.numpy())
    np.testing.assert_allclose(
        np.abs(found.points.numpy()), np.abs(expected.transform(CODES.numpy())), atol=1e-4
    )
    assert found.share == pytest.approx(expected.explained_variance_ratio_.sum(), rel=1e-4)
    assert found.axes is not None
    nearest = found.axes[0] + found.points @ found.axes[1:]
    again = expected.inverse_transform(expected.transform(CODES.numpy()))
    np.testing.assert_allclose(nearest, again, atol=1e-4)


def test_codes_of_two_dimensions_are_seen_as_they_are() -> None:
    found = plane_of_codes(CODES[:, :2], "codes")
    assert torch.equal(found.points, CODES[:, :2]) and found.share == 1.0
    with pytest.raises(UserError, match="codes have 4 dimensions; see them by their components"):
        plane_of_codes(CODES, "codes")


def test_codes_that_span_no_plane_are_refused() -> None:
    with pytest.raises(UserError, match="50 codes of 1 dimensions span no plane"):
        plane_of_codes(CODES[:, :1], "pca")
    with pytest.raises(UserError, match="1 codes of 4 dimensions span no plane"):
        plane_of_codes(CODES[:1], "pca")


def test_umap_that_is_not_installed_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(UserError, match="UMAP is not installed; pip install umap-learn"):
        plane_of_codes(CODES, "umap")


def test_a_region_goes_row_by_row_from_its_top_left() -> None:
    axes = torch.tensor([[0.0, 0.0, 5.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    shown = Plane(torch.zeros(0, 2), axes, None)
    found = codes_in_box(torch.zeros(0, 3), shown, Box(-1.0, 0.0, 1.0, 4.0), 3)
    expected = [[x, y, 5.0] for y in (4.0, 2.0, 0.0) for x in (-1.0, 0.0, 1.0)]
    assert found.tolist() == expected


def test_a_region_of_points_alone_has_the_codes_of_those_in_it() -> None:
    points = torch.tensor([[0.0, 0.0], [5.0, 5.0], [1.0, 2.0], [1.0, 2.1], [0.5, 1.0]])
    shown, codes = Plane(points, None, None), torch.arange(5.0)[:, None]
    assert codes_in_box(codes, shown, Box(0.0, 0.0, 1.0, 2.0), 5).flatten().tolist() == [0.0, 2.0, 4.0]
    assert codes_in_box(codes, shown, Box(0.0, 0.0, 9.0, 9.0), 2).flatten().tolist() == [0.0, 1.0, 2.0, 3.0]
    with pytest.raises(UserError, match="no point is in this region; draw a larger one"):
        codes_in_box(codes, shown, Box(2.0, 2.0, 3.0, 3.0), 2)
