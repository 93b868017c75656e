"""Parquet files of images."""

import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from likeness.errors import UserError
from support.made_images import noise


def png(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def write(path, count, first=0, spoilt=(), **columns):
    images = [
        {"bytes": b"spoilt" if i in spoilt else png(noise(6, 6, 3, seed=first + i)), "path": f"{i}"}
        for i in range(count)
    ]
    table = pa.table({"image": images, **columns})
    features = {"kind": {"_type": "ClassLabel", "names": ["cat", "dog"]}}
    meta = {"huggingface": json.dumps({"info": {"features": features}})}
    pq.write_table(table.replace_schema_metadata(meta), path, row_group_size=7)


def test_class_names_and_attributes_come_from_the_columns(tmp_path, loaded):
    kinds = [i % 2 for i in range(20)]
    write(tmp_path / "x.parquet", 20, kind=kinds, tall=kinds[::-1], weight=[i / 7 for i in range(20)])
    data = loaded(tmp_path / "x.parquet")
    rows = [int(name[len("x.parquet[") : -1]) for name in data.train.names]
    assert data.label_names == ("cat", "dog")
    np.testing.assert_array_equal(data.train.labels, np.array(kinds)[rows])
    assert data.attribute_names == ("tall",)
    np.testing.assert_array_equal(data.train.attributes[:, 0], np.array(kinds[::-1])[rows])


@pytest.mark.parametrize("memory", [4.0, 1e-9])
def test_rows_of_several_files_stay_with_their_images(tmp_path, loaded, memory):
    write(tmp_path / "train-0.parquet", 20, y=list(range(20)))
    write(tmp_path / "train-1.parquet", 15, first=20, y=list(range(20, 35)))
    write(tmp_path / "test-0.parquet", 5, first=35, y=list(range(35, 40)))
    data = loaded(tmp_path, in_memory_gib=memory)
    assert len(data.test) == 5
    for split in (data.train, data.validation, data.test):
        for number, image in zip(split.labels, split.images):
            np.testing.assert_array_equal(image, noise(6, 6, 3, seed=int(data.label_names[number])))


def test_missing_labels_are_unlabelled(tmp_path, loaded):
    write(tmp_path / "x.parquet", 20, label=[None if i % 2 else 5 for i in range(20)])
    data = loaded(tmp_path / "x.parquet")
    assert data.label_names == ("5",)
    assert set(data.train.labels.tolist()) == {0, -1}


def test_a_spoilt_image_is_named_by_file_and_row(tmp_path, loaded):
    write(tmp_path / "x.parquet", 20, spoilt=[11])
    with pytest.raises(UserError, match=r"x.parquet\[11\] \(not an image\)"):
        loaded(tmp_path / "x.parquet")


@pytest.mark.parametrize("option", ["label", "group"])
def test_an_unknown_column_is_answered_with_near_ones(tmp_path, loaded, option):
    write(tmp_path / "x.parquet", 20, kind=[0] * 20)
    with pytest.raises(UserError, match="there is no column 'kid'; did you mean kind"):
        loaded(tmp_path / "x.parquet", **{option: "kid"})


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"<html>"])
def test_a_file_that_is_no_parquet_is_refused_in_one_line(tmp_path, loaded, data):
    (tmp_path / "x.parquet").write_bytes(data)
    with pytest.raises(UserError, match="no sound Parquet") as error:
        loaded(tmp_path / "x.parquet")
    assert "\n" not in str(error.value)


def test_faces_keep_their_splits_and_people_apart(real_data, loaded):
    data = loaded(real_data("faces"), group="identity", limit=200)
    assert [len(s) for s in (data.train, data.validation, data.test)] == [200, 998, 2307]
    assert data.shape == (3, 64, 64)
    assert len(data.attribute_names) == 40


def test_speakers_in_both_of_the_sources_splits_are_split_anew(real_data, loaded):
    own = loaded(real_data("spectrograms"), label="speaker")
    assert set(own.train.labels) == set(own.test.labels)
    apart = loaded(real_data("spectrograms"), label="speaker", group="speaker")
    assert not set(apart.train.labels) & set(apart.test.labels)
    assert apart.label_names[0] == "george"
