"""Figures of what a model has learned: codes in the plane, paths through the prior, styles by class."""

from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.analysis.editing import principal_components
from likeness.analysis.evaluation import EvaluationOptions, gather
from likeness.data.conditions import Conditioning
from likeness.errors import UserError
from likeness.models.autoencoder import Autoencoder
from likeness.noise import SeededNoise
from likeness.objectives import missing_part_error
from likeness.pages import pictures
from likeness.runs.loading import load_model
from likeness.runs.output import write_picture
from likeness.shapes import Images

MAX_CODES = 10_000
"""Codes in a picture."""


def write_plane(
    path: str, split: str, out: Path, by: str = "codes", data: str | None = None, device: str = "cpu"
) -> Path:
    """Draw codes of a split of the run's data, or of others, over the prior: two dimensions as they are, or
    by `components`, the first two of codes. UserError if codes have not two dimensions, or less where
    components are asked for."""
    trained = load_model(path, device=device)
    seen = gather(trained, EvaluationOptions(split, MAX_CODES, data=data))
    codes, prior = seen.codes, seen.sample_prior(5 * MAX_CODES)
    if codes is not None and by == "components" and codes.shape[1] >= 2:
        found = principal_components(codes, 2)
        across = torch.nn.functional.normalize(found.directions).T
        codes, prior = (codes - found.mean) @ across, (prior - found.mean) @ across
    if codes is None:
        raise missing_part_error(trained.method, "encoder")
    if codes.shape[1] != 2:
        raise UserError(
            f"{path} has codes of {codes.shape[1]} dimensions, and 2 are drawn; train with --latent 2, or "
            "take --by components"
        )
    return write_picture(out, pictures.scatter(codes, seen.labels, prior))


def write_manifold(
    path: str, rows: int, columns: int, out: Path, condition: Conditioning = None, device: str = "cpu"
) -> Path:
    """Decode a way through the prior, under a condition where the model takes one; where codes have a
    class, a row for each class, and the same styles in each."""
    trained = load_model(path, device=device)
    images = trained.decode(_manifold_codes(trained, rows, columns), condition)
    return write_picture(out, pictures.grid(images, columns))


def write_clusters(
    path: str,
    split: str,
    columns: int,
    out: Path,
    condition: Conditioning = None,
    data: str | None = None,
    device: str = "cpu",
) -> Path:
    """A row for each class or cluster: the image of it without style, under a condition where the model
    takes one, then those images of a split that are most surely in it. UserError if the run has no
    classes."""
    trained = load_model(path, device=device)
    seen = gather(trained, EvaluationOptions(split, data=data))
    if seen.class_probabilities is None:
        raise missing_part_error(trained.method, "classifier")
    if len(seen.images) < columns:
        raise UserError(f"{len(seen.images)} images are fewer than {columns} columns; lower --columns")
    typical = seen.images[seen.class_probabilities.topk(columns, 0).indices.T]
    table = torch.cat([_class_images(trained, condition)[:, None], typical], 1)
    return write_picture(out, pictures.grid(table.flatten(0, 1), columns + 1))


def _class_images(trained: Autoencoder, condition: Conditioning) -> Images:
    """The decoded image of each class, with a style of zeros."""
    code = trained.objective.code
    labels = torch.arange(code.class_count)
    styles = torch.zeros(len(labels), code.dims)
    return trained.decode(trained.join_labels(labels, styles), condition)


def _manifold_codes(trained: Autoencoder, rows: int, columns: int) -> Float[Tensor, "n w"]:
    """Codes on a way through the prior, row by row; where the decoder is given a class, of one a row."""
    prior, code = trained.objective.prior, trained.objective.code
    if not code.class_count:
        return code.flatten(code.walk(prior, rows, columns, trained.code_shape, SeededNoise()))
    styles = prior.walk(1, columns, code.dims, SeededNoise()).repeat(code.class_count, 1)
    return trained.join_labels(torch.arange(code.class_count).repeat_interleave(columns), styles)
