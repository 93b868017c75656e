"""A digest of the data a run was trained on: the same after a copy, another after any change."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

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


def _content(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
