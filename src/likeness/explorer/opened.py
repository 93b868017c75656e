"""The runs that are open, each with what is computed from it at the first request."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.analysis import directions, embedded_sample
from likeness.analysis.directions import Directions
from likeness.analysis.embedded_sample import EmbeddedSample, Plane, PlaneKind
from likeness.analysis.neighbours import embed_images, pixel_vectors
from likeness.data.condition_kinds import BinaryCondition
from likeness.data.conditions import Words, one_row
from likeness.errors import UserError
from likeness.runs.loading import load_metric, load_model
from likeness.runs.run import Run, run_of
from likeness.similarity.image_metric import ImageMetric

MAX_TRAINING_IMAGES = 4000
"""Training images from which directions are learned."""
T = TypeVar("T")
Vectors = Float[Tensor, "n f"]
Row = Float[Tensor, "1 w"] | None
"""One condition for all, as the model takes it; None of a run without."""


class Once(Generic[T]):
    """A value that is computed at the first request, by one thread only; after an error the next request
    tries again."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make, self._lock, self._made = make, threading.Lock(), list[T]()

    def __call__(self) -> T:
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


class Opened:
    """One open run: its model, and what the explorer computes from it."""

    def __init__(
        self, path: str, said: str | None = None, data: str | None = None, device: str = "cpu"
    ) -> None:
        self.path = path
        self.run: Run = run_of(path)
        self.model = load_model(path, device=device)
        self.said = said
        """A file of directions, in place of those of the run's data."""
        self.data = data or self.model.data.place
        """Where its data are."""
        self.data_sample: Once[EmbeddedSample] = Once(
            lambda: embedded_sample.embed_sample(self.model, data=self.data)
        )
        self.metric: Once[ImageMetric] = Once(lambda: load_metric(path, device=device))
        self.directions: Once[Directions] = Once(self._directions)
        self.pixels: Once[Vectors] = Once(lambda: pixel_vectors(self.data_sample().images(self.model)))
        self.features: Once[Vectors] = Once(
            lambda: embed_images(self.metric(), self.data_sample().images(self.model))
        )
        self._planes: dict[PlaneKind, Once[Plane]] = {
            by: Once(self._plane(by)) for by in ("codes", "pca", "umap")
        }

    @property
    def has_encoder(self) -> bool:
        """Whether there is an encoder."""
        return self.model.encodes

    @property
    def has_discriminator(self) -> bool:
        """Whether there is a discriminator, and so a learned metric."""
        return self.model.discriminator is not None

    @property
    def classes(self) -> int:
        """Number of classes of a model whose codes hold a class and a style; 0 for other models."""
        return self.model.classes

    @property
    def asks(self) -> bool:
        """Whether the encoder needs the class of an image."""
        return self.model.needs_labels

    def usual(self) -> Row:
        """The condition that the page starts with: the most frequent value, or the mean of numbers; None
        for a run without conditions."""
        mean, conditions = self.model.mean_condition, self.model.conditions
        if mean is None:
            return None
        values = conditions.decode(mean)
        for k, condition in enumerate(conditions.items):
            if isinstance(condition, BinaryCondition):
                values[:, k] = values[:, k].round()
        return conditions.encode(values)

    def condition(self, said: Words | None, index: int | None = None) -> Row:
        """The condition that the page states. Where that is incomplete, the condition of the image in its
        own data, or else the usual one; None for a run without conditions. Raises UserError if it is no
        condition of this run."""
        rows, own = self.usual(), None if index is None else self.data_sample().conditions
        if own is not None and index is not None:
            rows = torch.from_numpy(own[index : index + 1])
        if rows is None:
            return one_row(self.model.conditions, said or {})
        return self.model.conditions.with_values(rows, said or {})

    def controls(self) -> list[dict[str, Any]]:
        """For each condition, the control that the page shows, with its initial value."""
        rows = self.usual()
        if rows is None:
            return []
        (words,) = self.model.conditions.words(rows)
        return [asdict(c) | {"value": words[c.name]} for c in self.model.conditions.items]

    def plane(self, by: PlaneKind) -> Plane:
        """The codes of a sample of the data, as points of a plane."""
        return self._planes[by]()

    def _plane(self, by: PlaneKind) -> Callable[[], Plane]:
        return lambda: embedded_sample.plane_of_codes(self.data_sample().require_codes(), by)

    def move(self, said: Mapping[str, float], decorrelated: bool) -> Float[Tensor, " d"]:
        """The sum of some directions; without data there are only those along the dimensions of the
        codes."""
        try:
            known = self.directions()
        except UserError:
            known = directions.empty_directions(self.model.code_size)
        return known.move(said, decorrelated)

    def _directions(self) -> Directions:
        size = self.model.code_size
        if self.said:
            return directions.read(Path(self.said), size)
        if not self.has_encoder:
            return directions.empty_directions(size)
        return directions.directions_of_data(self.model, self.data, MAX_TRAINING_IMAGES, named=False)


class Gallery:
    """All open runs, by number."""

    def __init__(
        self, paths: Sequence[str], said: str | None = None, data: str | None = None, device: str = "cpu"
    ) -> None:
        self.opened = [Opened(path, None if k else said, data, device) for k, path in enumerate(paths)]

    def __getitem__(self, number: int) -> Opened:
        if not 0 <= number < len(self.opened):
            raise UserError(f"there is no run {number}; {len(self.opened)} are open, from 0")
        return self.opened[number]

    def prepare(self) -> None:
        """Compute what takes long before it is requested; errors are reported when it is."""
        for one in self.opened:
            for make in (one.data_sample, one.directions):
                try:
                    make()
                except Exception:  # said where it is asked for
                    continue


def code_tensor(code: Sequence[float]) -> Float[Tensor, "1 d"]:
    """One code as a tensor of the model's shape."""
    return torch.tensor([list(code)], dtype=torch.float32)
