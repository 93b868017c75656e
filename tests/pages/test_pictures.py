"""Pictures of images, pixel by pixel."""

import io

import numpy as np
import pytest
import torch
from PIL import Image, ImageColor
from PIL.GifImagePlugin import GifImageFile

from likeness.pages import pictures
from likeness.pages.pictures import GAP, HEAT, PALETTE


def level(*values: float, size: int = 64, channels: int = 1) -> torch.Tensor:
    """Plain images, one for each value in [-1, 1]."""
    return (
        torch.tensor(values, dtype=torch.float32).view(-1, 1, 1, 1).expand(-1, channels, size, size).clone()
    )


def cell(sheet: Image.Image, row: int, column: int, size: int = 64) -> np.ndarray:
    """The pixels of one image of a sheet."""
    top, left = (GAP + k * (size + GAP) for k in (row, column))
    return np.asarray(sheet)[top : top + size, left : left + size]


def shown(sheet: Image.Image, size: int = 64) -> list[list[int]]:
    """The grey value of each cell of a sheet of plain images, row by row; 255 where there is none."""
    rows, columns = ((side - GAP) // (size + GAP) for side in (sheet.height, sheet.width))
    found = [[np.unique(cell(sheet, r, c)) for c in range(columns)] for r in range(rows)]
    assert all(len(values) == 1 for row in found for values in row)
    return [[int(values[0]) for values in row] for row in found]


def test_a_grid_goes_row_by_row_on_white() -> None:
    sheet = pictures.grid(level(-1, -0.6, 0.2, 0.6, -0.2), columns=3)
    assert sheet.mode == "RGB"
    assert sheet.size == (3 * 66 + 2, 2 * 66 + 2)
    assert shown(sheet) == [[0, 51, 153], [204, 102, 255]]
    around = np.asarray(sheet)
    assert (around[:GAP] == 255).all()
    assert (around[:, 64 + GAP : 64 + 2 * GAP] == 255).all()


def test_values_beyond_the_range_are_shown_at_its_ends() -> None:
    assert shown(pictures.grid(level(-9, 9), columns=2)) == [[0, 255]]


def test_originals_stand_over_their_reconstructions() -> None:
    sheet = pictures.rows(level(-1, -0.6), level(0.2, 0.6))
    assert shown(sheet) == [[0, 51], [153, 204]]


def test_pairs_fill_as_many_double_rows_as_they_need() -> None:
    above, below = level(-1, -0.96, -0.92, -0.88), level(0, 0.04, 0.08, 0.12)
    sheet = pictures.pairs(above, below, columns=2)
    assert shown(sheet) == [[0, 5], [128, 133], [10, 15], [138, 143]]


def test_each_image_of_a_last_row_that_is_not_full_stands_over_its_reconstruction() -> None:
    sheet = pictures.pairs(level(-1, -0.96, -0.92), level(0, 0.04, 0.08), columns=2)
    assert shown(sheet) == [[0, 5], [128, 133], [10, 255], [138, 255]]


def test_fewer_pairs_than_columns_make_a_narrower_picture() -> None:
    sheet = pictures.pairs(level(-1, -0.6, 0.2), level(0.2, 0.6, -0.2), columns=8)
    assert shown(sheet) == [[0, 51, 153], [153, 204, 102]]


def test_three_channels_are_red_green_and_blue() -> None:
    image = torch.tensor([-1.0, 0.2, 1.0]).view(1, 3, 1, 1).expand(1, 3, 64, 64)
    assert (cell(pictures.grid(image, 1), 0, 0) == [0, 153, 255]).all()


@pytest.mark.parametrize("channels", [2, 4, 5])
def test_other_numbers_of_channels_stand_side_by_side_in_grey(channels: int) -> None:
    x = torch.linspace(-1, 1, channels).view(1, channels, 1, 1).expand(2, channels, 3, 4)
    out = pictures.to_colour(x)
    assert out.shape == (2, 3, 3, 4 * channels)
    expected = torch.linspace(0, 1, channels).repeat_interleave(4)
    torch.testing.assert_close(out[1, 2, 0], expected)


@pytest.mark.parametrize(
    ("height", "width", "factor"), [(1, 1, 64), (8, 8, 8), (7, 13, 5), (63, 10, 2), (64, 1, 1)]
)
def test_small_images_are_enlarged_by_a_whole_factor(height: int, width: int, factor: int) -> None:
    x = torch.rand(1, 3, height, width)
    out = pictures.enlarge(x)
    assert out.shape == (1, 3, height * factor, width * factor)
    assert torch.equal(out[..., ::factor, ::factor], x)
    assert torch.equal(out[..., factor - 1 :: factor, factor - 1 :: factor], x)


def test_large_images_keep_their_pixels() -> None:
    x = torch.rand(1, 3, 65, 80)
    assert torch.equal(pictures.enlarge(x), x)


def test_png_bytes_open_as_the_same_picture() -> None:
    sheet = pictures.grid(torch.rand(3, 3, 7, 9) * 2 - 1, columns=2)
    again = Image.open(io.BytesIO(pictures.png(sheet)))
    assert again.format == "PNG"
    np.testing.assert_array_equal(np.asarray(again), np.asarray(sheet))


def test_images_that_need_gradients_or_are_half_precise_are_shown_too() -> None:
    images = level(-1, 0.2).requires_grad_()
    assert shown(pictures.grid(images, 2)) == [[0, 153]]
    assert shown(pictures.grid(images.detach().bfloat16(), 2))[0][0] == 0


def test_an_animation_has_each_image_as_long_and_starts_again() -> None:
    film = Image.open(io.BytesIO(pictures.animation(level(-1, -0.6, 0.2), fps=20.0)))
    assert isinstance(film, GifImageFile)
    assert (film.n_frames, film.info["loop"], film.info["duration"]) == (3, 0, 50)
    greys = []
    for k in range(3):
        film.seek(k)
        greys.append(np.unique(np.asarray(film.convert("L"))).tolist())
    assert greys == [[0], [51], [153]]


def test_heat_is_ever_lighter_and_its_ends_are_those_of_the_range() -> None:
    found = np.asarray(pictures.heat(torch.linspace(0, 1, 51).expand(2, 51)))
    assert found.shape == (2, 51, 3)
    assert found[0, 0].tolist() == list(HEAT[0]) and found[1, -1].tolist() == list(HEAT[-1])
    assert found[0, 10 * 2].tolist() == list(HEAT[2]), (
        "a fifth of the range is a step from colour to colour"
    )
    weights = np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff((found[0] / 255) ** 2.2 @ weights) > 0).all()
    beyond = np.asarray(pictures.heat(torch.tensor([[-5.0, 5.0]])))
    np.testing.assert_array_equal(beyond, found[:1, [0, -1]])


def test_a_code_is_drawn_where_it_is_in_the_colour_of_its_label() -> None:
    """The first dimension to the right, the second upwards; black where the label is not known."""
    codes = torch.tensor([[1.0, 0.5], [-0.5, -1.0], [-1.0, 1.0]])
    prior = 0.01 * torch.randn(100, 2, generator=torch.Generator().manual_seed(0))
    sheet = pictures.scatter(codes, torch.tensor([0, 1 + len(PALETTE), -1]), prior, side=200)
    assert sheet.size == (200, 200)
    reach = 1.08  # of the farthest number, which is 1
    for (x, y), colour in zip(codes.tolist(), (PALETTE[0], PALETTE[1], "#000000")):
        place = int(100 * (1 + x / reach)), int(100 * (1 - y / reach))
        assert sheet.getpixel(place) == ImageColor.getrgb(colour)


def test_the_prior_is_darker_where_it_is_denser() -> None:
    prior = torch.randn(5000, 2, generator=torch.Generator().manual_seed(0))
    sheet = np.asarray(
        pictures.scatter(torch.zeros(0, 2), torch.zeros(0, dtype=torch.long), prior, side=160)
    )
    rings = [sheet[80 - r, 80 - 8 : 80 + 8].mean() for r in (0, 35, 75)]
    assert rings[0] < rings[1] < rings[2]
