"""Tables that stand beside image files: one row for each image, found by its file name."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from likeness.data import arrow
from likeness.data.columns import Column
from likeness.errors import UserError

NAME_COLUMNS = ("file_name", "filename", "file", "image", "image_id", "path", "name")
"""Columns that may hold the file names, in order of preference."""
MAX_LISTED_NAMES = 3


def sidecars(root: Path, files: list[str]) -> list[str]:
    """The tables among `files` that have a column of file names; the column has the same name in all.
    Raises UserError if one folder has several."""
    found = [f for f in files if f.lower().endswith((".csv", ".parquet"))]
    tables = [f for f in found if _name_column(_table(root / f))]
    folders = [f.rpartition("/")[0] for f in tables]
    if len(set(folders)) < len(folders):
        raise UserError(f"{root} has several tables in one folder ({', '.join(tables)}); keep one")
    return tables


def sidecar_columns(root: Path, tables: list[str], images: list[str]) -> dict[str, Column]:
    """The columns of the tables, in the order of the images. Raises UserError unless each image has one
    row."""
    if not tables:
        return {}
    parts = [_with_paths(_table(root / name), name) for name in tables]
    table = pa.concat_tables(parts, promote_options="permissive")
    paths = table["file_name"].to_pylist()
    rows = {path: row for row, path in enumerate(paths)}
    where = " and ".join(tables)
    _refuse([i for i in images if i not in rows], f"images that have no row in {where}", "add them")
    _refuse(sorted(set(paths) - set(images)), f"names in {where} without an image", "remove them")
    if len(rows) < len(paths):
        raise UserError(f"{where} names an image twice; keep one row for each")
    order = pa.array([rows[image] for image in images])
    return arrow.columns(table.drop_columns(["file_name"]).take(order))


def _table(path: Path) -> pa.Table:
    try:
        if path.suffix.lower() == ".parquet":
            return pq.read_table(path)
        text = pc.ConvertOptions(column_types=dict.fromkeys(_spellings(), pa.string()))
        return pc.read_csv(path, convert_options=text, parse_options=_parse_options(path))
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path} is no sound table ({reason}); mend it") from None


def _parse_options(path: Path) -> pc.ParseOptions:
    """Options for reading a table: the delimiter that is most frequent in its first line."""
    with path.open("rb") as file:
        first = file.readline(65536)
    return pc.ParseOptions(delimiter=max(",;\t", key=lambda c: first.count(c.encode())))


def _spellings() -> list[str]:
    return [form(name) for name in NAME_COLUMNS for form in (str.lower, str.upper, str.capitalize)]


def _name_column(table: pa.Table) -> str | None:
    spelt = {name.lower(): name for name in table.column_names}
    return next((spelt[name] for name in NAME_COLUMNS if name in spelt), None)


def _with_paths(table: pa.Table, name: str) -> pa.Table:
    """`table` with its file names as paths from the root, in the column `file_name`."""
    column = _name_column(table) or ""
    written = [str(path or "").replace("\\", "/") for path in table[column].to_pylist()]
    for path in written:
        if path.startswith("/") or ".." in path.split("/"):
            raise UserError(f"{name} names {path!r}, outside the folder; name files inside it")
    folder = name.rpartition("/")[0]
    paths = [f"{folder}/{path}" if folder else path for path in written]
    return table.drop_columns([column]).append_column("file_name", pa.array(paths, pa.string()))


def _refuse(names: list[str], what: str, remedy: str) -> None:
    if names:
        more = ", ..." if len(names) > MAX_LISTED_NAMES else ""
        raise UserError(f"{len(names)} {what}: {', '.join(names[:MAX_LISTED_NAMES])}{more}; {remedy}")
