"""The effect of moving codes along an attribute's direction on that attribute, and its leakage, the effect
on the others, as a regressor predicts them."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from likeness.analysis.directions import Directions
from likeness.data.batches import whole
from likeness.data.dataset import Dataset
from likeness.errors import UserError
from likeness.files.output import write_output
from likeness.models.autoencoder import Autoencoder
from likeness.predictors.predictor import Predictions
from likeness.predictors.regressor import Regressor
from likeness.shapes import Codes, Images

MAX_IMAGES = 500
"""Images that each direction is tried on."""
MIN_DISTANCE = 0.1
"""Attributes are left out whose images the regressor tells apart by less, on its scale from -1 to 1."""
Effects = Float[Tensor, "a a"]
"""How far each direction (row) moves each attribute (column): 1 is as far as images with and without it
are apart."""


@dataclass(frozen=True)
class Leakage:
    """Effects by kind: of `plain` directions, of those kept `apart`, and in the `data` themselves, where
    images with an attribute have others more often or less."""

    names: tuple[str, ...]
    effects: dict[str, Effects]

    def leaks(self, kind: str) -> Float[Tensor, " a"]:
        """For each direction, the mean absolute effect on the other attributes."""
        return self._others(kind).abs().sum(1) / (len(self.names) - 1)

    def means(self, kind: str) -> tuple[float, float]:
        """Effect and leakage, averaged over directions."""
        return float(self.effects[kind].diagonal().mean()), float(self.leaks(kind).mean())

    def most(self, kind: str) -> list[tuple[str, float]]:
        """For each direction, the other attribute that it changes most, and by how much."""
        others = self._others(kind)
        columns = others.abs().argmax(1).tolist()
        return [(self.names[k], float(row[k])) for row, k in zip(others, columns)]

    def _others(self, kind: str) -> Effects:
        return self.effects[kind] * (1 - torch.eye(len(self.names)))

    def write(self, out: Path) -> Path:
        """Write a CSV file with a row for each effect."""
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(["direction", "kind", "attribute", "effect"])
        for kind, effects in self.effects.items():
            for name, row in zip(self.names, effects.tolist()):
                rows.writerows([name, kind, other, f"{v:.6g}"] for other, v in zip(self.names, row))
        return write_output(out, text.getvalue().encode())


def measure_leakage(
    model: Autoencoder, found: Directions, regressor: Regressor, dataset: Dataset
) -> Leakage:
    """Effects and leakage on test images. Raises UserError if there are none, or fewer than two attributes
    to predict."""
    if not len(dataset.test):
        raise UserError("there are no test images, on which leakage is measured; raise --test")
    seen = whole(dataset.test, model.scaling)
    assert seen.attributes is not None
    real, has = regressor.predict(seen.x), seen.attributes > 0.5
    distance = effects_in_data(real, has).diagonal()
    kept = (distance >= MIN_DISTANCE).nonzero()[:, 0]
    if len(kept) < 2:
        raise UserError("the regressor reads fewer than two of these attributes; give more images")
    codes, condition = model.encode(seen.x, seen.condition).mean, seen.condition
    moved = {
        kind: effects_of_directions(
            model.decode, regressor.predict, codes, rows[kept], has[:, kept], condition
        )
        for kind, rows in (("plain", found.plain), ("apart", found.apart))
    }
    moved["data"] = effects_in_data(real, has)[kept]
    names = tuple(found.names[int(k)] for k in kept)
    return Leakage(names, {kind: rows[:, kept] / distance[kept] for kind, rows in moved.items()})


def effects_in_data(real: Predictions, has: Bool[Tensor, "n a"]) -> Float[Tensor, "a a"]:
    """The mean prediction for images with each attribute minus that for images without it."""
    return torch.stack([real[column].mean(0) - real[~column].mean(0) for column in has.T])


def effects_of_directions(
    decode: Callable[..., Images],
    read: Callable[[Images], Predictions],
    codes: Codes,
    directions: Float[Tensor, "k d"],
    has: Bool[Tensor, "n k"],
    condition: Float[Tensor, "n w"] | None = None,
) -> Float[Tensor, "k a"]:
    """How far what is read moves, on average, when codes of images without an attribute are moved along
    its direction; each is decoded under its own condition, where there is any."""
    found = []
    for direction, column in zip(directions, has.T):
        without = codes[~column][:MAX_IMAGES]
        beside = () if condition is None else (condition[~column][:MAX_IMAGES],)
        moved = read(decode(without + direction, *beside)) - read(decode(without, *beside))
        found.append(moved.mean(0))
    return torch.stack(found)
