"""What a learned metric is made of, which can be kept alone in a folder, without the run."""

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
    """What a metric is made of."""

    net: Family
    Dis: Discriminator
    layers: dict[str, float]
    shape: Shape
    scaling: Scaling
    data: DataSettings
    unit: bool = True
    conditions: Conditions = UNCONDITIONED
    """What the discriminator is conditioned on."""
    condition: Float[Tensor, "1 a"] | None = None
    """The one that images are compared under, where it has conditions."""


def layer_weights(said: Mapping[str, float] | str) -> dict[str, float]:
    """Layers with weights. UserError if they are neither that nor `"conv2:0.5,conv3"`."""
    try:
        return TypeAdapter(Pairs).validate_python(said)
    except ValidationError:
        raise UserError(f"layers are {said!r}; write names with weights, conv2:0.5,conv3") from None


def is_metric(folder: Path) -> bool:
    """Whether a folder holds a metric kept alone."""
    return bundle.is_there(folder, NAME)


def write_parts(parts: Parts, folder: str | Path) -> Path:
    """Write a metric alone, in float32. Raises UserError if something is there, RunError if there is no
    room."""
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
    """The parts of a metric kept alone. Raises RunError if they cannot be read."""
    return bundle.read(folder, NAME, _parts, "save it again")


def _parts(said: dict[str, Any], weights: bundle.Weights) -> Parts:
    settings, shape = dict(said["net"]), Shape(*map(int, said["shape"]))
    net = config.check(config.net_class(str(settings.pop("name"))), settings, "net")
    conditions, row = Conditions.from_document(said["conditions"]), said["condition"]
    if len(row or ()) != conditions.width:
        raise ValueError(f"the condition has {len(row or ())} numbers, not {conditions.width}")
    Dis = net.discriminator(shape)
    if conditions.width:
        add_condition(Dis, conditions.width)
    return Parts(
        net=net,
        Dis=bundle.fitted(Dis, weights),
        layers={str(name): float(weight) for name, weight in said["layers"].items()},
        shape=shape,
        scaling=Scaling.from_document(said["scaling"]),
        data=config.check(DataSettings, said["data"], "data"),
        unit=bool(said["unit"]),
        conditions=conditions,
        condition=None if row is None else torch.tensor([[float(v) for v in row]]),
    )
