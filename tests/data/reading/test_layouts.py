"""The axes of arrays and tensors of images."""

import numpy as np
import pytest
import torch

from likeness.data.reading.layouts import channels_last, is_array, plain, usual_layout
from likeness.data.settings import Layout
from likeness.errors import UserError

ARRAY = np.arange(5 * 3 * 8 * 6).reshape(5, 3, 8, 6)


def test_channels_go_last_without_a_copy() -> None:
    found = channels_last(ARRAY, "x", None, "nchw")
    assert found.shape == (5, 8, 6, 3)
    assert found[2, 4, 1, 0] == ARRAY[2, 0, 4, 1]
    assert np.shares_memory(found, ARRAY)


def test_channels_that_are_last_stay_and_grey_gets_an_axis() -> None:
    last = ARRAY.transpose(0, 2, 3, 1)
    assert np.array_equal(channels_last(last, "x", None, "nhwc"), last)
    assert channels_last(ARRAY[:, 0], "x", None, "nhwc").shape == (5, 8, 6, 1)


@pytest.mark.parametrize(
    ("shape", "usual"),
    [((9, 3, 32, 32), "nhwc"), ((9, 4, 4, 4), "nhwc"), ((9, 28, 28, 1), "nchw"), ((9, 1, 28, 28), "nhwc")],
)
def test_a_shape_that_leaves_a_doubt_asks_for_the_layout(shape: tuple[int, ...], usual: Layout) -> None:
    with pytest.raises(UserError, match=r"layout='nchw' or layout='nhwc'") as caught:
        channels_last(np.zeros(shape), "the array", None, usual)
    assert str(shape) in str(caught.value)
    assert channels_last(np.zeros(shape), "x", "nchw", usual).shape[3] == shape[1]


@pytest.mark.parametrize("shape", [(48, 64, 3), (3, 48, 64)])
def test_what_may_be_a_single_image_is_not_taken_for_many(shape: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match="may be a single image"):
        channels_last(np.zeros(shape), "x", None, "nhwc")
    assert channels_last(np.zeros(shape), "x", "nhw", "nhwc").shape == (*shape, 1)


@pytest.mark.parametrize(
    ("shape", "layout", "words"),
    [
        ((5, 64), None, r"\(5, 64\), which is not that of images; give \(n, height"),
        ((5, 3, 4, 8, 8), None, "not that of images"),
        ((0, 8, 8, 3), None, "holds no pixels"),
        ((9, 8, 8), "nchw", "which is not nchw"),
    ],
)
def test_other_ranks_are_refused(shape: tuple[int, ...], layout: Layout | None, words: str) -> None:
    with pytest.raises(UserError, match=words):
        channels_last(np.zeros(shape), "x", layout, "nhwc")


def test_a_tensor_gives_its_numbers_whatever_it_is_part_of() -> None:
    x = torch.rand(4, 3, 8, 8, requires_grad=True)
    assert np.array_equal(plain(x * 1), x.detach().numpy())
    assert np.array_equal(plain(x.to(torch.bfloat16)), x.detach().to(torch.bfloat16).float().numpy())
    assert np.array_equal(plain(x[:, :, ::2].transpose(2, 3)), x.detach().numpy()[:, :, ::2].swapaxes(2, 3))
    assert is_array(x) and is_array(ARRAY) and not is_array([[1]])
    assert (usual_layout(x), usual_layout(ARRAY)) == ("nchw", "nhwc")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_a_tensor_on_a_gpu_is_moved() -> None:
    x = torch.rand(4, 1, 8, 8)
    assert np.array_equal(plain(x.cuda()), x.numpy())
