"""Arrow tables read as columns."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from likeness.data.arrow import class_names, columns
from likeness.shapes import UNLABELLED
from support.loading import Load
from support.made_images import noise, png


def stating(features: Any) -> pa.Schema:
    """A schema with the metadata that the hub's library writes."""
    text = json.dumps({"info": {"features": features}})
    return pa.schema([("kind", pa.int64())], metadata={"huggingface": text})


def test_missing_labels_are_unlabelled(tmp_path: Path, loaded: Load) -> None:
    images = [png(noise(6, 6, 3, seed=i)) for i in range(20)]
    table = pa.table({"image": images, "label": [None if i % 2 else 5 for i in range(20)]})
    pq.write_table(table, tmp_path / "x.parquet")
    data = loaded(tmp_path / "x.parquet")
    assert data.label_names == ("5",)
    assert set(data.train.labels.tolist()) == {0, -1}


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
def test_words_become_positions_in_their_sorted_names(kind: pa.DataType) -> None:
    words = pa.chunked_array([pa.array(["b", None], kind), pa.array(["a", "b"], kind)])
    found = columns(pa.table({"y": words}))["y"]
    assert found.names == ("a", "b")
    assert found.values.tolist() == [1, UNLABELLED, 0, 1]


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint16(), pa.int64()])
def test_whole_numbers_keep_their_values_and_get_one_for_missing_ones(kind: pa.DataType) -> None:
    found = columns(pa.table({"y": pa.array([3, None, 100], kind)}))["y"]
    assert found.values.dtype == np.int64
    assert found.values.tolist() == [3, UNLABELLED, 100]
    assert found.names is None


def test_truth_is_a_number_and_a_missing_fraction_is_not() -> None:
    found = columns(pa.table({"hat": [True, None, False], "age": [0.5, None, 2]}))
    assert found["hat"].values.tolist() == [1, UNLABELLED, 0]
    np.testing.assert_array_equal(found["age"].values, [0.5, np.nan, 2])


def test_what_is_neither_number_nor_word_is_left_out() -> None:
    bad = pa.array([b"\xff", b"a"]).dictionary_encode()
    table = pa.table(
        {"bytes": [b"a", b"b"], "list": [[1], [2]], "none": pa.nulls(2), "bad": bad, "y": [1, 2]}
    )
    assert list(columns(table)) == ["y"]


def test_a_dictionary_of_numbers_is_one_of_words() -> None:
    found = columns(pa.table({"y": pa.array([20, 3, 20]).dictionary_encode()}))["y"]
    assert found.names == ("20", "3")
    assert found.values.tolist() == [0, 1, 0]


def test_class_names_are_read_from_the_metadata_of_the_hub() -> None:
    features = {"kind": {"_type": "ClassLabel", "names": ["cat", 9]}, "image": {"_type": "Image"}}
    schema = stating(features)
    assert class_names(schema) == {"kind": ("cat", "9")}
    found = columns(pa.table({"kind": [1, 0]}, schema=schema))["kind"]
    assert found.names == ("cat", "9")
    assert found.values.tolist() == [1, 0]


@pytest.mark.parametrize("features", [None, [], {"kind": 3}, {"kind": {"_type": "ClassLabel"}}, "x"])
def test_metadata_of_another_form_name_no_classes(features: Any) -> None:
    assert class_names(stating(features)) == {}


@pytest.mark.parametrize("metadata", [None, {}, {"huggingface": "{"}, {"huggingface": "[]"}])
def test_a_schema_without_metadata_of_the_hub_names_no_classes(metadata: dict[str, str] | None) -> None:
    assert class_names(pa.schema([("kind", pa.int64())], metadata=metadata)) == {}
