"""The taught metric: a frozen distance of images that is a sum of terms, fitted without labels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from pydantic import TypeAdapter
from torch import Tensor, nn

from likeness import config, registry
from likeness.batch import FILL
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.files import bundle
from likeness.nets import Family, add_condition, layers_of
from likeness.shapes import Images, PerSample, Shape
from likeness.similarity.image_metric import (
    ImageMetric,
    Reduction,
    UncheckedImages,
    check_pairs,
    convert_result,
)
from likeness.similarity.teaching import Trunk, shrink, shrunk_shape
from likeness.similarity.terms import Term

NAME = "taught"


@dataclass(frozen=True)
class TaughtParts:
    """The parts of a taught metric."""

    net: Family
    """Network family of the discriminator that was taught."""
    trunk: Trunk
    """The network that was taught."""
    terms: Sequence[Term]
    """Terms whose squared distances are added."""
    shape: Shape
    """Shape of the images."""
    shrink: int
    """Number of pixels of each side that are averaged to one before the network sees images."""
    scaling: Scaling
    """Scaling of stored images to [-1, 1]."""
    data: DataSettings
    """Settings by which image files are read."""
    about: dict[str, Any] = field(default_factory=dict)
    """How it was made, for people: steps, seed, views, what was assumed of the data."""


class TaughtMetric(ImageMetric):
    """A distance of two images: the squared Euclidean distance of embeddings, a sum over terms.

    Terms compare features of a network that was taught which changes do not matter, and pixels, structure
    or mean levels of the images. Raises UserError for an unknown reduction.
    """

    def __init__(self, parts: TaughtParts, reduction: Reduction = "none") -> None:
        super().__init__(parts.shape, parts.scaling, parts.data, reduction)
        self.parts = parts
        self.trunk, self.terms = parts.trunk, nn.ModuleList(parts.terms)
        self.trunk.to(memory_format=layers_of(parts.shape).memory_format)  # type: ignore[call-overload]
        self.eval().requires_grad_(False)

    @property
    def net(self) -> Family:
        """The network family of the discriminator that it was learned with."""
        return self.parts.net

    def map(self, a: UncheckedImages, b: UncheckedImages) -> Float[Tensor, "_ ..."]:
        """The distance, distributed over places as features of the last layer with places differ, or as
        pixels do if there is none. Raises UserError as `forward` does."""
        check_pairs(a, b)
        of_a, of_b = (self._last_places(x) for x in (a, b))
        places = (of_a - of_b).square().sum(1, keepdim=True)
        places = F.interpolate(places, self.shape.space, mode=layers_of(self.shape).interpolation)[:, 0]
        share = places / places.flatten(1).mean(1).clamp_min(1e-12)[:, None, None]
        return convert_result(share * self._distances(a, b)[:, None, None], a, b)

    def embed(self, x: Images) -> Float[Tensor, "n k"]:
        """Embeddings (n, k) whose squared Euclidean distances are the distances of the metric. Raises
        UserError as `forward` does."""
        return convert_result(self._embed(x), x)

    def save(self, folder: str | Path) -> Path:
        """Write the metric to a folder and return its path: weights in float32, without reduction, type and
        device. Raises UserError if the folder exists, RunError if the disk is full."""
        return write_taught(self, folder)

    def _distances(
        self, a: UncheckedImages, b: UncheckedImages, valid: Bool[Tensor, "_ 1 ..."] | None = None
    ) -> PerSample:
        check_pairs(a, b)
        if valid is not None:
            a, b = a.where(valid, FILL), b.where(valid, FILL)
        return convert_result((self._embed(a) - self._embed(b)).square().sum(1), a, b)

    def _embed(self, x: UncheckedImages) -> Float[Tensor, "_ k"]:
        x, features = self._features(x)
        return torch.cat([term(x, features) for term in self.terms], 1)

    def _features(self, x: UncheckedImages) -> tuple[Images, dict[str, Tensor]]:
        """Images in the type of the weights, and features of the network."""
        self._check(x)
        x = x.to(next(self.trunk.parameters()))
        return x, self.trunk(shrink(x, self.parts.shrink))

    def _last_places(self, x: UncheckedImages) -> Tensor:
        """Features of unit length at each place of the last layer with places, or pixels."""
        pixels, features = self._features(x)
        placed = [f for f in features.values() if f.dim() == x.dim()]
        return F.normalize(placed[-1].float(), dim=1) if placed else pixels.float()


def is_taught(folder: Path) -> bool:
    """Whether a folder holds a stored taught metric."""
    return bundle.is_there(folder, NAME)


def write_taught(metric: TaughtMetric, folder: str | Path) -> Path:
    """Write a taught metric to a folder and return its path. Raises UserError if the folder exists,
    RunError if the disk is full."""
    folder = Path(folder)
    if not folder.name or folder.exists():
        raise UserError(f"{folder} is there already, or is no name; choose another folder")
    state = metric.state_dict()
    weights = {name: v.float() if v.is_floating_point() else v for name, v in state.items()}
    bundle.write(folder, NAME, _document(metric.parts), weights)
    return folder


def read_taught(folder: Path) -> TaughtParts:
    """The parts of a stored taught metric. Raises RunError if they cannot be read."""
    return bundle.read(folder, NAME, _build, "teach it again")


def _document(parts: TaughtParts) -> dict[str, Any]:
    net = registry.name_of(type(parts.net))
    return {
        "net": {"name": net} | TypeAdapter(type(parts.net)).dump_python(parts.net, mode="json"),
        "terms": [term.document() for term in parts.terms],
        "shape": list(parts.shape),
        "shrink": parts.shrink,
        "scaling": parts.scaling.document(),
        "data": TypeAdapter(DataSettings).dump_python(parts.data, mode="json"),
        "about": parts.about,
    }


def _build(document: dict[str, Any], weights: bundle.Weights) -> TaughtParts:
    settings, shape = dict(document["net"]), Shape(*map(int, document["shape"]))
    net = config.check(config.net_class(str(settings.pop("name"))), settings, "net")
    factor, condition = int(document["shrink"]), weights.get("trunk.condition")
    Dis = net.discriminator(shrunk_shape(shape, factor))
    if condition is not None:
        add_condition(Dis, condition.shape[1])
    trunk = bundle.load_weights(Trunk(Dis, condition), _under("trunk", weights))
    terms = [
        Term.from_document(term, _under(f"terms.{k}", weights)) for k, term in enumerate(document["terms"])
    ]
    return TaughtParts(
        net=net,
        trunk=trunk,
        terms=terms,
        shape=shape,
        shrink=factor,
        scaling=Scaling.from_document(document["scaling"]),
        data=config.check(DataSettings, document["data"], "data"),
        about=dict(document["about"]),
    )


def _under(name: str, weights: bundle.Weights) -> bundle.Weights:
    """The weights of one part, by their names within it."""
    return {key.removeprefix(f"{name}."): v for key, v in weights.items() if key.startswith(f"{name}.")}
