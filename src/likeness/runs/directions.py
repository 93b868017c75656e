"""Directions in the space of a run's codes: attributes, and principal components.

FILE.npz    names, plain (a, d), apart (a, d), components (k, d), all of one run
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.data.batches import in_order
from likeness.editing import difference, effects, principal
from likeness.errors import UserError
from likeness.registry import near
from likeness.runs.codes import prepared
from likeness.runs.model import CHUNK, Model
from likeness.runs.output import written
from likeness.shapes import UNLABELLED, Codes

COMPONENTS = 16


@dataclass(frozen=True)
class Directions:
    """Directions of codes, one for each name."""

    names: tuple[str, ...]
    plain: Float[Tensor, "a d"]
    """Mean code with the attribute less mean code without."""
    apart: Float[Tensor, "a d"]
    """The same with all other attributes held; plain ones where they cannot be told apart."""
    components: Float[Tensor, "k d"]
    """Principal components, each a standard deviation long."""

    def move(self, said: Mapping[str, float], decorrelated: bool = False) -> Float[Tensor, " d"]:
        """The sum of directions by name, each so many times. UserError lists near names."""
        rows = self.apart if decorrelated else self.plain
        for name in said:
            if name not in self.names:
                raise UserError(f"there is no direction {name!r}; {near(name, list(self.names))}")
        steps = [times * rows[self.names.index(name)] for name, times in said.items()]
        return torch.stack(steps).sum(0)

    def swing(self, component: int, reach: float) -> Float[Tensor, " d"]:
        """A principal component, `reach` standard deviations long. UserError if there is none such."""
        if not 0 <= component < len(self.components):
            raise UserError(f"there is no component {component}; choose 0 to {len(self.components) - 1}")
        return reach * self.components[component]

    def write(self, out: Path) -> Path:
        """Write an .npz file. UserError if its name does not end so."""
        if out.suffix != ".npz":
            raise UserError(f"{out} does not end in .npz; choose another --out")
        buffer = io.BytesIO()
        arrays = {key: getattr(self, key).numpy() for key in ("plain", "apart", "components")}
        np.savez(buffer, names=np.array(self.names, dtype=str), **arrays)  # type: ignore[arg-type]
        return written(out, buffer.getvalue())


def read(path: Path, size: int) -> Directions:
    """Directions of codes of `size` dimensions. UserError if the file holds none."""
    try:
        found = np.load(path, allow_pickle=False)
        names = tuple(map(str, found["names"]))
        arrays = [torch.from_numpy(found[key]).float() for key in ("plain", "apart", "components")]
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
        raise UserError(f"{path} holds no directions; make them with `likeness directions`") from None
    rows = (len(names), len(names), len(arrays[2]))
    if any(a.shape != (n, size) or not a.isfinite().all() for a, n in zip(arrays, rows)):
        raise UserError(f"{path} holds no directions of {size} dimensions; make them from this run")
    return Directions(names, *arrays)


def of_data(model: Model, data: str) -> Directions:
    """Directions of the attributes of a data set, or of its classes where it has none, from its
    training images. Raises UserError if it has neither."""
    dataset = prepared(model, data)
    batches = list(in_order(dataset.train, model.scaling, CHUNK))
    codes = torch.cat([model.encode(batch.x, batch.labels) for batch in batches])
    labels = torch.cat([batch.labels for batch in batches])
    if dataset.attribute_names:
        names = tuple(dataset.attribute_names)
        attributes = torch.cat([b.attributes for b in batches if b.attributes is not None])
    else:
        classes = sorted(set(labels.tolist()) - {UNLABELLED})
        names = tuple(dataset.label_names[k] if dataset.label_names else str(k) for k in classes)
        attributes = labels[:, None] == torch.tensor(classes, dtype=torch.int64)
    return _directions(names, codes, attributes.float())


def of_folders(model: Model, having: str, lacking: str, name: str) -> Directions:
    """One direction, from images that have an attribute and images that lack it."""
    sets = [_codes(model, folder) for folder in (having, lacking)]
    has = torch.cat([torch.ones(len(sets[0])), torch.zeros(len(sets[1]))])
    return _directions((name,), torch.cat(sets), has[:, None])


def _codes(model: Model, folder: str) -> Codes:
    files = sorted(p for p in Path(folder).iterdir() if p.is_file()) if Path(folder).is_dir() else []
    if not files:
        raise UserError(f"{folder} is no folder with images; give one with examples")
    return model.encode(model.images(files))


def _directions(names: tuple[str, ...], codes: Codes, attributes: Float[Tensor, "n a"]) -> Directions:
    kept = [k for k in range(len(names)) if 0 < attributes[:, k].mean() < 1]
    if not kept:
        raise UserError("no attribute or class tells some images from others; give data that have one")
    had = attributes[:, kept]
    plain = torch.stack([difference(codes, column > 0.5) for column in had.T])
    try:
        apart = effects(codes, had)
    except UserError:  # classes: every image has exactly one
        apart = plain
    return Directions(tuple(names[k] for k in kept), plain, apart, principal(codes, COMPONENTS).directions)
