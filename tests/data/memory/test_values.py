"""What a program may give as data."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

from likeness.data.dataset import Dataset, load
from likeness.data.settings import DataSettings, InMemory
from likeness.errors import UserError
from support.loading import by_name
from support.made_images import noise, png

PIXELS = noise(20, 8, 6, 3)
LABELS = np.arange(20) % 4


def opened(data: Any, **settings: Any) -> Dataset:
    """Data in memory, loaded with seed 0."""
    return load(DataSettings(data=data, **settings), 0)


def images(data: Dataset) -> np.ndarray:
    """All images, in the order of their rows."""
    found = by_name(data)
    return np.stack([found[f"data[{i}]"] for i in range(len(found))])


READ_ONLY = PIXELS.copy()
READ_ONLY.flags.writeable = False


@pytest.mark.parametrize(
    ("data", "settings"),
    [
        (PIXELS, {}),
        (READ_ONLY, {}),
        (np.repeat(PIXELS, 2, axis=2)[:, :, ::2], {}),
        (PIXELS.astype(np.int64), {}),
        (PIXELS.transpose(0, 3, 1, 2), {"layout": "nchw"}),
        (torch.from_numpy(PIXELS).permute(0, 3, 1, 2), {}),
        (torch.from_numpy(PIXELS), {"layout": "nhwc"}),
        ((PIXELS, LABELS), {}),
        ((list(PIXELS), LABELS), {}),
    ],
)
def test_arrays_and_tensors_are_the_images_they_hold(data: Any, settings: dict[str, Any]) -> None:
    found = opened(data, **settings)
    assert np.array_equal(images(found), PIXELS)
    assert found.scaling.high == (255.0,) * 3


def test_what_a_tensor_asks_of_gradients_does_not_matter() -> None:
    x = torch.rand(20, 1, 8, 8, requires_grad=True)
    assert np.array_equal(images(opened(x))[..., 0], x.detach().numpy()[:, 0])


def test_16_bits_are_kept_with_the_range_of_each_channel() -> None:
    deep = noise(20, 8, 8, 2, dtype="uint16")
    found = opened(deep)
    assert np.array_equal(images(found), deep)
    assert found.scaling.high == tuple(found.train.images[..., c].max() for c in range(2))


def test_a_range_that_is_given_is_that_of_the_scaling() -> None:
    x = np.random.default_rng(0).normal(size=(20, 8, 8, 2)).astype(np.float32)
    assert opened(x, range=(-3, 3)).scaling.low == (-3.0, -3.0)
    own = opened(x, range="data")
    low = own.train.images.min(axis=(0, 1, 2))
    assert own.scaling.low == pytest.approx(low.tolist())
    with pytest.raises(UserError, match="say range="):
        opened(x)


def test_a_pair_has_labels_and_a_digest_of_both() -> None:
    found = opened((PIXELS, LABELS))
    rows = [int(name[5:-1]) for name in found.train.names]
    assert np.array_equal(found.train.labels, LABELS[rows])
    others = {opened(PIXELS).fingerprint, opened((PIXELS, LABELS + 1)).fingerprint}
    assert len({found.fingerprint, *others}) == 3
    assert found.fingerprint == opened((PIXELS.copy(), LABELS.tolist())).fingerprint


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_gives_images_classes_and_columns(library: str) -> None:
    frames = pytest.importorskip(library)
    rows = {
        "picture": [png(p) for p in PIXELS],
        "label": [["ant", "bee"][y % 2] for y in LABELS],
        "age": [1.5 * i for i in range(20)],
    }
    found = opened(frames.DataFrame(rows))
    assert np.array_equal(images(found), PIXELS)
    assert found.label_names == ("ant", "bee") and set(found.train.columns) == {"label", "age"}


def test_a_frame_may_hold_arrays_and_paths(tmp_path: Any) -> None:
    pandas = pytest.importorskip("pandas")
    paths = [tmp_path / f"{i}.png" for i in range(20)]
    for path, pixels in zip(paths, PIXELS):
        path.write_bytes(png(pixels))
    named, held = (pandas.DataFrame({"x": values}) for values in ([str(p) for p in paths], list(PIXELS)))
    assert np.array_equal(images(opened(named)), PIXELS)
    assert np.array_equal(images(opened(held)), PIXELS)


def test_an_array_column_of_polars_is_one_of_images() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"image": polars.Series(PIXELS), "label": LABELS})
    assert np.array_equal(images(opened(frame)), PIXELS)


def test_missing_labels_of_a_frame_are_unlabelled() -> None:
    pandas = pytest.importorskip("pandas")
    labels = [None if i == 4 else i % 2 for i in range(20)]
    found = opened(pandas.DataFrame({"image": list(PIXELS), "label": labels}))
    every = np.concatenate([split.labels for split in found.splits])
    assert (found.label_names, int((every == -1).sum())) == (("0", "1"), 1)


@pytest.mark.parametrize("columns", [{"a": 2, "b": 2}, {"a": 0}])
def test_a_frame_without_or_with_two_columns_of_images_asks_for_one(columns: dict[str, int]) -> None:
    pandas = pytest.importorskip("pandas")
    kinds = {0: list(range(20)), 2: list(PIXELS)}
    frame = pandas.DataFrame({name: kinds[kind] for name, kind in columns.items()})
    with pytest.raises(UserError, match="name one with image="):
        opened(frame)
    if len(columns) == 2:
        assert np.array_equal(images(opened(frame, image="b")), PIXELS)


class Stream(IterableDataset):
    """Images in their own order."""

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter(PIXELS)


WRONG: list[tuple[Any, str]] = [
    (noise(20, 64), r"shape \(20, 64\)"),
    (PIXELS.astype(object), "holds object, which are no pixels"),
    (PIXELS.astype(complex), "holds complex128"),
    (np.zeros((0, 8, 8, 3)), "holds no pixels"),
    (PIXELS[0].repeat(4, 0).repeat(4, 1), "may be a single image"),
    ((PIXELS, LABELS[:-1]), "there are 19 values of label for 20 images"),
    ((PIXELS, LABELS + 0.5), "fractions"),
    ((PIXELS, PIXELS), r"labels have shape \(20, 8, 6, 3\)"),
    ({"train": PIXELS}, "are of type dict; give a list"),
    (Stream(), "gives items in its own order only"),
    ((x for x in PIXELS), "gives items in its own order only"),
    (DataLoader(TensorDataset(torch.from_numpy(PIXELS))), r"gives batches; give its \.dataset"),
    (object(), "holds no images; give an array"),
    (np.full((20, 8, 8), np.nan), "NaN or infinite pixels"),
]


@pytest.mark.parametrize(("data", "words"), WRONG)
def test_what_cannot_be_learned_from_is_refused_with_a_remedy(data: Any, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        opened(data)
    assert "; " in str(caught.value) and "\n" not in str(caught.value)


def test_data_whose_program_has_ended_are_asked_for() -> None:
    with pytest.raises(UserError, match="was trained on data in memory; name them with --data"):
        opened("(memory)")
    assert str(InMemory(PIXELS)) == "(memory)" and InMemory(PIXELS) != InMemory(PIXELS)
