"""A sample of a data set with its codes, their projection to a plane, and nearest neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.analysis.editing import lattice, principal_components
from likeness.data.batches import to_stored_tensor
from likeness.data.choosing import thin
from likeness.data.dataset import Split
from likeness.errors import UserError
from likeness.models.autoencoder import Autoencoder
from likeness.models.codes import encode_split, load_prepared
from likeness.objectives import missing_part_error
from likeness.shapes import Codes, Images, Labels

MAX_IMAGES = 2000
"""Images in a sample of the data: half of them from training, as far as there are enough of the others."""
PlaneKind = Literal["codes", "pca", "umap"]


@dataclass(frozen=True)
class EmbeddedSample:
    """A sample of images, as stored, with their codes and labels."""

    stored: np.ndarray
    """(n, h, w, c) in the data's own type."""
    names: Sequence[str]
    splits: Sequence[str]
    labels: Labels
    label_names: tuple[str, ...]
    method: str
    """That made the codes."""
    codes: Codes | None
    """None where the method has no encoder."""
    conditions: np.ndarray | None = None
    """(n, w) conditions as the model takes them, where it has any."""

    def images(self, model: Autoencoder, rows: slice | Sequence[int] = slice(None)) -> Images:
        """Some of the images, in [-1, 1]. Raises UserError for an index that does not exist."""
        wanted = rows if isinstance(rows, slice) else list(rows)
        if not isinstance(wanted, slice) and not all(0 <= row < len(self.stored) for row in wanted):
            raise UserError(f"there is no such image; there are {len(self.stored)}, from 0")
        return model.scaling.tensor_to_unit(to_stored_tensor(self.stored[wanted], torch.device("cpu")))

    def require_codes(self) -> Codes:
        """The codes. Raises UserError if the model has no encoder."""
        if self.codes is None:
            raise missing_part_error(self.method, "encoder")
        return self.codes


def embed_sample(model: Autoencoder, most: int = MAX_IMAGES, data: str | None = None) -> EmbeddedSample:
    """A sample of a run's own data, or of others, with codes. Raises UserError if the data cannot be
    found."""
    dataset = load_prepared(model, data or model.data.place)
    encodes = model.encodes
    held = [s for s in (dataset.validation, dataset.test) if len(s)]
    others = sum(map(len, held))
    of_train = max(most - others, most // 2)
    share = (most - min(of_train, len(dataset.train))) / max(others, 1)
    parts = [_thin(s, int(min(share, 1) * len(s))) for s in held] + [_thin(dataset.train, of_train)]
    return EmbeddedSample(
        np.concatenate([part.images for part in parts]),
        [name for part in parts for name in part.names],
        [part.name for part in parts for _ in part.names],
        torch.from_numpy(np.concatenate([part.labels for part in parts])),
        tuple(dataset.label_names),
        model.method,
        torch.cat([encode_split(model, part) for part in parts]) if encodes else None,
        np.concatenate([part.condition for part in parts if part.condition is not None])
        if model.conditions.items
        else None,
    )


def _thin(split: Split, most: int) -> Split:
    kept = thin(split, most)
    return replace(kept, images=np.array(kept.images))


class Plane(NamedTuple):
    """Codes projected to points of a plane, and the way back."""

    points: Float[Tensor, "n 2"]
    axes: Float[Tensor, "3 d"] | None
    """The code at the origin, and what one step to the right and one upwards add; None where codes of
    other points are not known."""
    share: float | None
    """Of the variance of codes, how much the plane shows."""


def plane_of_codes(codes: Codes, by: PlaneKind, seed: int = 0) -> Plane:
    """Codes of two dimensions as they are, of more by principal components or by UMAP (McInnes et al.
    2018). UserError where UMAP is asked for and not installed, or codes cannot be seen so."""
    if by == "codes":
        if codes.shape[1] != 2:
            raise UserError(f"codes have {codes.shape[1]} dimensions; see them by their components")
        return Plane(codes, torch.cat([torch.zeros(1, 2), torch.eye(2)]), 1.0)
    if by == "umap":
        return Plane(_umap(codes, seed), None, None)
    found = principal_components(codes, 2)
    if len(found.directions) < 2:
        raise UserError(f"{len(codes)} codes of {codes.shape[1]} dimensions span no plane; show others")
    units = found.directions / found.directions.norm(dim=1, keepdim=True).clamp_min(1e-12)
    points = (codes - found.mean) @ units.T
    share = float(points.var(0).sum() / codes.var(0).sum())
    return Plane(points, torch.cat([found.mean[None], units]), share)


def _umap(codes: Codes, seed: int) -> Float[Tensor, "n 2"]:
    try:
        from umap import UMAP  # type: ignore[import-not-found]
    except ImportError:
        raise UserError("UMAP is not installed; pip install umap-learn, or see components") from None
    return torch.from_numpy(np.asarray(UMAP(random_state=seed).fit_transform(codes.numpy()), np.float32))


class Box(NamedTuple):
    """A part of a plane."""

    left: float
    bottom: float
    right: float
    top: float


def codes_in_box(codes: Codes, shown: Plane, box: Box, side: int) -> Float[Tensor, "_ d"]:
    """Codes of a part of a plane, row by row from its top left: `side` x `side`, evenly spaced, or those
    of some points in it where codes between points are not known. UserError if there are none."""
    if shown.axes is not None:
        origin, right, up = shown.axes
        across = torch.linspace(box.left, box.right, side)[:, None] * right
        down = torch.linspace(box.top, box.bottom, side)[:, None] * up
        return lattice(origin, across, down)
    low, high = torch.tensor(box[:2]), torch.tensor(box[2:])
    inside = ((shown.points >= low) & (shown.points <= high)).all(1).nonzero().flatten()
    if not len(inside):
        raise UserError("no point is in this region; draw a larger one")
    return codes[inside[: side * side]]
