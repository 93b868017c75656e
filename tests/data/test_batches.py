"""Batches as pure functions of (seed, step)."""

import numpy as np
import pytest
import torch

from likeness.data.batches import Batches, in_order
from likeness.data.dataset import Split
from likeness.data.reading.scaling import scaling_of
from likeness.errors import UserError
from support.made_images import noise


def split(count=50, shape=(8, 6, 3), dtype="uint8") -> Split:
    images = noise(count, *shape, dtype=dtype)
    traits = (np.arange(count)[:, None] % 2).astype(np.float32)
    return Split("train", images, np.arange(count), [str(i) for i in range(count)], traits)


def batches(some: Split, size: int = 8, seed: int = 0, **options) -> Batches:
    return Batches(some, scaling_of(some.images), size, seed, **options)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_a_batch_depends_on_seed_and_step_only(dtype):
    some = split(dtype=dtype)
    one, other = (batches(some, flip=True, shift=2) for _ in range(2))
    later = [one.at(t) for t in range(20)][13]
    assert torch.equal(later.x, other.at(13).x)
    assert torch.equal(later.index, other.at(13).index)
    assert not torch.equal(later.index, one.at(14).index)
    assert not torch.equal(later.index, batches(some, seed=1).at(13).index)


def test_every_image_comes_once_an_epoch_and_every_batch_is_full():
    stream = batches(split(50), size=8)
    order = np.concatenate([stream.at(t).index.numpy() for t in range(25)])
    assert len(order) == 200
    for epoch in range(4):
        assert sorted(order[epoch * 50 : (epoch + 1) * 50].tolist()) == list(range(50))
    assert order[:50].tolist() != order[50:100].tolist()


def test_a_batch_holds_the_images_labels_and_attributes_of_its_index():
    some = split()
    batch = batches(some).at(3)
    index = batch.index.numpy()
    torch.testing.assert_close(batch.x, scaling_of(some.images).to_unit(some.images[index]))
    np.testing.assert_array_equal(batch.labels, some.labels[index])
    np.testing.assert_array_equal(batch.attributes, some.attributes[index])
    assert batch.x.is_contiguous()


def test_a_flip_mirrors_about_half_of_the_images_and_changes_no_other():
    some = split(64, dtype="uint16")
    plain, flipped = batches(some, 64).at(0).x, batches(some, 64, flip=True).at(0).x
    same = (plain == flipped).flatten(1).all(1)
    mirrored = (plain.flip(3) == flipped).flatten(1).all(1)
    assert (same ^ mirrored).all()
    assert 16 < mirrored.sum() < 48


def test_a_shift_moves_by_at_most_so_many_pixels_and_repeats_edges():
    some = split(40)
    plain, moved = batches(some, 40).at(0).x, batches(some, 40, shift=2).at(0).x
    padded = torch.nn.functional.pad(plain, (2, 2, 2, 2), mode="replicate")
    places = [padded[:, :, r : r + 8, c : c + 6] for r in range(5) for c in range(5)]
    hits = torch.stack([(moved == place).flatten(1).all(1) for place in places])
    assert hits.any(0).all()
    assert hits.any(1).sum() > 10


def test_parts_of_a_batch_make_up_the_whole():
    stream = batches(split(), flip=True, shift=1)
    whole, parts = stream.at(5), [stream.at(5, slice(0, 4)), stream.at(5, slice(4, 8))]
    assert torch.equal(whole.x, torch.cat([part.x for part in parts]))


def test_in_order_goes_once_through_the_split():
    some = split(50)
    found = list(in_order(some, scaling_of(some.images), 8))
    assert [len(batch.x) for batch in found] == [8] * 6 + [2]
    np.testing.assert_array_equal(np.concatenate([b.index for b in found]), np.arange(50))


def test_fewer_images_than_a_batch_are_an_error():
    with pytest.raises(UserError, match="7 train images do not fill a batch of 8"):
        batches(split(7))
