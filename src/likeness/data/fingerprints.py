"""Digests of data as a whole, and of the content of each image: the same after a copy, others after any
change."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from likeness.data.columns import Column
from likeness.data.reading.threads import in_threads

DIGEST_BYTES = 16
"""Bytes of the digest of an image."""
IMAGES_AT_A_TIME = 1024
"""Images handled at a time."""
MIN_BYTES_FOR_THREADS = 2048
"""Bytes from which on threads can take digests at the same time."""


def of_files(files: Sequence[tuple[str, Path]]) -> str:
    """Digest of the names and contents of files, whatever folder they are in."""
    return of_contents([name for name, _ in files], of_items(path for _, path in files))


def of_contents(names: Iterable[str], digests: np.ndarray) -> str:
    """Digest of names, each with the digest (n, 16) of its content."""
    return of_parts(part for name, row in zip(names, digests) for part in (name, row.tobytes().hex()))


def of_parts(parts: Iterable[str]) -> str:
    """Digest of texts, in order."""
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(_bytes(part)).digest())
    return total.hexdigest()


def of_items(items: Iterable[Path | bytes]) -> np.ndarray:
    """(n, 16) uint8, the digest of each file, or of the bytes of one."""
    return _table(in_threads(_content, items))


def of_rows(images: np.ndarray) -> np.ndarray:
    """(n, 16) uint8, the digest of the values of each image."""
    rows = _rows(images)
    large = images[:1].nbytes >= MIN_BYTES_FOR_THREADS
    return _table(in_threads(_digest, rows) if large else map(_digest, rows))


def _rows(images: np.ndarray) -> Iterator[memoryview]:
    """The bytes of each image; some images are copied at a time, where they are not in one piece."""
    for start in range(0, len(images), IMAGES_AT_A_TIME):
        stack = np.ascontiguousarray(images[start : start + IMAGES_AT_A_TIME])
        content, size = stack.reshape(-1).view(np.uint8).data, stack[0].nbytes
        yield from (content[k * size : (k + 1) * size] for k in range(len(stack)))


def of_image(image: bytes | Path | np.ndarray) -> bytes:
    """(16,) digest of the stored bytes of one image; of nothing, if its file is missing."""
    if isinstance(image, np.ndarray):
        return _digest(image.tobytes())
    return _content(image if isinstance(image, bytes) or image.is_file() else b"")


def of_names(names: Iterable[str]) -> np.ndarray:
    """(n, 16) uint8, the digest of each name."""
    return _table(_digest(_bytes(name)) for name in names)


def of_memory(digests: np.ndarray, kinds: Iterable[str], columns: Mapping[str, Column]) -> str:
    """Digest of images in memory, by the digest of each, of what kinds they are, and of their columns."""
    return of_parts([digests.tobytes().hex(), *kinds, of_columns(columns)])


def of_columns(columns: Mapping[str, Column]) -> str:
    """Digest of the names and values of columns."""
    parts = (
        [n, repr(c.names), c.values.tobytes().hex(), c.is_missing.tobytes().hex()]
        for n, c in columns.items()
    )
    return of_parts(part for some in parts for part in some)


def _table(digests: Iterable[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, DIGEST_BYTES)


def _digest(content: bytes | memoryview) -> bytes:
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()


def _content(item: Path | bytes) -> bytes:
    if isinstance(item, bytes):
        return _digest(item)
    with item.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=DIGEST_BYTES)).digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
