"""A digest of the data a run was trained on: the same after a copy, another after any change."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from likeness.data.columns import Column
from likeness.data.reading.threads import in_threads


def of_files(files: Sequence[tuple[str, Path]]) -> str:
    """Digest of the names and contents of files, whatever folder they are in."""
    digests = in_threads(_content, (path for _, path in files))
    return of_parts(part for (name, _), digest in zip(files, digests) for part in (name, digest))


def of_parts(parts: Iterable[str]) -> str:
    """Digest of texts, in order."""
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part.encode("utf-8", "surrogateescape")).digest())
    return total.hexdigest()


def of_image(image: bytes | Path | np.ndarray) -> bytes:
    """16 bytes that stand for what one image has stored; of a file that is not there, for nothing."""
    if isinstance(image, Path):
        image = image.read_bytes() if image.is_file() else b""
    content = image.tobytes() if isinstance(image, np.ndarray) else image
    return hashlib.blake2b(content, digest_size=16).digest()


def of_images(images: Iterable[bytes | Path | np.ndarray]) -> np.ndarray:
    """(n, 16) uint8, `of_image` of each."""
    return np.array([np.frombuffer(of_image(image), np.uint8) for image in images]).reshape(-1, 16)


def of_memory(digests: np.ndarray, kinds: Iterable[str], columns: Mapping[str, Column]) -> str:
    """Digest of images in memory, by the digest of each, of what kinds they are, and of their columns."""
    return of_parts([digests.tobytes().hex(), *kinds, of_columns(columns)])


def of_columns(columns: Mapping[str, Column]) -> str:
    """Digest of the names and values of columns."""
    parts = (
        [n, repr(c.names), c.values.tobytes().hex(), c.missing.tobytes().hex()] for n, c in columns.items()
    )
    return of_parts(part for some in parts for part in some)


def _content(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
