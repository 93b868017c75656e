"""Directions in the space of a run's codes: attributes, and principal components.

FILE.npz    names, plain (a, d), apart (a, d), components (k, d), all of one run
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.analysis.editing import attribute_effects, difference, principal_components
from likeness.data.choosing import thin
from likeness.data.conditions import Conditioning
from likeness.errors import UserError
from likeness.files import archives, version
from likeness.files.output import write_output
from likeness.models.autoencoder import Autoencoder
from likeness.models.codes import encode_split, load_prepared
from likeness.registry import suggestion
from likeness.shapes import UNLABELLED, Codes

COMPONENT_COUNT = 16
ARRAYS = ("plain", "apart", "components")


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
        """The sum of directions by name, each times its number: attributes, `component-K` for a principal
        component, `dimension-K` for a dimension of the codes. Raises UserError, which lists similar names,
        for an unknown one."""
        steps = [times * self._direction(name, decorrelated) for name, times in said.items()]
        return torch.stack([torch.zeros(self.plain.shape[1]), *steps]).sum(0)

    def _direction(self, name: str, decorrelated: bool) -> Float[Tensor, " d"]:
        if name in self.names:
            return (self.apart if decorrelated else self.plain)[self.names.index(name)]
        kind, _, number = name.partition("-")
        rows = {"component": self.components, "dimension": torch.eye(self.plain.shape[1])}.get(kind)
        if rows is not None and number.isdecimal() and int(number) < len(rows):
            return rows[int(number)]
        raise UserError(f"there is no direction {name!r}; {suggestion(name, self.all_names())}")

    def all_names(self) -> list[str]:
        """The names of all directions; attributes come first."""
        components = [f"component-{k}" for k in range(len(self.components))]
        return [*self.names, *components, *(f"dimension-{k}" for k in range(self.plain.shape[1]))]

    def scaled_component(self, component: int, reach: float) -> Float[Tensor, " d"]:
        """A principal component with the length of `reach` standard deviations. Raises UserError if there
        is no such component."""
        if not 0 <= component < len(self.components):
            raise UserError(f"there is no component {component}; choose 0 to {len(self.components) - 1}")
        return reach * self.components[component]

    def write(self, out: Path) -> Path:
        """Write an .npz file. UserError if its name does not end so."""
        if out.suffix != ".npz":
            raise UserError(f"{out} does not end in .npz; choose another --out")
        found = {key: getattr(self, key).numpy() for key in ARRAYS}
        stamp = {version.KEY: np.array(version.VERSION), "names": np.array(self.names, dtype=str)}
        return write_output(out, archives.npz_bytes(stamp | found))


def read(path: Path, size: int) -> Directions:
    """Directions of codes of `size` dimensions. UserError if the file holds none, RunError if it is of
    another version."""
    remedy = "make them with `likeness directions`"
    found = archives.arrays(path, "directions", remedy)
    numeric = found.keys() >= {"names", *ARRAYS} and all(found[key].dtype.kind == "f" for key in ARRAYS)
    if not numeric or found["names"].ndim != 1:
        raise UserError(f"{path} holds no directions but {', '.join(found) or 'one array'}; {remedy}")
    version.remove_version({version.KEY: found.get(version.KEY, np.array(0)).tolist()}, path)
    names = tuple(map(str, found["names"]))
    arrays = [torch.from_numpy(found[key].astype(np.float32)) for key in ARRAYS]
    rows = (len(names), len(names), len(arrays[2]))
    if any(a.shape != (n, size) or not a.isfinite().all() for a, n in zip(arrays, rows)):
        raise UserError(f"{path} holds no directions of {size} dimensions; make them from this run")
    return Directions(names, *arrays)


def empty_directions(size: int) -> Directions:
    """Directions without attributes and components: only the dimensions of the codes have names."""
    return Directions((), *(torch.zeros(0, size) for _ in range(3)))


def directions_of_data(
    model: Autoencoder, data: str, most: int | None = None, named: bool = True
) -> Directions:
    """Directions of the attributes of a data set, or of its classes where it has none, from its
    training images, or from `most` of them, evenly spaced. Raises UserError if it has neither and is to
    have `named` ones."""
    dataset = load_prepared(model, data)
    split = thin(dataset.train, most)
    codes, labels = encode_split(model, split), torch.from_numpy(split.labels)
    if split.attributes is not None:
        names, attributes = tuple(dataset.attribute_names), torch.from_numpy(split.attributes)
    else:
        classes = sorted(set(labels.tolist()) - {UNLABELLED})
        names = tuple(dataset.label_names[k] if dataset.label_names else str(k) for k in classes)
        attributes = labels[:, None] == torch.tensor(classes, dtype=torch.int64)
    return _directions(names, codes, attributes.float(), named)


def directions_of_folders(
    model: Autoencoder, having: str, lacking: str, name: str, condition: Conditioning = None
) -> Directions:
    """The direction from images that lack an attribute to images that have it, encoded under one condition
    where the model takes one."""
    sets = [_codes(model, folder, condition) for folder in (having, lacking)]
    has = torch.cat([torch.ones(len(sets[0])), torch.zeros(len(sets[1]))])
    return _directions((name,), torch.cat(sets), has[:, None])


def _codes(model: Autoencoder, folder: str, condition: Conditioning) -> Codes:
    files = sorted(p for p in Path(folder).iterdir() if p.is_file()) if Path(folder).is_dir() else []
    if not files:
        raise UserError(f"{folder} is no folder with images; give one with examples")
    return model.encode(model.images(files), condition).mean


def _directions(
    names: tuple[str, ...], codes: Codes, attributes: Float[Tensor, "n a"], named: bool = True
) -> Directions:
    components = principal_components(codes, COMPONENT_COUNT).directions
    kept = [k for k in range(len(names)) if 0 < attributes[:, k].mean() < 1]
    if not kept:
        if named:
            raise UserError("no attribute or class tells some images from others; give data that have one")
        return replace(empty_directions(codes.shape[1]), components=components)
    had = attributes[:, kept]
    plain = torch.stack([difference(codes, column > 0.5) for column in had.T])
    try:
        apart = attribute_effects(codes, had)
    except UserError:  # classes: every image has exactly one
        apart = plain
    return Directions(tuple(names[k] for k in kept), plain, apart, components)
