"""Checkpoints that were damaged by chance, or rewritten on purpose."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safetensors.torch import load, save
from torch import Tensor

FILES = ["weights.safetensors", "average.safetensors", "optimizers.safetensors", "state.json"]
"""Of a checkpoint with averaged weights."""
Damage = Callable[[Path], object]
"""What is done to a file."""


def flip(file: Path, place: float = 0.5) -> None:
    """Change one bit."""
    content = bytearray(file.read_bytes())
    content[int(len(content) * place)] ^= 4
    file.write_bytes(content)


DAMAGES: dict[str, Damage] = {
    "flipped": flip,
    "truncated": lambda file: file.write_bytes(file.read_bytes()[:-7]),
    "empty": lambda file: file.write_bytes(b""),
    "missing": lambda file: file.unlink(),
}


def rewritten(path: Path, name: str, content: bytes) -> None:
    """Replace a file of a checkpoint, with hashes that fit, as an attacker would."""
    (path / name).write_bytes(content)
    body = json.loads((path / "state.json").read_text())
    body["files"][name] = hashlib.sha256(content).hexdigest()
    sealed(path, body)


def sealed(path: Path, body: dict[str, Any]) -> None:
    """Write state.json with its own hash."""
    body.pop("sha256", None)
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    (path / "state.json").write_text(json.dumps(body | {"sha256": digest}))


def hostile(path: Path, name: str, change: Callable[[dict[str, Tensor], str], object]) -> None:
    """Rewrite the tensors of a file of a checkpoint."""
    tensors = load((path / name).read_bytes())
    change(tensors, min(tensors))
    rewritten(path, name, save(tensors))
