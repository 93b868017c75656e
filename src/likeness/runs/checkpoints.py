"""Checkpoints: weights and optimizer states as safetensors, checked by SHA-256, written atomically."""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from likeness.errors import RunError
from likeness.files import version
from likeness.files.atomic import replace_folder, write_folder
from likeness.files.bundle import mismatch
from likeness.training.loop import State
from likeness.training.moves import Move, match_layout

WEIGHTS, AVERAGE, OPTIMIZERS, STATE = (
    "weights.safetensors", "average.safetensors", "optimizers.safetensors", "state.json",
)  # fmt: skip


@dataclass(frozen=True)
class Checkpoint:
    """The files that were read from a checkpoint; the hash of each has been checked."""

    folder: Path
    step: int
    seconds: float
    names: tuple[str, ...]
    """The files that there are."""
    files: Mapping[str, bytes]
    """The content of those that were wanted."""
    optimizers: Mapping[str, Any]
    figures: Mapping[str, float]
    """What the best one was chosen by; nothing in the others."""


Choice = Callable[[Sequence[str]], Sequence[str]]
"""Which files of a checkpoint are wanted, of those that there are."""


def every(names: Sequence[str]) -> Sequence[str]:
    """All files: what resuming a training needs."""
    return names


def save_checkpoint(folder: Path, state: State, step: int, seconds: float, keep: int) -> Path:
    """Write `folder`/step-N, then remove all but the newest `keep`."""
    path = folder / f"step-{step:08d}"
    if not path.exists():
        write_folder(path, _files(state, step, seconds))
    for old in list_checkpoints(folder)[:-keep]:
        shutil.rmtree(old)
    return path


def save_best(path: Path, state: State, step: int, seconds: float, figures: Mapping[str, float]) -> None:
    """Write the checkpoint `path` in place of the previous best, with the values that it was chosen by."""
    replace_folder(path, _files(state, step, seconds, figures=dict(figures)))


def _files(state: State, step: int, seconds: float, **more: Any) -> dict[str, bytes]:
    """The files of a checkpoint, by name; `more` is added to its state."""
    files = {WEIGHTS: save(_tensors(state.nets))}
    if state.average:
        files[AVERAGE] = save(_tensors(state.average.nets))
    tensors, groups = _optimizers(state.moves)
    files[OPTIMIZERS] = save(tensors)
    about = {"step": step, "seconds": seconds, "optimizers": groups} | more
    return files | {STATE: _state(about, files)}


def set_aside(folder: Path, step: int) -> None:
    """Rename the checkpoints after `step`, all of them damaged, so that they are neither used nor
    deleted."""
    for path in list_checkpoints(folder):
        if int(path.name.partition("-")[2]) > step:
            path.rename(path.with_name(f"damaged-{path.name}"))


def list_checkpoints(folder: Path) -> list[Path]:
    """The checkpoints in a folder, oldest first."""
    return sorted(folder.glob("step-*"))


def newest(folder: Path, wanted: Choice = every) -> tuple[Checkpoint, list[str]]:
    """The newest checkpoint whose wanted files are intact, and what is wrong with each newer one.

    Raises RunError if none is intact: a run never starts from nothing again by itself.
    """
    damaged: list[str] = []
    for path in reversed(list_checkpoints(folder)):
        try:
            return read(path, wanted), damaged
        except RunError as error:
            damaged.append(str(error))
    why = f" ({damaged[0]})" if damaged else ""
    raise RunError(f"no intact checkpoint in {folder}{why}; restore one from a copy, or train anew")


def read(path: Path, wanted: Choice = every) -> Checkpoint:
    """A checkpoint of which only the wanted files are read, each checked by its hash. Raises RunError,
    which names the file, if one differs."""
    state = _read_sealed(path / STATE)
    hashes, files = state["files"], {}
    for name in wanted(tuple(hashes)):
        files[name] = _bytes(path / name)
        if _sha256(files[name]) != hashes[name]:
            raise RunError(f"{path / name} is damaged: its sha256 is not the one written; use another")
    return Checkpoint(
        path, state["step"], state["seconds"], tuple(hashes), files, state["optimizers"],
        state.get("figures", {}),
    )  # fmt: skip


def restore(state: State, checkpoint: Checkpoint) -> None:
    """Restore networks, optimizers and averages to their state when `checkpoint` was written."""
    load_strictly(state.nets, checkpoint, WEIGHTS)
    if state.average:
        load_strictly(state.average.nets, checkpoint, AVERAGE)
    where = checkpoint.folder / OPTIMIZERS
    try:
        tensors = load(checkpoint.files[OPTIMIZERS])
    except (SafetensorError, KeyError, ValueError) as error:
        raise RunError(f"{where} is not a safetensors file ({error}); use another checkpoint") from None
    unknown = {path.partition("/")[0] for path in tensors} - state.moves.keys()
    if unknown or checkpoint.optimizers.keys() != state.moves.keys():
        raise RunError(f"{where} is of other moves; use another checkpoint")
    for name, move in state.moves.items():
        _restore_move(move, name, checkpoint.optimizers[name], tensors, where)


def load_strictly(nets: nn.Module, checkpoint: Checkpoint, name: str) -> None:
    """Load weights into networks: names, shapes and types must be equal and all values finite. Otherwise
    raises RunError, and nothing has changed."""
    where = checkpoint.folder / name
    try:
        tensors = load(checkpoint.files[name])
    except (SafetensorError, KeyError, ValueError) as error:
        raise RunError(f"{where} is not a safetensors file of weights ({error}); use another") from None
    wrong = mismatch(nets.state_dict(), tensors)
    if wrong:
        raise RunError(f"{where} does not fit these networks: {wrong}; use the run's own config.yaml")
    nets.load_state_dict(tensors)


def _tensors(nets: nn.Module) -> dict[str, Tensor]:
    return {name: t.detach().cpu().contiguous().clone() for name, t in nets.state_dict().items()}


def _optimizers(moves: Mapping[str, Move]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Optimizer states as named tensors, and the rest, which JSON can hold."""
    tensors, rest = {}, {}
    for name, move in moves.items():
        for k, values in move.optimizer.state_dict()["state"].items():
            for key, value in values.items():
                tensors[f"{name}/{k}/{key}"] = torch.as_tensor(value).cpu().contiguous().clone()
        rest[name] = {"skipped": move.skipped, "in_a_row": move.skipped_in_a_row}
    return tensors, rest


def _fits(state: Mapping[int, Mapping[str, Tensor]], parameters: Sequence[Tensor]) -> bool:
    """Whether optimizer states are finite and of the shapes of the parameters, with the same entries for
    all parameters, or with none."""
    whole = not state or state.keys() == set(range(len(parameters)))
    alike = len({frozenset(values) for values in state.values()}) <= 1
    pairs = [(v, parameters[k]) for k, values in state.items() if whole for v in values.values()]
    sound = all(torch.isfinite(v).all() and (v.dim() == 0 or v.shape == p.shape) for v, p in pairs)
    return whole and alike and sound


def _restore_move(move: Move, name: str, rest: Any, tensors: Mapping[str, Tensor], where: Path) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for path, tensor in tensors.items():
        owner, _, place = path.partition("/")
        k, _, key = place.partition("/")
        if owner == name and k.isdigit():
            state.setdefault(int(k), {})[key] = tensor
    if not _fits(state, move.parameters):
        raise RunError(f"{where} does not fit the optimizer of {name}; use another checkpoint")
    for k, values in state.items():
        like = move.parameters[k]
        state[k] = {n: match_layout(v, like) if v.shape == like.shape else v for n, v in values.items()}
    groups = move.optimizer.state_dict()["param_groups"]
    move.optimizer.load_state_dict({"state": state, "param_groups": groups})
    move.skipped, move.skipped_in_a_row = rest["skipped"], rest["in_a_row"]


def _state(about: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """state.json, with the hash of every file and of itself."""
    hashes = {name: _sha256(content) for name, content in files.items()}
    body = version.add_version({**about, "files": hashes})
    text = json.dumps(body, sort_keys=True)
    return json.dumps(body | {"sha256": _sha256(text.encode())}, sort_keys=True, indent=1).encode()


def _read_sealed(path: Path) -> Any:
    try:
        body = json.loads(_bytes(path))
        digest = body.pop("sha256")
        version.remove_version(body, path)
        _ = body["step"], body["seconds"], body["files"].items(), body["optimizers"].items()
    except (ValueError, KeyError, AttributeError, TypeError):
        raise RunError(f"{path} is damaged: it is not the JSON written; use another") from None
    if _sha256(json.dumps(body, sort_keys=True).encode()) != digest:
        raise RunError(f"{path} is damaged: its sha256 is not the one written; use another")
    return body


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RunError(f"{path} cannot be read ({error.strerror}); use another checkpoint") from None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
