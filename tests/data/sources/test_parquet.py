"""Parquet files of images."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from likeness.data.settings import DataSettings
from likeness.data.sources.parquet import Parquet, ParquetPictures
from likeness.errors import UserError
from support.loading import Load, numbers, three
from support.made_images import noise, png


def write(path: Path, count: int, first: int = 0, spoilt: tuple[int, ...] = (), **columns: Any) -> None:
    images = [
        {"bytes": b"spoilt" if i in spoilt else png(noise(6, 6, 3, seed=first + i)), "path": f"{i}"}
        for i in range(count)
    ]
    table = pa.table({"image": images, **columns})
    features = {"kind": {"_type": "ClassLabel", "names": ["cat", "dog"]}}
    meta = {"huggingface": json.dumps({"info": {"features": features}})}
    pq.write_table(table.replace_schema_metadata(meta), path, row_group_size=7)


def test_class_names_and_attributes_come_from_the_columns(tmp_path: Path, loaded: Load) -> None:
    kinds = [i % 2 for i in range(20)]
    write(tmp_path / "x.parquet", 20, kind=kinds, tall=kinds[::-1], weight=[i / 7 for i in range(20)])
    data = loaded(tmp_path / "x.parquet")
    rows = numbers(data.train)
    assert data.label_names == ("cat", "dog")
    np.testing.assert_array_equal(data.train.labels, np.array(kinds)[rows])
    assert data.attribute_names == ("tall",)
    assert data.train.attributes is not None
    np.testing.assert_array_equal(data.train.attributes[:, 0], np.array(kinds[::-1])[rows])


@pytest.mark.parametrize("memory", [4.0, 1e-9])
def test_rows_of_several_files_stay_with_their_images(tmp_path: Path, loaded: Load, memory: float) -> None:
    write(tmp_path / "train-0.parquet", 20, y=list(range(20)))
    write(tmp_path / "train-1.parquet", 15, first=20, y=list(range(20, 35)))
    write(tmp_path / "test-0.parquet", 5, first=35, y=list(range(35, 40)))
    data = loaded(tmp_path, in_memory_gib=memory)
    assert len(data.test) == 5
    for split in three(data):
        for number, image in zip(split.labels, split.images):
            np.testing.assert_array_equal(image, noise(6, 6, 3, seed=int(data.label_names[number])))


def test_a_spoilt_image_is_named_by_file_and_row(tmp_path: Path, loaded: Load) -> None:
    write(tmp_path / "x.parquet", 20, spoilt=(11,))
    with pytest.raises(UserError, match=r"x.parquet\[11\] \(not an image\)"):
        loaded(tmp_path / "x.parquet")


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"<html>"])
def test_a_file_that_is_no_parquet_is_refused_in_one_line(
    tmp_path: Path, loaded: Load, data: bytes
) -> None:
    (tmp_path / "x.parquet").write_bytes(data)
    with pytest.raises(UserError, match="no sound Parquet") as error:
        loaded(tmp_path / "x.parquet")
    assert "\n" not in str(error.value)


def test_a_folder_keeps_its_files_in_one_named_data_too(tmp_path: Path, loaded: Load) -> None:
    (tmp_path / "data").mkdir()
    write(tmp_path / "data" / "train-0.parquet", 20)
    write(tmp_path / "data" / "test-0.parquet", 5, first=20)
    assert [len(split) for split in three(loaded(tmp_path))] == [18, 2, 5]


def test_files_with_other_columns_are_refused_by_name(tmp_path: Path, loaded: Load) -> None:
    write(tmp_path / "train-0.parquet", 9, tall=[1] * 9)
    write(tmp_path / "train-1.parquet", 9, wide=[1] * 9)
    with pytest.raises(UserError, match=r"train-1.parquet has other columns than .*train-0.parquet; "):
        loaded(tmp_path)


def test_files_whose_columns_are_of_other_types_are_refused(tmp_path: Path, loaded: Load) -> None:
    write(tmp_path / "train-0.parquet", 9, tall=[1] * 9)
    write(tmp_path / "train-1.parquet", 9, tall=["yes"] * 9)
    with pytest.raises(UserError, match=r"beside .*train-0.parquet have columns of other types; mend them"):
        loaded(tmp_path)


def test_images_come_in_the_order_they_are_asked_for(tmp_path: Path) -> None:
    for number in range(2):
        write(tmp_path / f"train-{number}.parquet", 10, first=10 * number)
    found = Parquet().read(str(tmp_path), DataSettings(data=str(tmp_path))).pictures
    assert isinstance(found, ParquetPictures)
    rows = np.array([3, 12, 19, 0, 9, 10, 2])
    assert list(found.read(rows)) == [png(noise(6, 6, 3, seed=row)) for row in rows.tolist()]
    assert [found.name(row) for row in (0, 9, 10, 19)] == [
        "train-0.parquet[0]",
        "train-0.parquet[9]",
        "train-1.parquet[0]",
        "train-1.parquet[9]",
    ]


def test_a_column_called_image_is_read_before_other_bytes(tmp_path: Path, loaded: Load) -> None:
    wide, small = ([png(noise(side, 6, 3, seed=i)) for i in range(12)] for side in (9, 6))
    pq.write_table(pa.table({"thumb": small, "image": wide}), tmp_path / "both.parquet")
    pq.write_table(pa.table({"thumb": small}), tmp_path / "one.parquet")
    assert loaded(tmp_path / "both.parquet").shape == (3, 9, 6)
    assert loaded(tmp_path / "one.parquet").shape == (3, 6, 6)


def test_a_table_without_images_is_no_source(tmp_path: Path) -> None:
    pq.write_table(pa.table({"y": [1, 2]}), tmp_path / "x.parquet")
    assert not Parquet().claims(str(tmp_path))
    write(tmp_path / "z.parquet", 4)
    assert Parquet().claims(str(tmp_path))


def test_the_column_of_images_may_be_named(tmp_path: Path, loaded: Load) -> None:
    first, second = ([png(noise(6, 6, 3, seed=s + i)) for i in range(9)] for s in (0, 50))
    pq.write_table(pa.table({"image": first, "other": second}), tmp_path / "x.parquet")
    found = loaded(tmp_path / "x.parquet", image="other").train
    assert np.array_equal(found.images[0], noise(6, 6, 3, seed=50 + numbers(found)[0]))
    with pytest.raises(UserError, match="no column of images 'othr'; did you mean other"):
        loaded(tmp_path / "x.parquet", image="othr")
