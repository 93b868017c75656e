"""Distances of pairs of image files."""

import csv
import io
from pathlib import Path

import torch

from likeness.errors import UserError
from likeness.files.output import write_output
from likeness.pages import pictures
from likeness.runs.output import write_picture
from likeness.similarity.image_metric import ImageMetric

Rows = list[dict[str, str]]


def file_distance(metric: ImageMetric, images: list[str], drawn: str | None = None) -> float:
    """The distance of two image files; a picture of both and their differences is written to `drawn`, if
    given."""
    a, b = (metric.images([path]) for path in images)
    if drawn is not None:
        where = metric.map(a, b)[:, None]
        shown = (2 * where / where.amax().clamp_min(1e-12) - 1).expand_as(a)
        write_picture(Path(drawn), pictures.rows(torch.cat([a, b, shown])))
    return float(metric(a, b))


def distance_table(metric: ImageMetric, path: Path) -> Rows:
    """The rows of a table of pairs, each with its distance. Raises UserError if it lacks the columns a and
    b."""
    try:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise UserError(
            f"{path} cannot be read ({' '.join(str(error).split())}); give a CSV file"
        ) from None
    if not rows or not {"a", "b"} <= rows[0].keys():
        raise UserError(f"{path} names no pairs; give it columns a and b, with a path in each row")
    if blank := next((k for k, row in enumerate(rows, 2) if not row["a"] or not row["b"]), None):
        raise UserError(f"{path} has no two paths in line {blank}; fill it in")
    columns = [metric.images([path.parent / row[side] for row in rows]) for side in "ab"]
    return [row | {"distance": f"{d:.9g}"} for row, d in zip(rows, metric.distances(*columns).tolist())]


def write(rows: Rows, out: Path) -> Path:
    """The rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return write_output(out, text.getvalue().encode())
