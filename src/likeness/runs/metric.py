"""The learned metric of a run, which can be kept alone in a folder, without the run."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from pydantic import TypeAdapter, ValidationError

from likeness import config
from likeness.data.given import load_images
from likeness.data.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.nets._family import Discriminator, Family
from likeness.objectives._features import FeatureCoding
from likeness.runs import kept, model
from likeness.settings import Pairs
from likeness.shapes import Images, ImageShape, PerSample
from likeness.similarity import Similarity

NAME = "metric"
CHUNK = 256


@dataclass(frozen=True)
class Parts:
    """What a metric is made of."""

    net: Family
    Dis: Discriminator
    layers: dict[str, float]
    shape: ImageShape
    scaling: Scaling
    data: DataSettings
    unit: bool = True


class LearnedMetric(Similarity):
    """A run's measure of likeness, with the rules by which images are read."""

    def __init__(self, parts: Parts) -> None:
        layers = parts.layers or {parts.Dis.default_layer: 1.0}
        super().__init__(parts.Dis, layers, parts.shape, parts.unit)
        self.parts = parts

    def images(self, paths: "list[str | Path]") -> Images:
        """Image files as the metric takes them. UserError if one has another size or channels."""
        return load_images(paths, self.parts.scaling, self.shape, self.parts.data)

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
        return torch.cat([self(x, y) for x, y in zip(a.split(CHUNK), b.split(CHUNK))])

    def save(self, folder: str | Path) -> Path:
        """Write the metric alone. Raises UserError if something is there, RunError if there is no room."""
        folder = Path(folder)
        if not folder.name or folder.exists():
            raise UserError(f"{folder} is there already, or is no name; choose another folder")
        kept.write(folder, NAME, _document(self.parts, self.weights), self.parts.Dis.state_dict())
        return folder


def load(
    path: str | Path,
    layers: Mapping[str, float] | str | None = None,
    unit: bool | None = None,
    average: bool | None = None,
) -> LearnedMetric:
    """The metric of a run, of one of its checkpoints, or kept alone in a folder.

    `layers` are those of the discriminator, by name or index, with weights (`"conv2:0.5,conv3"`), else
    those that the run was trained with. `average` asks for averaged weights, or for those without;
    otherwise they are averaged where the run keeps such. Raises UserError if there is none, or no such
    layer.
    """
    path = Path(path)
    alone = kept.is_there(path, NAME)
    if alone and average is not None:
        raise UserError(
            f"{path} is a metric kept alone, as it was saved; name the run to choose its weights"
        )
    parts = kept.read(path, NAME, _parts, "save it again") if alone else _of_run(path, average)
    changes: dict[str, Any] = {} if layers is None else {"layers": _layers(layers)}
    changes |= {} if unit is None else {"unit": unit}
    return LearnedMetric(replace(parts, **changes))


def _layers(said: Mapping[str, float] | str) -> dict[str, float]:
    """Layers with weights. UserError if they are neither that nor `"conv2:0.5,conv3"`."""
    try:
        return TypeAdapter(Pairs).validate_python(said)
    except ValidationError:
        raise UserError(f"layers are {said!r}; write names with weights, conv2:0.5,conv3") from None


def _of_run(path: Path, average: bool | None) -> Parts:
    lender = model.load(path, average)
    if "discriminator" not in lender.nets:
        raise UserError(f"{path} has no discriminator; train a method that has one, such as vae_gan")
    lender.refuse_given("is a measure of likeness")
    Dis, objective = lender.nets["discriminator"], lender.objective
    layers = objective.chosen(Dis) if isinstance(objective, FeatureCoding) else {}
    net, data = lender.config.net, lender.config.data
    return Parts(net, copy.deepcopy(Dis), layers, lender.shape, lender.scaling, data)


def _document(parts: Parts, layers: Mapping[str, float]) -> dict[str, Any]:
    net = type(parts.net).__module__.rpartition(".")[2]
    return {
        "net": {"name": net} | TypeAdapter(type(parts.net)).dump_python(parts.net, mode="json"),
        "layers": dict(layers),
        "unit": parts.unit,
        "shape": list(parts.shape),
        "scaling": parts.scaling.document(),
        "data": TypeAdapter(DataSettings).dump_python(parts.data, mode="json"),
    }


def _parts(said: dict[str, Any], weights: kept.Weights) -> Parts:
    settings, shape = dict(said["net"]), ImageShape(*map(int, said["shape"]))
    net = config.check(config.net_class(str(settings.pop("name"))), settings, "net")
    return Parts(
        net=net,
        Dis=kept.fitted(net.discriminator(shape), weights),
        layers={str(name): float(weight) for name, weight in said["layers"].items()},
        shape=shape,
        scaling=Scaling.from_document(said["scaling"]),
        data=config.check(DataSettings, said["data"], "data"),
        unit=bool(said["unit"]),
    )
