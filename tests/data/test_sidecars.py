"""Tables that stand beside image files."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from likeness.data.sidecars import sidecar_columns, sidecars
from likeness.errors import UserError
from support.loading import Load, three


def test_a_table_gives_labels_groups_and_attributes(pictures: Path, loaded: Load) -> None:
    lines = ["file_name,label,person,Smiling"]
    lines += [f"{i:02}.png,{'ab'[i % 2]},p{i // 3},{i % 2}" for i in range(12)]
    (pictures / "metadata.csv").write_text("\n".join(lines))
    data = loaded(pictures, group="person")
    assert data.label_names == ("a", "b")
    assert data.attribute_names == ("Smiling",)
    assert data.train.attributes is not None
    np.testing.assert_array_equal(data.train.labels, data.train.attributes[:, 0])
    people = [{int(n[:2]) // 3 for n in s.names} for s in three(data)]
    assert not people[0] & people[1] | people[0] & people[2] | people[1] & people[2]


def test_a_parquet_table_is_as_good_as_a_csv(pictures: Path, loaded: Load) -> None:
    names = [f"{i:02}.png" for i in range(12)]
    pq.write_table(pa.table({"file_name": names, "label": range(12)}), pictures / "table.parquet")
    data = loaded(pictures)
    assert [int(name[:2]) for name in data.train.names] == data.train.labels.tolist()


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("../secret.png,0", "outside the folder"),
        ("/etc/passwd,0", "outside the folder"),
        ("absent.png,0", "without an image"),
        ("", "no row"),
    ],
)
def test_a_table_that_does_not_match_the_images_is_refused(
    pictures: Path, loaded: Load, row: str, word: str
) -> None:
    rows = [f"{i:02}.png,0" for i in range(12 if row else 11)]
    (pictures / "t.csv").write_text("\n".join(["file_name,label", *rows, row]))
    with pytest.raises(UserError, match=word):
        loaded(pictures)


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return name


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_first_line(tmp_path: Path, delimiter: str) -> None:
    lines = [("name", "age", "size"), ("b.png", "2", "5"), ("a.png", "1", "4")]
    table = written(tmp_path, "t.csv", "\n".join(map(delimiter.join, lines)))
    columns = sidecar_columns(tmp_path, [table], ["a.png", "b.png"])
    assert {name: column.values.tolist() for name, column in columns.items()} == {
        "age": [1, 2],
        "size": [4, 5],
    }


def test_names_in_a_table_count_from_its_own_folder(tmp_path: Path) -> None:
    for folder, number in (("train", 1), ("test", 2)):
        written(tmp_path, f"{folder}/meta.csv", f"file_name,y\n0.png,{number}\ndeep\\1.png,{number}")
    images = ["test/0.png", "train/deep/1.png", "train/0.png", "test/deep/1.png"]
    columns = sidecar_columns(tmp_path, ["train/meta.csv", "test/meta.csv"], images)
    assert columns["y"].values.tolist() == [2, 1, 1, 2]


def test_file_names_of_digits_stay_words(tmp_path: Path) -> None:
    table = written(tmp_path, "t.csv", "IMAGE_ID,y\n007,1\n010,0")
    assert sidecar_columns(tmp_path, [table], ["010", "007"])["y"].values.tolist() == [0, 1]


def test_only_tables_that_name_files_are_sidecars(tmp_path: Path) -> None:
    named = written(tmp_path, "a/Labels.CSV", "FILE,y\n0.png,1")
    other = written(tmp_path, "a/prices.csv", "item,price\ntea,2")
    notes = written(tmp_path, "a/notes.txt", "file_name,y")
    assert sidecars(tmp_path, [named, other, notes]) == [named]


def test_two_tables_in_one_folder_are_refused(tmp_path: Path) -> None:
    tables = [written(tmp_path, name, "file,y\n0.png,1") for name in ("a.csv", "b.csv")]
    with pytest.raises(UserError, match=r"several tables in one folder \(a.csv, b.csv\); keep one"):
        sidecars(tmp_path, tables)


def test_an_image_named_twice_is_refused(tmp_path: Path) -> None:
    table = written(tmp_path, "t.csv", "file,y\n0.png,1\n0.png,2")
    with pytest.raises(UserError, match=r"t.csv names an image twice; keep one row for each"):
        sidecar_columns(tmp_path, [table], ["0.png"])


def test_only_the_first_missing_images_are_listed(tmp_path: Path) -> None:
    table = written(tmp_path, "t.csv", "file,y\n0.png,1")
    images = [f"{i}.png" for i in range(5)]
    with pytest.raises(UserError, match=r"^4 images .* in t.csv: 1.png, 2.png, 3.png, \.\.\.; add them$"):
        sidecar_columns(tmp_path, [table], images)


@pytest.mark.parametrize(("name", "content"), [("t.csv", "file,y\na\n"), ("t.parquet", "file")])
def test_a_damaged_table_is_refused_in_one_line(tmp_path: Path, name: str, content: str) -> None:
    with pytest.raises(UserError, match=rf"{name} is no sound table \(.*\); mend it$") as error:
        sidecars(tmp_path, [written(tmp_path, name, content)])
    assert "\n" not in str(error.value)
