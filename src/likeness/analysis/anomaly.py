"""Anomaly scores of images: the distance of each from its reconstruction, or from the training images."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import torch
from jaxtyping import Int
from torch import Tensor

from likeness.analysis.neighbours import MAX_EMBEDDING_NUMBERS, pixel_vectors
from likeness.batch import Batch
from likeness.batching import MAX_BATCH, in_batches
from likeness.data.batches import in_order, whole
from likeness.data.choosing import ALL, select_split, thin
from likeness.errors import UserError
from likeness.files.output import write_output
from likeness.intervals import Interval
from likeness.losses import mean_squared_error
from likeness.metrics import auroc
from likeness.models.autoencoder import Autoencoder
from likeness.models.codes import load_own_data, load_prepared
from likeness.runs.loading import load_metric
from likeness.shapes import UNLABELLED, PerSample
from likeness.similarity.image_metric import ImageMetric

PIXELS = "pixels"
Against = Literal["reconstruction", "training"]
NEIGHBOUR_COUNT, MAX_TRAINING_IMAGES = 5, 10_000
"""Training images whose distances are averaged, and among how many they are looked for."""


@dataclass(frozen=True)
class AnomalyScores:
    """One anomaly score for each image of a data set; a higher score is more anomalous."""

    kind: str
    """What was measured: `features` or `pixels`."""
    values: PerSample
    names: list[str]
    splits: list[str]
    labels: Int[Tensor, " n"]
    label_names: tuple[str, ...]

    own: bool = False
    """Whether the images are of the data that the model was trained on."""

    def training_image_count(self, model: Autoencoder) -> int:
        """Number of these images that the model was trained on, whose scores are lower for that."""
        without = model.data.without
        odd = {k for k, name in enumerate(self.label_names) if name in without}
        rows = zip(self.splits, self.labels.tolist())
        return sum(s == "train" and k not in odd for s, k in rows) if self.own else 0

    def anomaly_auroc(self, names: list[str]) -> Interval:
        """Area under the ROC curve of the scores, where images of the named labels are the anomalies.
        Raises UserError if no image, or every image, has one of these labels."""
        known = {name: k for k, name in enumerate(self.label_names)} or {
            str(k): k for k in sorted(set(self.labels.tolist()) - {UNLABELLED})
        }
        for name in names:
            if name not in known:
                listed = ", ".join(known) or "none"
                raise UserError(f"no image has the label {name!r}; there are {listed}")
        labelled = self.labels != UNLABELLED
        odd = torch.isin(self.labels, torch.tensor([known[name] for name in names]))[labelled]
        if odd.all() or not odd.any():
            raise UserError("images of odd and of other labels are needed; name some of the labels")
        return auroc(self.values[labelled], odd)

    def write(self, out: Path) -> Path:
        """Write a table, .parquet or .csv, with a row for each image. Raises UserError for another
        ending."""
        table = pa.table(
            {
                "name": self.names,
                "split": self.splits,
                "label": pa.array(
                    [k if k != UNLABELLED else None for k in self.labels.tolist()], pa.int64()
                ),
                "score": self.values.double().numpy(),
            }
        )
        buffer = io.BytesIO()
        if out.suffix == ".parquet":
            pyarrow.parquet.write_table(table, buffer)
        elif out.suffix == ".csv":
            pyarrow.csv.write_csv(table, buffer)
        else:
            raise UserError(f"{out} ends neither in .parquet nor in .csv; choose another --out")
        return write_output(out, buffer.getvalue())


def score_images(
    model: Autoencoder,
    path: str,
    data: str,
    by: str | None = None,
    split: str = ALL,
    against: Against = "reconstruction",
) -> AnomalyScores:
    """The distance of each image in `data` from its reconstruction, or the mean of its distances to the
    NEAREST training images of the model: in the features of the run's own discriminator, or of the run
    or metric `by`; in pixels where there is none, or `by` is that word.

    Raises UserError if reconstructions need an encoder that is not there, images are of another shape, or
    the split is empty.
    """
    own = path if model.discriminator else PIXELS
    learned = None if (by or own) == PIXELS else load_metric(by or own, device=str(model.device))
    odd = (
        _reconstruction_score(model, learned)
        if against == "reconstruction"
        else _novelty_score(model, learned)
    )
    dataset = load_prepared(model, data)
    values, names, splits, labels = [], [], [], []
    parts = (dataset.train, dataset.validation, dataset.test)
    for part in parts if split == ALL else (select_split(dataset, split, data),):
        for batch in in_order(part, model.scaling, MAX_BATCH) if len(part) else ():
            values.append(odd(batch))
            names += [part.names[int(k)] for k in batch.index]
            splits += [part.name] * len(batch.x)
            labels.append(batch.labels)
    kind = "features" if learned else PIXELS
    columns = torch.cat(values), names, splits, torch.cat(labels)
    return AnomalyScores(kind, *columns, tuple(dataset.label_names), model.training_data.holds(dataset))


Score = Callable[[Batch], PerSample]


def _reconstruction_score(model: Autoencoder, learned: ImageMetric | None) -> Score:
    far = learned.distances if learned else mean_squared_error

    def score(batch: Batch) -> PerSample:
        return far(model.reconstruct(batch.x, batch.condition, batch.labels).clamp(-1, 1), batch.x)

    return score


@torch.no_grad()
def _novelty_score(model: Autoencoder, learned: ImageMetric | None) -> Score:
    """The mean distance to the nearest training images, of which an evenly spaced part is used where there
    are too many."""
    embed = learned.embed if learned else pixel_vectors
    train = load_own_data(model).train
    one = whole(thin(train, 1), model.scaling).x
    most = min(MAX_TRAINING_IMAGES, MAX_EMBEDDING_NUMBERS // max(embed(one).numel(), one.numel()))
    known = in_batches(embed, whole(thin(train, most), model.scaling).x)

    @torch.no_grad()
    def score(batch: Batch) -> PerSample:
        apart = torch.cdist(embed(batch.x), known).square()
        return apart.topk(min(NEIGHBOUR_COUNT, len(known)), largest=False).values.mean(1)

    return score
