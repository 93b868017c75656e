"""Parquet files with a column of encoded images, as the Hugging Face hub stores them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from likeness.data import arrow, fingerprints
from likeness.data.reading.encoded import Encoded
from likeness.data.settings import DataSettings
from likeness.data.sources._source import Source, split_of
from likeness.data.table import Table
from likeness.errors import UserError
from likeness.registry import suggestion

READ_ROWS = 1024
"""Rows whose images are held at once."""


@dataclass(frozen=True)
class ParquetPictures(Encoded):
    """The images in a column of Parquet files."""

    files: tuple[Path, ...]
    starts: np.ndarray
    """Row at which each file starts, and, last, the number of rows."""
    column: str

    def __len__(self) -> int:
        return int(self.starts[-1])

    def name(self, row: int) -> str:
        number = int(np.searchsorted(self.starts, row, side="right")) - 1
        return f"{self.files[number].name}[{row - self.starts[number]}]"

    def read(self, rows: np.ndarray) -> Iterator[bytes]:
        """The images `rows`; where they are not ascending, file by file for each ascending part."""
        turns = np.flatnonzero(np.diff(rows) < 0) + 1
        for ascending in np.split(rows, turns):
            for number, file in enumerate(self.files):
                first, last = self.starts[number], self.starts[number + 1]
                inside = ascending[(ascending >= first) & (ascending < last)] - first
                if len(inside):
                    yield from _read_rows(file, self.column, inside)


class Parquet(Source):
    """A Parquet file, or a folder of them named train-*, validation-*, test-*."""

    def claims(self, spec: str) -> bool:
        return any(_image_column(_schema(file)) for file in _files(Path(spec)))

    def read(self, spec: str, settings: DataSettings) -> Table:
        files = [file for file in _files(Path(spec)) if _image_column(_schema(file))]
        column = _select_image_column(_schema(files[0]), settings.image)
        rest = _join([_beside_images(file, column) for file in files], files)
        counts = [pq.read_metadata(file).num_rows for file in files]
        pictures = ParquetPictures(tuple(files), np.cumsum([0, *counts]), column)
        whole = Path(spec).is_file()
        return Table(
            pictures=pictures,
            names=[pictures.name(row) for row in range(len(pictures))],
            digest=fingerprints.of_files([("" if whole else f.name, f) for f in files]),
            columns=arrow.columns(rest),
            splits=np.repeat(["" if whole else split_of(file.stem) for file in files], counts),
            digests=fingerprints.of_items(pictures.read(np.arange(len(pictures)))),
        )


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if path.suffix == ".parquet" else []
    return sorted(path.glob("*.parquet")) or sorted(path.glob("data/*.parquet"))


def _schema(file: Path) -> pa.Schema:
    try:
        return pq.read_schema(file)
    except (pa.ArrowException, OSError) as error:
        raise _damage_error(file, error) from None


def _select_image_column(schema: pa.Schema, asked: str | None) -> str:
    """The column of images that the user named, or the only one. Raises UserError if there is none."""
    found = _image_columns(schema)
    if asked and asked not in found:
        raise UserError(f"there is no column of images {asked!r}; {suggestion(asked, found)}")
    return asked or _image_column(schema) or ""


def _image_column(schema: pa.Schema) -> str | None:
    """The first column of images; the one called `image` if any."""
    found = _image_columns(schema)
    return "image" if "image" in found else found[0] if found else None


def _image_columns(schema: pa.Schema) -> list[str]:
    """The columns of bytes, or of structs of bytes and a path."""
    return [f.name for f in schema if pa.types.is_binary(f.type) or _holds_bytes(f.type)]


def _holds_bytes(kind: pa.DataType) -> bool:
    return isinstance(kind, pa.StructType) and kind.get_field_index("bytes") >= 0


def _beside_images(file: Path, column: str) -> pa.Table:
    names = [name for name in _schema(file).names if name != column]
    try:
        return pq.read_table(file, columns=names)
    except (pa.ArrowException, OSError) as error:
        raise _damage_error(file, error) from None


def _join(tables: list[pa.Table], files: list[Path]) -> pa.Table:
    for table, file in zip(tables, files):
        if table.column_names != tables[0].column_names:
            raise UserError(f"{file} has other columns than {files[0]}; give both the same")
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException:
        raise UserError(f"files beside {files[0]} have columns of other types; mend them") from None


def _read_rows(file: Path, column: str, rows: np.ndarray) -> Iterator[bytes]:
    """The bytes of the ascending `rows` of a file."""
    first = 0
    try:
        for batch in pq.ParquetFile(file).iter_batches(READ_ROWS, columns=[column]):
            start, stop = np.searchsorted(rows, [first, first + len(batch)])
            values = batch.column(0).take(pa.array(rows[start:stop] - first))
            if isinstance(values, pa.StructArray):
                values = values.field("bytes")
            yield from (value or b"" for value in values.to_pylist())
            first += len(batch)
    except (pa.ArrowException, OSError) as error:
        raise _damage_error(file, error) from None


def _damage_error(file: Path, error: Exception) -> UserError:
    reason = str(error).splitlines()[0]
    return UserError(f"{file} is no sound Parquet file ({reason}); get it again")
