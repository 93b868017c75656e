"""A run's data in the splits that they had, whatever has become of them since: a law over sources."""

import gzip
import io
import random
import struct
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PIL import Image

from likeness.data.dataset import Dataset, load
from likeness.data.settings import DataSettings
from likeness.data.training_data import TrainingData
from likeness.errors import LikenessWarning, UserError
from support.made_images import noise

Items = Sequence[tuple[str, int]]
"""Names of images, where the source has such, and numbers of their contents."""
Write = Callable[[Path, Items], Path]
ALL: Items = [(f"{k:02}", k) for k in range(20)]


def image(content: int) -> np.ndarray:
    return noise(4, 4, 3, seed=content)


def png(content: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image(content)).save(file, "png")
    return file.getvalue()


def folder(where: Path, items: Items) -> Path:
    where.mkdir(parents=True, exist_ok=True)
    for old in where.iterdir():
        old.unlink()
    for name, content in items:
        (where / f"{name}.png").write_bytes(png(content))
    return where


def parquet(where: Path, items: Items) -> Path:
    cells = [{"bytes": png(content), "path": None} for _, content in items]
    file = where.with_suffix(".parquet")
    pq.write_table(pa.table({"image": pa.array(cells)}), file)
    return file


def npz(where: Path, items: Items) -> Path:
    np.savez(where.with_suffix(".npz"), images=np.stack([image(content) for _, content in items]))
    return where.with_suffix(".npz")


def idx(where: Path, items: Items) -> Path:
    stored = np.stack([image(content)[..., 0] for _, content in items])
    file = where.with_name(f"{where.name}-images-idx3-ubyte.gz")
    with gzip.open(file, "wb") as out:
        out.write(struct.pack(">4BIII", 0, 0, 8, 3, *stored.shape) + stored.tobytes())
    return file


NAMED, NUMBERED = [folder], [parquet, npz, idx]
"""Sources whose images have names of their own, and those whose images are called by their position."""


def known(place: Path, **settings: Any) -> tuple[TrainingData, Dataset]:
    """The data as they are for a training, and what is known of them afterwards."""
    asked = DataSettings(data=str(place), **settings)
    before = load(asked, 0)
    return TrainingData(asked, 0, lambda: before.record), before


def splits(data: Dataset) -> dict[bytes, str]:
    """The split of each image, by its content."""
    return {image.tobytes(): split.name for split in data.splits for image in split.images}


def loaded(data: TrainingData, place: Path | None = None) -> tuple[Dataset, list[str]]:
    """The data as they are now, and what is said of them."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = data.load(place and str(place))
    assert all(issubclass(w.category, LikenessWarning) for w in said)
    return found, [str(w.message) for w in said]


every_source = pytest.mark.parametrize("write", [*NAMED, *NUMBERED])


@every_source
def test_nothing_is_said_of_data_that_are_as_they_were(tmp_path: Path, write: Write) -> None:
    data, before = known(write(tmp_path / "data", ALL))
    found, said = loaded(data)
    assert (splits(found), said) == (splits(before), [])


@every_source
def test_images_that_are_gone_take_no_other_out_of_its_split(tmp_path: Path, write: Write) -> None:
    place = write(tmp_path / "data", ALL)
    data, before = known(place)
    write(tmp_path / "data", ALL[2:])
    found, said = loaded(data)
    assert splits(found).items() < splits(before).items() and len(splits(found)) == 18
    first, second = before.record.names[:2]
    assert said == [f"{place}: 2 images of the run are gone ({first}, {second})"]


@every_source
def test_new_images_are_left_out_and_counted(tmp_path: Path, write: Write) -> None:
    place = write(tmp_path / "data", ALL)
    data, before = known(place)
    write(tmp_path / "data", [("000", 100), *ALL, *[(f"{k}", k) for k in (97, 98, 99)]])
    found, (said,) = loaded(data)
    assert splits(found) == splits(before)
    assert said.startswith(f"{place}: 4 images are new and left out (")
    assert said.count(",") == 3 and said.endswith(", ...)")


@every_source
def test_an_order_that_is_another_changes_no_split(tmp_path: Path, write: Write) -> None:
    data, before = known(write(tmp_path / "data", ALL))
    contents = [content for _, content in ALL]
    random.Random(0).shuffle(contents)
    write(tmp_path / "data", [(f"r{k:02}", content) for k, content in enumerate(contents)])
    found, said = loaded(data)
    assert (splits(found), said) == (splits(before), [])


@every_source
def test_an_image_that_has_changed_stays_in_its_split_and_is_named(tmp_path: Path, write: Write) -> None:
    place = write(tmp_path / "data", ALL)
    data, before = known(place)
    write(tmp_path / "data", [*ALL[:7], (ALL[7][0], 70), *ALL[8:]])
    found, said = loaded(data)
    assert [list(split.names) for split in found.splits] == [list(split.names) for split in before.splits]
    assert said == [f"{place}: 1 image has changed ({before.record.names[7]})"]


@every_source
def test_images_that_are_doubled_later_are_new(tmp_path: Path, write: Write) -> None:
    data, before = known(write(tmp_path / "data", ALL))
    write(tmp_path / "data", [*ALL, ("x", 3), ("y", 3)])
    found, (said,) = loaded(data)
    assert [len(split) for split in found.splits] == [len(split) for split in before.splits]
    assert "2 images are new and left out" in said


@every_source
def test_images_that_were_double_are_found_one_for_one(tmp_path: Path, write: Write) -> None:
    items = [*ALL, ("x", 3), ("y", 3)]
    data, before = known(write(tmp_path / "data", items))
    write(tmp_path / "data", [(f"r{name}", content) for name, content in items])
    found, said = loaded(data)
    assert [len(split) for split in found.splits] == [len(split) for split in before.splits]
    assert said == []


@every_source
def test_data_that_were_moved_are_known_at_their_place_and_that_is_said(
    tmp_path: Path, write: Write
) -> None:
    place = write(tmp_path / "data", ALL)
    data, before = known(place)
    moved = place.rename(tmp_path / f"moved-{place.name}")
    found, said = loaded(data, moved)
    assert splits(found) == splits(before)
    assert said == [f"{moved}: the data of the run, at another place"]
    assert splits(data.at(str(moved)).load()) == splits(before)
    with pytest.raises(UserError, match="there are no data"):
        data.load()


@every_source
def test_a_part_of_the_data_elsewhere_is_in_the_splits_of_the_run(tmp_path: Path, write: Write) -> None:
    data, before = known(write(tmp_path / "data", ALL))
    part = write(tmp_path / "part", ALL[:5])
    found, (said,) = loaded(data, part)
    assert splits(found).items() < splits(before).items() and len(splits(found)) == 5
    assert said.startswith(
        f"{part}: the data of the run, at another place; 15 images of the run are gone ("
    )


@every_source
def test_a_test_set_alone_is_read_though_nothing_to_train_on_is_there(tmp_path: Path, write: Write) -> None:
    data, before = known(write(tmp_path / "data", ALL), test=0.4)
    held = [item for item, split in zip(ALL, before.record.splits) if split == "test"]
    found, _ = loaded(data, write(tmp_path / "held", held))
    assert [len(split) for split in found.splits] == [0, 0, 8]


@every_source
def test_other_data_have_splits_of_their_own_and_what_was_trained_on_is_not_held_out(
    tmp_path: Path, write: Write
) -> None:
    data, before = known(write(tmp_path / "data", ALL))
    fresh = [(f"n{k}", k) for k in range(100, 130)]
    other = write(tmp_path / "other", fresh)
    found, said = loaded(data, other)
    assert (splits(found), said) == (splits(load(DataSettings(data=str(other)), 0)), [])
    alone = load(DataSettings(data=str(write(tmp_path / "other", [*ALL[:9], *fresh]))), 0)
    trained = {stored.tobytes() for stored in before.train.images}
    held = [s for s in (alone.validation, alone.test) for stored in s.images if stored.tobytes() in trained]
    found, said = loaded(data, other)
    assert not trained & {stored.tobytes() for s in found.splits[1:] for stored in s.images}
    assert len(held) and len(splits(found)) == 39
    (said,) = said
    assert said.startswith(f"{other}: {len(held)} images (") and said.endswith(
        "trained on; they count as train"
    )


@every_source
def test_data_of_which_nothing_is_known_are_refused_at_the_place_of_the_run(
    tmp_path: Path, write: Write
) -> None:
    place = write(tmp_path / "data", ALL)
    data, _ = known(place)
    write(tmp_path / "data", [(f"n{k}", k) for k in range(100, 103)])
    if write is folder:
        with pytest.raises(
            UserError, match=f"^no image in {place} is one of those that the run was trained"
        ):
            data.load()
    else:
        assert "17 images of the run are gone" in loaded(data)[1][0], (
            "those of the first names have changed"
        )


def test_the_digits_are_known_by_content_and_by_name(tmp_path: Path) -> None:
    data, before = known(Path("digits"), limit=200)
    found, said = loaded(data)
    assert said == [] and [list(s.names) for s in found.splits] == [list(s.names) for s in before.splits]
    stored = np.concatenate([split.images for split in before.splits])
    np.savez(tmp_path / "some.npz", images=stored)
    found, (said,) = loaded(data, tmp_path / "some.npz")
    assert [len(split) for split in found.splits] == [len(split) for split in before.splits]
    assert said.startswith(f"{tmp_path / 'some.npz'}: the data of the run, at another place")


def test_few_labels_are_those_of_the_same_images_and_no_other_comes_instead(tmp_path: Path) -> None:
    contents, labels = noise(60, 4, 4, 1), np.arange(60) % 3
    place = tmp_path / "data.npz"
    np.savez(place, images=contents, labels=labels)
    data, before = known(place, labels=12)
    told = {i.tobytes() for i, label in zip(before.train.images, before.train.labels) if label >= 0}
    np.savez(place, images=contents[5:], labels=labels[5:])
    found, _ = loaded(data)
    now = {i.tobytes() for i, label in zip(found.train.images, found.train.labels) if label >= 0}
    assert len(told) == 12 and now == told - {i.tobytes() for i in contents[:5]}


def test_images_of_labels_left_out_are_still_left_out_of_training_alone(tmp_path: Path) -> None:
    contents, labels = noise(60, 4, 4, 1), np.arange(60) % 3
    place = tmp_path / "data.npz"
    np.savez(place, images=contents, labels=labels)
    data, before = known(place, without=("1",), test=0.4)
    np.savez(place, images=contents[5:], labels=labels[5:])
    found, _ = loaded(data)
    assert set(found.train.labels.tolist()) == {0, 2} and 1 in found.test.labels
    assert splits(found).items() < splits(before).items()


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["remove", "add", "rename", "change", "copy over", "double", "swap"]),
        st.integers(0, 99), st.integers(0, 99),
    ),
    max_size=12,
)  # fmt: skip


def edited(items: Items, edits: list[tuple[str, int, int]]) -> Items:
    """A folder after some edits; contents from 100 on were never seen."""
    now, fresh = dict(items), 100
    for kind, first, second in edits:
        names = sorted(now)
        one, other = names[first % len(names)], names[second % len(names)]
        match kind:
            case "remove" if len(now) > 6:
                del now[one]
            case "add":
                now[f"n{fresh}"], fresh = fresh, fresh + 1
            case "rename":
                now[f"r{fresh}"], fresh = now.pop(one), fresh + 1
            case "change":
                now[one], fresh = fresh, fresh + 1
            case "copy over":
                now[one] = now[other]
            case "double":
                now[f"d{fresh}"], fresh = now[one], fresh + 1
            case "swap":
                now[one], now[other] = now[other], now[one]
    return sorted(now.items())


@given(EDITS)
@examples(max_examples=40, deadline=None)
def test_no_image_trained_on_is_ever_held_out_whatever_is_done_to_a_folder(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int, int]]
) -> None:
    where = tmp_path_factory.mktemp("edited")
    data, before = known(folder(where / "data", ALL), test=0.3, validation=0.2)
    trained = {stored.tobytes() for stored in before.train.images}
    folder(where / "data", edited(ALL, edits))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LikenessWarning)
        found = [data.load(), data.load_to_resume(other_data=True)]
    for now in found:
        assert not trained & {stored.tobytes() for split in now.splits[1:] for stored in split.images}
        learned = {stored.tobytes() for stored in now.train.images}
        assert not learned & {stored.tobytes() for split in now.splits[1:] for stored in split.images}
        kept = splits(before)
        assert all(name == kept.get(stored, name) for stored, name in splits(now).items())


@every_source
def test_a_training_goes_on_with_the_data_that_it_had_and_no_others(tmp_path: Path, write: Write) -> None:
    place = write(tmp_path / "data", ALL)
    data, before = known(place)
    assert splits(data.load_to_resume(False)) == splits(before)
    write(tmp_path / "data", [*ALL, ("n", 100)])
    with pytest.raises(UserError) as error:
        data.load_to_resume(False)
    assert str(error.value).startswith(
        f"the data in {place} are not those that the run was trained on: 1 image"
    )
    assert str(error.value).endswith("; restore them, or pass --other-data")


@every_source
def test_new_images_join_a_training_in_the_same_shares_and_that_is_said(
    tmp_path: Path, write: Write
) -> None:
    place = write(tmp_path / "data", ALL)
    data, before = known(place, test=0.25)
    write(tmp_path / "data", [*ALL[1:], *[(f"n{k}", k) for k in range(100, 140)]])
    with pytest.warns(LikenessWarning) as said:
        found = data.load_to_resume(True)
    assert splits(before).items() - splits(found).items() <= {(b, s) for b, s in splits(before).items()}
    assert [len(split) for split in found.splits] == [
        len(split) + more - (split.name == before.record.splits[0])
        for split, more in zip(before.splits, (26, 4, 10))
    ]
    (line,) = said
    assert "40 images are new (10 test, 26 train, 4 validation)" in str(line.message)
    assert [len(split) for split in TrainingData(data.settings, 0, lambda: found.record).load().splits] == [
        len(split) for split in found.splits
    ], "they are images of the run from now on"


def test_the_limit_is_one_of_old_and_new_images_together(tmp_path: Path) -> None:
    place = folder(tmp_path / "data", ALL)
    data, before = known(place, limit=12)
    assert len(before.train) == 12
    folder(place, [*ALL[4:], *[(f"n{k}", k) for k in range(100, 120)]])
    with pytest.warns(LikenessWarning):
        found = data.load_to_resume(True)
    assert len(found.train) == 12


def test_new_images_of_a_group_join_the_split_that_the_group_is_in(tmp_path: Path) -> None:
    place, contents = tmp_path / "data.npz", noise(90, 4, 4, 1)
    np.savez(place, images=contents[:60], person=np.arange(60) % 12)
    data, before = known(place, group="person", test=0.25)
    np.savez(place, images=contents, person=np.r_[np.arange(60) % 12, np.arange(30) % 15])
    with pytest.warns(LikenessWarning):
        found = data.load_to_resume(True)
    groups = [set(split.columns["person"].values.tolist()) for split in found.splits]
    assert sum(map(len, groups)) == len(set.union(*groups)) == 15
    for old, now in zip(before.splits, groups):
        assert set(old.columns["person"].values.tolist()) <= now


def test_without_a_record_splits_are_drawn_as_for_a_training(tmp_path: Path) -> None:
    place = npz(tmp_path / "data", ALL)
    asked = DataSettings(data=str(place))
    assert splits(TrainingData(asked, 3).load()) == splits(load(asked, 3))
    assert not TrainingData(asked, 3).holds(load(asked, 3))


def test_data_are_held_where_they_are_those_of_the_run(tmp_path: Path) -> None:
    data, before = known(npz(tmp_path / "data", ALL))
    assert data.holds(before)
    assert data.holds(load(DataSettings(data=str(folder(tmp_path / "x", ALL)), test=0.2), 0)) is False
    assert not data.holds(
        load(DataSettings(data=str(npz(tmp_path / "o", [("", k) for k in range(50, 70)]))), 0)
    )
