"""The parts of a perceptual metric, which can be stored in a folder of their own, without the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from pydantic import TypeAdapter, ValidationError
from torch import Tensor

from likeness import config, registry
from likeness.data.conditions import UNCONDITIONED, Conditions
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.files import bundle
from likeness.nets import Discriminator, Family, add_condition
from likeness.settings import Pairs
from likeness.shapes import Shape

NAME = "metric"


@dataclass(frozen=True)
class Parts:
    """The parts of a perceptual metric."""

    net: Family
    """Network family of the discriminator."""
    Dis: Discriminator
    """The discriminator."""
    layers: dict[str, float]
    """Weights of layers, by name; if empty, the default layer of the discriminator."""
    shape: Shape
    """Shape of the images."""
    scaling: Scaling
    """Scaling of stored images to [-1, 1]."""
    data: DataSettings
    """Settings by which image files are read."""
    unit: bool = True
    """Whether features are scaled to unit length."""
    conditions: Conditions = UNCONDITIONED
    """Conditions that the discriminator takes."""
    condition: Float[Tensor, "1 a"] | None = None
    """The condition under which images are compared; None if the discriminator takes none."""


def layer_weights(layers: Mapping[str, float] | str) -> dict[str, float]:
    """Weights of layers by name, from a mapping or from text such as `"conv2:0.5,conv3"`. Raises UserError
    for anything else."""
    try:
        return TypeAdapter(Pairs).validate_python(layers)
    except ValidationError:
        raise UserError(f"layers are {layers!r}; write names with weights, conv2:0.5,conv3") from None


def is_metric(folder: Path) -> bool:
    """Whether a folder holds a stored metric."""
    return bundle.is_there(folder, NAME)


def write_parts(parts: Parts, folder: str | Path) -> Path:
    """Write a metric to a folder, in float32, and return its path. Raises UserError if the folder exists,
    RunError if the disk is full."""
    folder = Path(folder)
    if not folder.name or folder.exists():
        raise UserError(f"{folder} is there already, or is no name; choose another folder")
    state = parts.Dis.state_dict()
    weights = {name: v.float() if v.is_floating_point() else v for name, v in state.items()}
    bundle.write(folder, NAME, _document(parts), weights)
    return folder


def _document(parts: Parts) -> dict[str, Any]:
    net = registry.name_of(type(parts.net))
    return {
        "net": {"name": net} | TypeAdapter(type(parts.net)).dump_python(parts.net, mode="json"),
        "layers": parts.layers,
        "unit": parts.unit,
        "conditions": parts.conditions.document(),
        "condition": None if parts.condition is None else parts.condition[0].tolist(),
        "shape": list(parts.shape),
        "scaling": parts.scaling.document(),
        "data": TypeAdapter(DataSettings).dump_python(parts.data, mode="json"),
    }


def read_parts(folder: Path) -> Parts:
    """The parts of a stored metric. Raises RunError if they cannot be read."""
    return bundle.read(folder, NAME, _build, "save it again")


def _build(document: dict[str, Any], weights: bundle.Weights) -> Parts:
    settings, shape = dict(document["net"]), Shape(*map(int, document["shape"]))
    net = config.check(config.net_class(str(settings.pop("name"))), settings, "net")
    conditions, row = Conditions.from_document(document["conditions"]), document["condition"]
    if len(row or ()) != conditions.width:
        raise ValueError(f"the condition has {len(row or ())} numbers, not {conditions.width}")
    Dis = net.discriminator(shape)
    if conditions.width:
        add_condition(Dis, conditions.width)
    return Parts(
        net=net,
        Dis=bundle.load_weights(Dis, weights),
        layers={str(name): float(weight) for name, weight in document["layers"].items()},
        shape=shape,
        scaling=Scaling.from_document(document["scaling"]),
        data=config.check(DataSettings, document["data"], "data"),
        unit=bool(document["unit"]),
        conditions=conditions,
        condition=None if row is None else torch.tensor([[float(v) for v in row]]),
    )
