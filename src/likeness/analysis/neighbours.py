"""The nearest images of an image, by pixels and by a perceptual metric."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from likeness.batching import in_batches
from likeness.shapes import Images
from likeness.similarity.image_metric import ImageMetric

MAX_EMBEDDING_NUMBERS = 2**26
"""Most numbers of the embeddings among which neighbours are searched; larger sets of images are cut."""


class Neighbours(NamedTuple):
    """The nearest images of an image, nearest first."""

    rows: Int[Tensor, " k"]
    """Indices of the images."""
    distances: Float[Tensor, " k"]
    """Squared distances."""


def nearest_neighbours(query: Float[Tensor, "1 f"], candidates: Float[Tensor, "n f"], k: int) -> Neighbours:
    """The `k` candidates at the least squared Euclidean distance from the query."""
    nearest = (candidates - query).square().sum(1).topk(min(k, len(candidates)), largest=False)
    return Neighbours(nearest.indices, nearest.values)


def pixel_vectors(x: Images) -> Float[Tensor, "n f"]:
    """Pixels as vectors whose squared distances are mean squared errors."""
    return x.flatten(1) / x[0].numel() ** 0.5


@torch.no_grad()
def embed_images(metric: ImageMetric, x: Images) -> Float[Tensor, "_ f"]:
    """Embeddings of images by a perceptual metric; only of the first images if all embeddings would be more
    than MAX_EMBEDDING_NUMBERS numbers."""
    size = metric.embed(x[:1]).shape[1]
    return in_batches(metric.embed, x[: max(MAX_EMBEDDING_NUMBERS // size, 1)])


def neighbours(
    x: Float[Tensor, "1 c h w"], candidates: Images, k: int, metric: ImageMetric | None
) -> dict[str, Neighbours]:
    """The `k` nearest candidates of an image by `pixels`, and by the `learned` metric if there is one."""
    nearest = {"pixels": nearest_neighbours(pixel_vectors(x), pixel_vectors(candidates), k)}
    if metric is not None:
        query, embeddings = embed_images(metric, x), embed_images(metric, candidates)
        nearest["learned"] = nearest_neighbours(query, embeddings, k)
    return nearest
