"""Batches as pure functions of (seed, step)."""

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from likeness.data.augmentation import Augmentation
from likeness.data.batches import Batches, in_order, to_stored_tensor, whole
from likeness.data.dataset import Split
from likeness.data.reading.scaling import scaling_of
from likeness.errors import UserError
from likeness.shapes import UNLABELLED
from support.made_images import noise


def split(count: int = 50, shape: tuple[int, ...] = (8, 6, 3), dtype: str = "uint8") -> Split:
    images = noise(count, *shape, dtype=dtype)
    traits = (np.arange(count)[:, None] % 2).astype(np.float32)
    return Split("train", images, np.arange(count), [str(i) for i in range(count)], traits)


def batches(some: Split, size: int = 8, seed: int = 0, **options: Any) -> Batches:
    return Batches(some, scaling_of(some.images), size, seed, Augmentation(**options))


ALL = {"flip": True, "shift": 2, "rotate": 20, "crop": 0.7, "jitter": "0.2"}


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_a_batch_depends_on_seed_and_step_only(dtype: str) -> None:
    some = split(dtype=dtype)
    one, other = (batches(some, **ALL) for _ in range(2))
    later = [one.at(t) for t in range(20)][13]
    assert torch.equal(later.x, other.at(13).x)
    assert torch.equal(later.index, other.at(13).index)
    assert not torch.equal(later.index, one.at(14).index)
    assert not torch.equal(later.index, batches(some, seed=1).at(13).index)


def test_every_image_comes_once_an_epoch_and_every_batch_is_full() -> None:
    stream = batches(split(50), size=8)
    order = np.concatenate([stream.at(t).index.numpy() for t in range(25)])
    assert len(order) == 200
    for epoch in range(4):
        assert sorted(order[epoch * 50 : (epoch + 1) * 50].tolist()) == list(range(50))
    assert order[:50].tolist() != order[50:100].tolist()


def test_a_batch_holds_the_images_labels_and_attributes_of_its_index() -> None:
    some = split()
    batch = batches(some).at(3)
    assert some.attributes is not None
    index = batch.index.numpy()
    torch.testing.assert_close(batch.x, scaling_of(some.images).to_unit(some.images[index]))
    np.testing.assert_array_equal(batch.labels, some.labels[index])
    np.testing.assert_array_equal(batch.attributes, some.attributes[index])
    assert batch.x.is_contiguous()


def test_a_flip_mirrors_about_half_of_the_images_and_changes_no_other() -> None:
    some = split(64, dtype="uint16")
    plain, flipped = batches(some, 64).at(0).x, batches(some, 64, flip=True).at(0).x
    same = (plain == flipped).flatten(1).all(1)
    mirrored = (plain.flip(3) == flipped).flatten(1).all(1)
    assert (same ^ mirrored).all()
    assert 16 < mirrored.sum() < 48


def test_a_shift_moves_by_at_most_so_many_pixels_and_repeats_edges() -> None:
    some = split(40)
    plain, moved = batches(some, 40).at(0).x, batches(some, 40, shift=2).at(0).x
    padded = torch.nn.functional.pad(plain, (2, 2, 2, 2), mode="replicate")
    places = [padded[:, :, r : r + 8, c : c + 6] for r in range(5) for c in range(5)]
    hits = torch.stack([(moved == place).flatten(1).all(1) for place in places])
    assert hits.any(0).all()
    assert hits.any(1).sum() > 10


def test_parts_of_a_batch_make_up_the_whole() -> None:
    stream = batches(split(), transform=lambda x: x + torch.randint(9, x.shape).byte(), **ALL)
    entire, parts = stream.at(5), [stream.at(5, slice(0, 4)), stream.at(5, slice(4, 8))]
    assert torch.equal(entire.x, torch.cat([part.x for part in parts]))


def test_batches_of_flips_and_shifts_are_those_of_old() -> None:
    """Runs that were begun go on: what is drawn for other ways comes after it."""
    seen = b"".join(batches(split(), flip=True, shift=2).at(t).x.numpy().tobytes() for t in range(3))
    assert hashlib.sha256(seen).hexdigest()[:16] == "cbc394624ace8b2c"


def test_in_order_goes_once_through_the_split() -> None:
    some = split(50)
    found = list(in_order(some, scaling_of(some.images), 8))
    assert [len(batch.x) for batch in found] == [8] * 6 + [2]
    np.testing.assert_array_equal(np.concatenate([b.index for b in found]), np.arange(50))


def test_fewer_images_than_a_batch_are_an_error() -> None:
    with pytest.raises(UserError, match="7 train images do not fill a batch of 8"):
        batches(split(7))


def test_beside_a_batch_come_labelled_images_where_only_some_are() -> None:
    some = split()
    known = np.arange(50) % 5 == 0
    stream = batches(replace(some, labels=np.where(known, some.labels, UNLABELLED)), size=16)
    counts = np.zeros(50, int)
    for t in range(4):
        batch = stream.at(t)
        assert len(batch.x) == 16
        assert batch.labelled is not None
        rows = batch.labelled.labels.numpy()
        torch.testing.assert_close(batch.labelled.x, scaling_of(some.images).to_unit(some.images[rows]))
        counts[rows] += 1
    np.testing.assert_array_equal(counts, np.where(known, 4, 0))


@pytest.mark.parametrize("label", [UNLABELLED, 3])
def test_where_all_or_none_are_labelled_a_batch_comes_alone(label: int) -> None:
    some = replace(split(), labels=np.full(50, label))
    assert batches(some).at(0).labelled is None


def test_the_whole_split_is_one_batch_in_its_order_and_nothing_of_an_empty_one() -> None:
    some = split(7)
    batch = whole(some, scaling_of(some.images))
    torch.testing.assert_close(batch.x, scaling_of(some.images).to_unit(some.images))
    np.testing.assert_array_equal(batch.index, np.arange(7))
    none = whole(some.rows(np.arange(0)), scaling_of(some.images))
    assert none.x.shape == (0, 3, 8, 6)


def test_images_that_may_not_be_written_to_are_copied() -> None:
    images = noise(3, 4, 4, 1)
    images.flags.writeable = False
    stored = to_stored_tensor(images, torch.device("cpu"))
    stored.zero_()
    assert images.any()
