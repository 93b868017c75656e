"""idx files, gzipped or not, as MNIST and its relatives come: a folder, or a file of images."""

import gzip
import math
import re
import zlib
from pathlib import Path

import numpy as np

from likeness.data import fingerprints
from likeness.data.columns import Column
from likeness.data.reading.pictures import Arrays, image_array
from likeness.data.settings import DataSettings
from likeness.data.sources._source import Source, split_of
from likeness.data.table import Table
from likeness.errors import UserError
from likeness.files.archives import Stream

TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_IMAGES = re.compile(r"idx[34]|images.*(\.idx|ubyte)", re.IGNORECASE)


class Idx(Source):
    """A file such as train-images-idx3-ubyte.gz with its file of labels, or a folder of them."""

    def claims(self, spec: str) -> bool:
        return bool(_image_files(Path(spec)))

    def read(self, spec: str, settings: DataSettings) -> Table:
        files = _image_files(Path(spec))
        labels = [_labels_of(file) for file in files]
        limit = settings.bytes_in_memory
        images = [image_array(idx(file, limit), str(file)) for file in files]
        counts = [len(some) for some in images]
        whole, joined = Path(spec).is_file(), _join(images, spec)
        return Table(
            pictures=Arrays(joined),
            names=[f"{file.name}[{i}]" for file, n in zip(files, counts) for i in range(n)],
            digest=_digest([*files, *(label for label in labels if label)]),
            columns=_label_columns(labels, counts, limit),
            splits=np.repeat(["" if whole else split_of(file.name) for file in files], counts),
            digests=fingerprints.of_rows(joined),
        )


def idx(path: Path, limit: int) -> np.ndarray:
    """The array of an idx file. Raises UserError unless its magic number and length are right."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return _array(file, path, limit)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise UserError(f"{path} cannot be read ({error}); get it again") from None


def _array(file: Stream, path: Path, limit: int) -> np.ndarray:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES or not 1 <= magic[3] <= 4:
        raise UserError(f"{path} does not begin as an idx file does ({magic.hex()}); get it again")
    sides = file.read(4 * magic[3]).ljust(4 * magic[3], b"\xff")
    shape = tuple(np.frombuffer(sides, ">u4").tolist())
    dtype = np.dtype(TYPES[magic[2]])
    size = math.prod(shape) * dtype.itemsize
    if size > limit:
        raise UserError(
            f"{path} states the size {'x'.join(map(str, shape))}, {size / 2**30:.1f} GiB; "
            "get it again, or raise --in-memory-gib"
        )
    content = file.read(size + 1)
    if len(content) != size:
        more = "more" if len(content) > size else "fewer"
        raise UserError(f"{path} has {more} bytes than the {size} it states; get it again")
    return np.frombuffer(content, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def _image_files(path: Path) -> list[Path]:
    found = [path] if path.is_file() else sorted(path.glob("*idx*")) + sorted(path.glob("*ubyte*"))
    return [file for file in dict.fromkeys(found) if _IMAGES.search(file.name)]


def _labels_of(images: Path) -> Path | None:
    """The file of labels beside a file of images."""
    name = re.sub("idx[34]", "idx1", images.name.replace("images", "labels"))
    beside = [name, name[:-3] if name.endswith(".gz") else f"{name}.gz"]
    return next(
        (images.with_name(n) for n in beside if n != images.name and images.with_name(n).is_file()),
        None,
    )


def _join(images: list[np.ndarray], spec: str) -> np.ndarray:
    if len({some.shape[1:] for some in images}) > 1:
        raise UserError(f"the idx files in {spec} hold images of several sizes; name one of them")
    return np.concatenate(images)


def _digest(files: list[Path]) -> str:
    """Digest of the files, the same when a folder is copied."""
    return fingerprints.of_files([(file.name, file) for file in files])


def _label_columns(labels: list[Path | None], counts: list[int], limit: int) -> dict[str, Column]:
    """The labels, if every file of images has its own."""
    files = [file for file in labels if file]
    if len(files) < len(labels):
        return {}
    values = [idx(file, limit) for file in files]
    for some, count, file in zip(values, counts, files):
        if some.shape != (count,):
            raise UserError(f"{file} has {len(some)} labels for {count} images; get both again")
    return {"label": Column(np.concatenate(values).astype(np.int64))}
