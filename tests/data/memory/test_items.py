"""Data sets that give their items one by one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import Dataset as TorchDataset
from torch.utils.data import Subset, TensorDataset

from likeness.data.dataset import Dataset, load
from likeness.data.memory import items
from likeness.data.reading.changing import ChangingImages
from likeness.data.settings import DataSettings
from likeness.errors import LikenessWarning, UserError
from support.loading import by_name
from support.made_images import noise, png

PIXELS = noise(20, 8, 6, 3)
LABELS = np.arange(20) % 4


def opened(data: Any, **settings: Any) -> Dataset:
    """Data in memory, loaded with seed 0."""
    return load(DataSettings(data=data, **settings), 0)


def images(data: Dataset) -> np.ndarray:
    """All images, in the order of their items."""
    found = by_name(data)
    return np.stack([found[f"data[{i}]"] for i in range(len(found))])


class Pictures(TorchDataset):
    """PIL images with labels."""

    def __len__(self) -> int:
        return len(PIXELS)

    def __getitem__(self, row: int) -> tuple[Image.Image, int]:
        return Image.fromarray(PIXELS[row]), int(LABELS[row])


class Darkened(Pictures):
    """The same, each darker by a random factor."""

    def __getitem__(self, row: int) -> tuple[Any, int]:
        _, label = super().__getitem__(row)
        return torch.from_numpy(PIXELS[row]).permute(2, 0, 1) / 255 * torch.rand(()), label


@pytest.mark.parametrize(
    "data",
    [
        Pictures(),
        Subset(Pictures(), list(range(20))),
        TensorDataset(torch.from_numpy(PIXELS).permute(0, 3, 1, 2), torch.from_numpy(LABELS)),
        [{"image": png(p), "label": int(y)} for p, y in zip(PIXELS, LABELS)],
        [(p, int(y)) for p, y in zip(PIXELS, LABELS)],
        [({"bytes": png(p), "path": None}, y) for p, y in zip(PIXELS, LABELS)],
    ],
)
def test_data_sets_of_every_kind_give_the_same_images_and_labels(data: Any) -> None:
    found = opened(data)
    assert np.array_equal(images(found), PIXELS)
    assert (found.label_names, found.scaling.high) == (("0", "1", "2", "3"), (255.0,) * 3)
    for split in found.splits:
        rows = [int(name[5:-1]) for name in split.names]
        assert np.array_equal(split.labels, LABELS[rows])
    assert found.notes == ("20 images 8x6x3 uint8 in 0 to 255; labels: 4 classes",)


def test_data_without_labels_have_none() -> None:
    found = opened(list(torch.rand(20, 1, 8, 8)))
    assert found.label_names == () and found.scaling.low == (0.0,) and found.scaling.high == (1.0,)
    assert found.notes[0].endswith("labels: none")


def test_what_stands_beside_an_image_becomes_a_column() -> None:
    rows = [{"image": p, "age": 1.5 * i, "smiling": i % 2 == 0, "box": [1]} for i, p in enumerate(PIXELS)]
    found = opened(rows)
    assert set(found.train.columns) == {"age", "smiling"}
    assert found.attribute_names == ("smiling",)
    assert found.train.columns["age"].values[0] == 1.5 * int(found.train.names[0][5:-1])


def test_names_of_classes_are_those_of_the_features() -> None:
    class Featured(list):
        features: dict[str, Any]

    class Names:
        names = ("ant", "bee", "cat", "dog")

    data = Featured({"image": p, "label": int(y)} for p, y in zip(PIXELS, LABELS))
    data.features = {"image": object(), "label": Names()}
    assert opened(data).label_names == Names.names


def test_the_fingerprint_is_of_every_pixel_and_label() -> None:
    def fingerprint(pixels: np.ndarray, labels: np.ndarray) -> str:
        return items.table(list(zip(pixels, labels.tolist())), DataSettings(data="")).digest

    changed, other = PIXELS.copy(), LABELS.copy()
    changed[13, 2, 2, 2] ^= 1
    other[13] += 1
    same = fingerprint(PIXELS, LABELS)
    assert same == fingerprint(PIXELS.copy(), LABELS.copy())
    assert len({same, fingerprint(changed, LABELS), fingerprint(PIXELS, other)}) == 3


def test_each_image_has_a_digest_of_its_content() -> None:
    digests = items.table([PIXELS[0], PIXELS[1], PIXELS[0]], DataSettings(data="")).digests
    assert digests is not None and (digests.shape, digests.dtype.name) == ((3, 16), "uint8")
    assert np.array_equal(digests[0], digests[2]) and not np.array_equal(digests[0], digests[1])


def test_images_above_the_memory_are_read_again_into_the_cache(own_cache: Path) -> None:
    small = opened(Pictures(), in_memory_gib=1000 / 2**30)
    assert isinstance(small.train.images, np.memmap) and list(own_cache.iterdir())
    assert np.array_equal(images(small), PIXELS)
    assert small.fingerprint == opened(Pictures()).fingerprint


def test_items_that_change_are_read_anew_for_every_access() -> None:
    with pytest.warns(LikenessWarning, match="cannot be resumed exactly"):
        found = opened(Darkened())
    assert found.is_changing and isinstance(found.train.images, ChangingImages)
    assert not np.array_equal(found.train.images[:2], found.train.images[:2])
    part = found.train.rows(np.arange(3)).images
    assert not np.array_equal(part[:], part[:])
    assert found.scaling.high == (1.0,) * 3 and found.label_names == ("0", "1", "2", "3")
    assert found.notes[0].endswith("read anew for each batch")


def test_the_fingerprint_of_items_that_change_is_of_what_does_not() -> None:
    with pytest.warns(LikenessWarning):
        one, two = (items.table(Darkened(), DataSettings(data="")) for _ in range(2))
    assert one.digest == two.digest and one.digests is None


def test_images_of_several_sizes_need_a_size() -> None:
    mixed = [*PIXELS[:10], *noise(10, 12, 12, 3)]
    with pytest.raises(UserError, match=r"data.\d. \(8x6 uint8\) and data.1\d. \(12x12 uint8\).*--size"):
        opened(mixed)
    assert opened(mixed, size=6).shape == (3, 6, 6)


def test_grey_pictures_among_colours_become_colours() -> None:
    data = [Image.fromarray(p if i % 2 else p[..., 0]) for i, p in enumerate(PIXELS)]
    found = images(opened(data))
    assert found.shape == PIXELS.shape
    assert np.array_equal(found[4], np.repeat(PIXELS[4][..., :1], 3, axis=2))


def test_a_missing_image_is_bad_and_may_be_skipped() -> None:
    data = [{"image": png(p) if i != 3 else None} for i, p in enumerate(PIXELS)]
    with pytest.raises(UserError, match=r"data.3. \(empty file\)"):
        opened(data)
    found = opened(data, bad="skip")
    assert found.skipped == ("data[3] (empty file)",) and sum(map(len, found.splits)) == 19


class Failing(Pictures):
    """It cannot read its thirteenth item."""

    def __getitem__(self, row: int) -> tuple[Image.Image, int]:
        if row == 12:
            raise KeyError("no such row")
        return super().__getitem__(row)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (Failing(), r"item 12 of the data raised KeyError: 'no such row'; mend"),
        ([], "the data have no items"),
        ([1, 2, 3, 4], r"data.0. is of type int, not an image"),
        ([np.full((4, 4), 7.5)] * 4, "from 7.5 to 7.5"),
        ([*noise(4, 8, 8), *np.random.default_rng(0).random((4, 8, 8))], "convert them to one kind"),
        (list(noise(4, 3, 32, 32)), "say layout='nchw'"),
    ],
)
def test_what_is_wrong_with_items_is_said_in_one_line(data: Any, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        opened(data)
    assert "\n" not in str(caught.value)


def test_labels_that_are_no_single_values_are_left_out_with_a_warning() -> None:
    with pytest.warns(LikenessWarning, match="labels of the data are dict"):
        found = opened([(p, {"boxes": []}) for p in PIXELS])
    assert found.label_names == ()
