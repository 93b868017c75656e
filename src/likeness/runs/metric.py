"""The learned metric of a run, and the folder in which it is kept alone:

FOLDER/metric.json          networks, layers, the images' shape and range; nothing that is run
FOLDER/metric.safetensors   the discriminator's weights
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load as weights_of
from safetensors.torch import save as bytes_of

from likeness import config
from likeness.data.given import load_images
from likeness.data.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import RunError, UserError
from likeness.nets._family import Family
from likeness.objectives._features import FeatureCoding
from likeness.runs import checkpoints, files, model
from likeness.settings import Pairs
from likeness.shapes import Images, ImageShape, PerSample
from likeness.similarity import Similarity

DOCUMENT, WEIGHTS = "metric.json", "metric.safetensors"
CHUNK = 256


@dataclass(frozen=True)
class Kept:
    """What a metric is made of."""

    net: Family
    weights: dict[str, torch.Tensor]
    layers: dict[str, float]
    shape: ImageShape
    scaling: Scaling
    data: DataSettings
    unit: bool = True


class LearnedMetric(Similarity):
    """A run's measure of likeness, with the rules by which images are read."""

    def __init__(self, kept: Kept) -> None:
        Dis = kept.net.discriminator(kept.shape)
        wrong = checkpoints.mismatch(Dis.state_dict(), kept.weights)
        if wrong:
            raise RunError(f"these weights do not fit their networks: {wrong}; save the metric again")
        Dis.load_state_dict(kept.weights)
        super().__init__(Dis, kept.layers or {Dis.default_layer: 1.0}, kept.shape, kept.unit)
        self.kept = kept

    def images(self, paths: "list[str | Path]") -> Images:
        """Image files as the metric takes them. UserError if one has another size or channels."""
        return load_images(paths, self.kept.scaling, self.shape, self.kept.data)

    def scaled(self, arrays: Any) -> Images:
        """Images (n, h, w, c) in the data's own type and range, as the metric takes them."""
        if arrays.dtype.name != self.kept.scaling.dtype:
            raise UserError(
                f"images are {arrays.dtype}, the metric was trained on {self.kept.scaling.dtype}; "
                "convert them"
            )
        return self.kept.scaling.to_unit(arrays)

    @torch.no_grad()
    def measured(self, a: Images, b: Images) -> PerSample:
        """The distance of each pair of many images, some at a time."""
        return torch.cat([self(x, y) for x, y in zip(a.split(CHUNK), b.split(CHUNK))])

    def save(self, folder: str | Path) -> Path:
        """Write the metric alone. Raises UserError if something is there, RunError if there is no room."""
        folder = Path(folder)
        if not folder.name or folder.exists():
            raise UserError(f"{folder} is there already, or is no name; choose another folder")
        document = json.dumps(_document(self.kept, self.weights), indent=1)
        files.write_folder(folder, {DOCUMENT: document.encode(), WEIGHTS: bytes_of(self.kept.weights)})
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
    alone = (path / DOCUMENT).is_file()
    if alone and average is not None:
        raise UserError(
            f"{path} is a metric kept alone, as it was saved; name the run to choose its weights"
        )
    kept = _kept(path) if alone else _of_run(path, average)
    changes: dict[str, Any] = {} if layers is None else {"layers": _layers(layers)}
    changes |= {} if unit is None else {"unit": unit}
    return LearnedMetric(Kept(**{**vars(kept), **changes}))


def _layers(said: Mapping[str, float] | str) -> dict[str, float]:
    """Layers with weights. UserError if they are neither that nor `"conv2:0.5,conv3"`."""
    try:
        return TypeAdapter(Pairs).validate_python(said)
    except ValidationError:
        raise UserError(f"layers are {said!r}; write names with weights, conv2:0.5,conv3") from None


def _of_run(path: Path, average: bool | None) -> Kept:
    lender = model.load(path, average)
    if "discriminator" not in lender.nets:
        raise UserError(f"{path} has no discriminator; train a method that has one, such as vae_gan")
    lender.refuse_given("is a measure of likeness")
    Dis, objective = lender.nets["discriminator"], lender.objective
    layers = objective.chosen(Dis) if isinstance(objective, FeatureCoding) else {Dis.default_layer: 1.0}
    weights = {name: tensor.clone().contiguous() for name, tensor in Dis.state_dict().items()}
    return Kept(lender.config.net, weights, layers, lender.shape, lender.scaling, lender.config.data)


def _document(kept: Kept, layers: Mapping[str, float]) -> dict[str, Any]:
    net = type(kept.net).__module__.rpartition(".")[2]
    return {
        "net": {"name": net} | TypeAdapter(type(kept.net)).dump_python(kept.net, mode="json"),
        "layers": dict(layers),
        "unit": kept.unit,
        "shape": list(kept.shape),
        "scaling": kept.scaling.document(),
        "data": TypeAdapter(DataSettings).dump_python(kept.data, mode="json"),
    }


def _kept(folder: Path) -> Kept:
    """What `save` wrote. Raises RunError if it cannot be read."""
    try:
        said = json.loads((folder / DOCUMENT).read_text())
        weights = weights_of((folder / WEIGHTS).read_bytes())
        net = dict(said["net"])
        return Kept(
            net=config.check(config.net_class(str(net.pop("name"))), net, "net"),
            weights=weights,
            layers={str(name): float(weight) for name, weight in said["layers"].items()},
            shape=ImageShape(*map(int, said["shape"])),
            scaling=Scaling.from_document(said["scaling"]),
            data=config.check(DataSettings, said["data"], "data"),
            unit=bool(said["unit"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise RunError(f"{folder} holds no metric that can be read ({reason}); save it again") from None
