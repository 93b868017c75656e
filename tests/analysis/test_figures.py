"""Pictures of what a model knows, read back from their files."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.analysis.figures import write_clusters, write_manifold, write_plane
from likeness.errors import UserError
from likeness.models.codes import load_own_data
from likeness.noise import SeededNoise
from likeness.pages import pictures
from likeness.shapes import Images
from support.small_runs import Known

CELL_HEIGHT, CELL_WIDTH = 6 * 11 + 2, 5 * 11 + 2
"""Of one image, enlarged elevenfold, with the gap beside it."""


def cells(file: Path) -> np.ndarray:
    """The images of a picture (rows, columns, height, width, 3), each a few pixels short of its cell."""
    sheet = np.asarray(Image.open(file))[2:, 2:]
    rows, columns = sheet.shape[0] // CELL_HEIGHT, sheet.shape[1] // CELL_WIDTH
    sheet = sheet[: rows * CELL_HEIGHT, : columns * CELL_WIDTH]
    apart = sheet.reshape(rows, CELL_HEIGHT, columns, CELL_WIDTH, 3).swapaxes(1, 2)
    return apart[:, :, :-2, :-2]


def drawn(x: Images) -> np.ndarray:
    """Images (n, c, h, w) as they are drawn (n, height, width, 3)."""
    shown = pictures.enlarge(pictures.to_colour(x))
    return (shown * 255).round().byte().permute(0, 2, 3, 1).numpy()


def test_a_manifold_has_its_rows_and_columns_of_different_images(known: Known, tmp_path: Path) -> None:
    found = cells(write_manifold(str(known.path), 3, 4, tmp_path / "m.png"))
    assert found.shape[:2] == (3, 4)
    assert len(np.unique(found.reshape(12, -1), axis=0)) == 12
    again = cells(write_manifold(str(known.path), 3, 4, tmp_path / "again.png"))
    np.testing.assert_array_equal(found, again)


def test_a_manifold_of_classes_has_a_row_for_each_and_the_same_styles_in_all(
    styled: Known, tmp_path: Path
) -> None:
    """However many rows are asked for; each image is decoded anew, from its own class and style."""
    found = cells(write_manifold(str(styled.path), 9, 3, tmp_path / "m.png"))
    assert found.shape[:2] == (4, 3)
    model = styled.model
    styles = model.objective.prior.walk(1, 3, 3, SeededNoise())
    for k, row in enumerate(found):
        codes = torch.cat([torch.eye(4)[k].expand(3, 4), styles], 1)
        assert np.abs(row.astype(int) - drawn(model.decode(codes)).astype(int)).max() <= 1


def test_a_row_of_clusters_has_the_images_most_surely_in_it(styled: Known, tmp_path: Path) -> None:
    found = cells(write_clusters(str(styled.path), "train", 2, tmp_path / "c.png"))
    assert found.shape[:2] == (4, 3)
    model = styled.model
    x = model.scaling.to_unit(load_own_data(model).train.images)
    sure = model.class_probabilities(x).argsort(0, descending=True)[:2].T
    for row, best in zip(found[:, 1:], sure):
        np.testing.assert_array_equal(row, drawn(x[best]))


def test_clusters_that_there_are_not_or_are_too_small_are_refused(
    known: Known, styled: Known, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="has no classifier; train a method that has, such as aae_semi"):
        write_clusters(str(known.path), "test", 2, tmp_path / "c.png")
    with pytest.raises(UserError, match="4 images are fewer than 5 columns; lower --columns"):
        write_clusters(str(styled.path), "test", 5, tmp_path / "c.png")
    assert not (tmp_path / "c.png").exists()


def test_codes_of_more_dimensions_are_drawn_by_their_components_alone(known: Known, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"codes of \d dimensions, and 2 are drawn; train with --latent 2"):
        write_plane(str(known.path), "test", tmp_path / "p.png")
    sheet = Image.open(write_plane(str(known.path), "test", tmp_path / "p.png", "components"))
    assert sheet.size == (640, 640)


def test_codes_of_two_dimensions_are_drawn_in_the_colours_of_their_labels(
    flat: Known, tmp_path: Path
) -> None:
    sheet = np.asarray(Image.open(write_plane(str(flat.path), "train", tmp_path / "p.png")))
    seen = {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.unique(sheet.reshape(-1, 3), axis=0)}
    assert seen & set(pictures.PALETTE) == set(pictures.PALETTE[:4])


def test_a_run_without_codes_has_no_plane(gan: Known, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no encoder; train a method that has"):
        write_plane(str(gan.path), "test", tmp_path / "p.png", "components")
