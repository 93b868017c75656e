"""Data loaded: splits, labels, attributes, and what is known of them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.data.dataset import Split, load
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.shapes import UNLABELLED
from support.loading import Load, numbers, three
from support.made_images import noise

RealData = Callable[[str], Path]


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """Sixty images of three classes with two attributes and three named channels."""
    rows = np.arange(60)
    known = {"label": rows % 3, "label_names": ["disc", "ring", "star"], "channels": ["r", "g", "b"]}
    marks = {"big": rows % 2, "round": (rows % 3 < 2).astype(int)}
    path = tmp_path / "shapes.npz"
    np.savez(path, allow_pickle=False, images=noise(60, 4, 5, 3), **known, **marks)
    return path


def test_whatever_is_known_of_an_image_stays_with_it(shapes: Path, loaded: Load) -> None:
    data, images = loaded(shapes), noise(60, 4, 5, 3)
    assert data.attribute_names == ("big", "round")
    for split in three(data):
        rows = np.array(numbers(split))
        np.testing.assert_array_equal(split.images, images[rows])
        np.testing.assert_array_equal(split.labels, rows % 3)
        np.testing.assert_array_equal(split.attributes, np.stack([rows % 2, rows % 3 < 2], axis=1))


def test_few_labels_are_kept_in_training_and_all_elsewhere(shapes: Path, loaded: Load) -> None:
    whole, few = loaded(shapes), loaded(shapes, labels=7)
    kept = few.train.labels != UNLABELLED
    assert kept.sum() == 7
    np.testing.assert_array_equal(few.train.labels[kept], whole.train.labels[kept])
    for name in ("validation", "test"):
        np.testing.assert_array_equal(getattr(few, name).labels, getattr(whole, name).labels)
    assert few.train.names == whole.train.names


def test_images_of_a_class_left_out_are_in_the_test_alone(shapes: Path, loaded: Load) -> None:
    whole, without = loaded(shapes, test=0.4), loaded(shapes, test=0.4, without=("ring",))
    assert [1 in split.labels for split in three(without)] == [False, False, True]
    assert without.test.names == whole.test.names
    assert without.label_names == whole.label_names
    with pytest.raises(UserError, match="no image has the label 'rung'; there are disc, ring, star"):
        loaded(shapes, without=("rung",))


def test_a_group_is_no_attribute_and_neither_is_the_label(shapes: Path, loaded: Load) -> None:
    assert loaded(shapes, group="big", validation=0, test=0.5).attribute_names == ("round",)
    assert loaded(shapes, label="big").attribute_names == ("round",)
    assert loaded(shapes, label="big").label_names == ("0", "1")


def test_grey_has_no_names_of_channels(shapes: Path, loaded: Load) -> None:
    assert loaded(shapes).channel_names == ("r", "g", "b")
    assert loaded(shapes, grey=True).channel_names == ()


def test_only_the_attributes_asked_for_are_kept_in_the_order_asked(shapes: Path, loaded: Load) -> None:
    data = loaded(shapes)
    some = data.with_attributes(["round", "big"])
    assert some.attribute_names == ("round", "big")
    for before, after in zip(three(data), three(some)):
        assert before.attributes is not None
        np.testing.assert_array_equal(after.attributes, before.attributes[:, ::-1])
    assert data.with_attributes([]).attribute_names == ("big", "round")


def test_an_unknown_attribute_is_answered_with_near_ones(
    shapes: Path, pictures: Path, loaded: Load
) -> None:
    data = loaded(shapes)
    with pytest.raises(UserError, match="there is no attribute 'rund'; did you mean round"):
        data.with_attributes(["big", "rund"])
    with pytest.raises(UserError, match="there is no attribute 'big'; the data have no attributes"):
        loaded(pictures).with_attributes(["big"])


def test_rows_of_a_split_are_a_split_in_their_order() -> None:
    some = Split("test", noise(4, 2, 2, 1), np.array([5, UNLABELLED, 7, 8]), list("abcd"))
    rows = some.rows(np.array([3, 1]))
    assert (rows.name, rows.names, rows.labels.tolist()) == ("test", ["d", "b"], [8, UNLABELLED])
    np.testing.assert_array_equal(rows.images, some.images[[3, 1]])
    assert rows.attributes is None
    assert some.labelled and not some.rows(np.array([1])).labelled


def test_identical_images_are_an_error(tmp_path: Path, loaded: Load) -> None:
    for i in range(10):
        Image.fromarray(np.full((4, 4), 7, np.uint8)).save(tmp_path / f"{i}.png")
    with pytest.raises(UserError, match="constant images"):
        loaded(tmp_path)


def test_faces_keep_their_splits_and_people_apart(real_data: RealData, loaded: Load) -> None:
    data = loaded(real_data("faces"), group="identity", limit=200)
    assert [len(split) for split in three(data)] == [200, 998, 2307]
    assert data.shape == (3, 64, 64)
    assert len(data.attribute_names) == 40


def test_speakers_in_both_of_the_sources_splits_are_split_anew(real_data: RealData, loaded: Load) -> None:
    own = loaded(real_data("spectrograms"), label="speaker")
    assert set(own.train.labels) == set(own.test.labels)
    apart = loaded(real_data("spectrograms"), label="speaker", group="speaker")
    assert not set(apart.train.labels) & set(apart.test.labels)
    assert apart.label_names[0] == "george"


def test_classes_left_out_are_in_the_test_alone_and_are_scored() -> None:
    whole = load(DataSettings(data="digits"), 0)
    usual = load(DataSettings(data="digits", without=("1", "7")), 0)
    assert {1, 7} & set(whole.train.labels.tolist()) == {1, 7}
    for split in (usual.train, usual.validation):
        assert len(split) and not {1, 7} & set(split.labels.tolist())
    assert usual.test.labels.tolist() == whole.test.labels.tolist()


def test_few_labels_are_as_many_of_each_class() -> None:
    few = load(DataSettings(data="digits", labels=30), 0)
    counts = {label: few.train.labels.tolist().count(label) for label in range(10)}
    assert counts == dict.fromkeys(range(10), 3)
    assert len(few.train) == len(load(DataSettings(data="digits"), 0).train)
