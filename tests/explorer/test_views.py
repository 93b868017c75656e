"""Pictures and numbers as the page takes them."""

import math

import numpy as np
import pytest
import torch

from likeness.errors import UserError
from likeness.explorer.server import Server
from likeness.explorer.views import finite, heat_map, numbers, picture_urls
from support.explorer import WIDE, Ask, pixels, same


def test_images_are_pictures_of_the_same_pixels() -> None:
    x = torch.rand(2, 3, 5, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1
    pictures = picture_urls(x, None)
    assert [picture.partition(",")[0] for picture in pictures] == ["data:image/png;base64"] * 2
    assert same(pictures[0], x[:1]) and same(pictures[1], x[1:])


def test_a_channel_alone_is_shown_in_grey() -> None:
    x = torch.rand(1, 4, 5, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1
    assert [same(picture_urls(x, k)[0], x[:, k : k + 1]) for k in range(4)] == [True] * 4


@pytest.mark.parametrize("channel", [-1, 4])
def test_a_channel_that_is_not_there_is_refused(channel: int) -> None:
    with pytest.raises(UserError, match=rf"there is no channel {channel}; images have 0 to 3"):
        picture_urls(torch.zeros(1, 4, 5, 4), channel)


def test_one_channel_is_shown_where_that_is_asked_for(ask: Ask, server: Server) -> None:
    source = {"kind": "data", "run": WIDE, "index": 0}
    one = server.gallery[WIDE].data_sample().images(server.gallery[WIDE].model, [0])
    assert same(ask("look", run=WIDE, source=source, channel=1).said["original"], one[:, 1:2])
    wrong = ask("look", run=WIDE, source=source, channel=3)
    assert wrong.status == 422 and "there is no channel 3; images have 0 to 2" in wrong.said["error"]


def test_the_largest_difference_is_the_lightest_however_large_it_is() -> None:
    values = torch.tensor([[0.0, 1.0], [2.0, 4.0]])
    found = [heat_map(values), heat_map(1000 * values)]
    assert [one["most"] for one in found] == [4.0, 4000.0]
    assert found[0]["picture"] == found[1]["picture"]
    light = pixels(found[0]["picture"]).astype(int).sum(2)
    side = light.shape[0] // 2
    corners = [int(light[0, 0]), int(light[0, side]), int(light[side, 0]), int(light[side, side])]
    assert corners == sorted(corners) and len(set(corners)) == 4


def test_no_difference_at_all_is_a_picture_too() -> None:
    found = heat_map(torch.zeros(3, 3))
    assert found["most"] == 0 and len(np.unique(pixels(found["picture"]).reshape(-1, 3), axis=0)) == 1


def test_numbers_are_rows_to_six_decimals() -> None:
    z = torch.tensor([[1 / 3, -2.0]], requires_grad=True)
    assert numbers(z) == [[0.333333, -2.0]]


def test_what_is_not_finite_is_nothing_in_json() -> None:
    given = (1.5, torch.tensor(2.0), math.inf, -math.inf, torch.tensor(math.nan))
    assert [finite(value) for value in given] == [1.5, 2.0, None, None, None]
