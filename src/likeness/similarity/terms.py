"""Terms of a taught metric: each embeds images, and adds the squared distances of its embeddings."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from likeness.losses import at_least_float32
from likeness.shapes import Images
from likeness.similarity.sources import SOURCES, Rows, Source

LinearMap = Float[Tensor, "d k"]


class Term(nn.Module):
    """Rows of a source, centred, mapped linearly, and scaled to unit length if `cosine`; the squared
    distance of unit rows is 2 - 2 cos."""

    def __init__(
        self,
        source: Source,
        mean: Float[Tensor, " d"],
        matrix: LinearMap | None,
        scale: Float[Tensor, ""],
        cosine: bool = True,
    ) -> None:
        super().__init__()
        self.source, self.cosine = source, cosine
        self.mean: Tensor
        self.matrix: Tensor | None
        self.scale: Tensor
        self.register_buffer("mean", mean)
        self.register_buffer("matrix", matrix)
        self.register_buffer("scale", scale)

    def forward(self, x: Images, features: dict[str, Tensor]) -> Rows:
        """Embeddings (n, k) of images, from them and from features of the taught network."""
        rows = at_least_float32(self.source.read(x, features)) - at_least_float32(self.mean)
        if self.matrix is not None:
            rows = rows @ at_least_float32(self.matrix).to(rows)
        return (F.normalize(rows, dim=1) if self.cosine else rows) * self.scale.to(rows)

    def document(self) -> dict[str, Any]:
        """What is not a tensor, as JSON."""
        name = next(name for name, kind in SOURCES.items() if type(self.source) is kind)
        return {"source": name, "cosine": self.cosine} | asdict(self.source)

    @classmethod
    def from_document(cls, document: dict[str, Any], tensors: dict[str, Tensor]) -> "Term":
        """The term of a document and its tensors. Raises KeyError or TypeError if they do not fit."""
        values = dict(document)
        kind, cosine = SOURCES[values.pop("source")], bool(values.pop("cosine"))
        if "layers" in values:
            values["layers"] = tuple(values["layers"])
        source = kind(**values)
        return cls(source, tensors["mean"], tensors.get("matrix"), tensors["scale"], cosine)


def fit_term(
    source: Source,
    rows: Rows,
    weight: float,
    fit_map: Callable[[Rows], LinearMap] | None = None,
    cosine: bool = True,
) -> Term:
    """A term fitted on rows of training images, whose distances between different images have the standard
    deviation `weight`."""
    term = Term(source, rows.mean(0), fit_map(rows) if fit_map else None, torch.tensor(1.0), cosine)
    embedded = rows - term.mean
    embedded = embedded @ term.matrix if term.matrix is not None else embedded
    embedded = F.normalize(embedded, dim=1) if cosine else embedded
    term.scale = (weight / _deviation_of_distances(embedded)).sqrt()
    return term


def _deviation_of_distances(rows: Rows) -> Float[Tensor, ""]:
    """Standard deviation of squared distances of different rows."""
    rows = rows[:600]
    distances = torch.cdist(rows, rows).square()
    different = ~torch.eye(len(rows), dtype=torch.bool)
    return distances[different].std().clamp_min(1e-12)
