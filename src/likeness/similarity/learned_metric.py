"""The learned metric of a run, which can be kept alone in a folder, without the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from pydantic import TypeAdapter, ValidationError
from torch import Tensor

from likeness import config, registry
from likeness.batching import in_batches
from likeness.data.conditions import UNCONDITIONED, Conditions
from likeness.data.reading.given import images_of
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.files import bundle
from likeness.nets import Discriminator, Family, add_condition
from likeness.settings import Pairs
from likeness.shapes import Images, PerSample, Shape
from likeness.similarity.metric import Similarity

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


class LearnedMetric(Similarity):
    """A run's measure of likeness, with the rules by which images are read."""

    def __init__(self, parts: Parts) -> None:
        layers = parts.layers or {parts.Dis.default_layer: 1.0}
        super().__init__(parts.Dis, layers, parts.shape, parts.unit, parts.condition)
        self.parts = parts

    def images(self, paths: "list[str | Path]") -> Images:
        """Image files as the metric takes them. UserError if one has another size or channels."""
        return images_of(paths, self.parts.scaling, self.shape, self.parts.data)

    def scaled(self, arrays: Any) -> Images:
        """Images (n, h, w, c) in the data's own type and range, as the metric takes them."""
        if arrays.dtype.name != self.parts.scaling.dtype:
            raise UserError(
                f"images are {arrays.dtype}, the metric was trained on {self.parts.scaling.dtype}; "
                "convert them"
            )
        return self.parts.scaling.to_unit(arrays)

    @torch.no_grad()
    def measured(self, a: Images, b: Images) -> PerSample:
        """The distance of each pair of many images, some at a time."""
        return in_batches(self, a, b)

    def save(self, folder: str | Path) -> Path:
        """Write the metric alone. Raises UserError if something is there, RunError if there is no room."""
        folder = Path(folder)
        if not folder.name or folder.exists():
            raise UserError(f"{folder} is there already, or is no name; choose another folder")
        bundle.write(folder, NAME, _document(self.parts, self.weights), self.parts.Dis.state_dict())
        return folder


def layer_weights(said: Mapping[str, float] | str) -> dict[str, float]:
    """Layers with weights. UserError if they are neither that nor `"conv2:0.5,conv3"`."""
    try:
        return TypeAdapter(Pairs).validate_python(said)
    except ValidationError:
        raise UserError(f"layers are {said!r}; write names with weights, conv2:0.5,conv3") from None


def _document(parts: Parts, layers: Mapping[str, float]) -> dict[str, Any]:
    net = registry.name_of(type(parts.net))
    return {
        "net": {"name": net} | TypeAdapter(type(parts.net)).dump_python(parts.net, mode="json"),
        "layers": dict(layers),
        "unit": parts.unit,
        "conditions": parts.conditions.document(),
        "condition": None if parts.condition is None else parts.condition[0].tolist(),
        "shape": list(parts.shape),
        "scaling": parts.scaling.document(),
        "data": TypeAdapter(DataSettings).dump_python(parts.data, mode="json"),
    }


def is_metric(folder: Path) -> bool:
    """Whether a folder holds a metric kept alone."""
    return bundle.is_there(folder, NAME)


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
