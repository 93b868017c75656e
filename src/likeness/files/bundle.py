"""A network kept alone in a folder:

FOLDER/NAME.json          what it is; nothing that is run
FOLDER/NAME.safetensors   its weights
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load as weights_of
from safetensors.torch import save as bytes_of
from torch import Tensor, nn

from likeness.errors import RunError, error_summary
from likeness.files import atomic, version

T = TypeVar("T")
N = TypeVar("N", bound=nn.Module)
Weights = dict[str, Tensor]


def is_there(folder: Path, name: str) -> bool:
    """Whether a folder holds one of that name."""
    return (folder / f"{name}.json").is_file()


def write(folder: Path, name: str, about: Mapping[str, Any], weights: Mapping[str, Tensor]) -> None:
    """Write a new folder, whole or not at all. Raises RunError if there is no room."""
    tensors = {key: tensor.contiguous() for key, tensor in weights.items()}
    document = json.dumps(version.add_version(about), indent=1).encode()
    atomic.write_folder(folder, {f"{name}.json": document, f"{name}.safetensors": bytes_of(tensors)})


def read(folder: Path, name: str, made: Callable[[dict[str, Any], Weights], T], remedy: str) -> T:
    """What is `made` of what `write` wrote. Raises RunError, with the remedy, if it cannot be."""
    file = folder / f"{name}.json"
    try:
        about = version.remove_version(dict(json.loads(file.read_text())), file)
        return made(about, weights_of((folder / f"{name}.safetensors").read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        reason = error_summary(error, 120, with_type=True)
        raise RunError(f"{folder} holds no {name} that can be read ({reason}); {remedy}") from None


def load_weights(net: N, weights: Weights) -> N:
    """The network with these weights, for use alone. Raises ValueError if they do not fit."""
    if wrong := mismatch(net.state_dict(), weights):
        raise ValueError(wrong)
    net.load_state_dict(weights)
    return net.eval().requires_grad_(False)


def mismatch(expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> str | None:
    """The first way in which weights do not fit, or None."""
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            return f"{name} is missing"
        if name not in expected:
            return f"{name} is not known"
        a, b = expected[name], found[name]
        if (a.shape, a.dtype) != (b.shape, b.dtype):
            return f"{name} is {tuple(b.shape)} {b.dtype}, not {tuple(a.shape)} {a.dtype}"
        if b.is_floating_point() and not torch.isfinite(b).all():
            return f"{name} holds values that are not finite"
    return None
