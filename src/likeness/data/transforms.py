"""The user's own augmentation: a function of one stored image, which only a Python program can give."""

import random
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import numpy as np
import torch
from pydantic import PlainSerializer, PlainValidator
from torch import Tensor

from likeness.errors import UserError, error_summary
from likeness.noise import preserve_generators
from likeness.settings import NoOption

Transform = Callable[[Tensor], Tensor]


def transform_name(transform: Transform | str | None) -> str | None:
    """Name of a transform in documents: where it, or its class, is defined."""
    if transform is None or isinstance(transform, str):
        return transform
    thing = transform if hasattr(transform, "__qualname__") else type(transform)
    return f"{thing.__module__}.{thing.__qualname__}"  # type: ignore[attr-defined]


def _check(transform: Any) -> Any:
    if transform is None or isinstance(transform, str) or callable(transform):
        return transform
    raise ValueError("It must be a function of one image")


TransformSetting = Annotated[
    Transform | str | None, PlainValidator(_check), PlainSerializer(transform_name), NoOption()
]
"""A function; its name alone where it was read from a document, which never imports it."""


def apply_transform(
    images: np.ndarray, transform: Transform, names: Sequence[str], seeds: Sequence[Sequence[int]]
) -> np.ndarray:
    """Stored images (n, h, w, c), each as the transform makes it, with the generators of PyTorch (on the
    CPU), NumPy and Python seeded by its own seeds; they go on after it as if nothing had been drawn.

    Raises UserError, which names the image, where the transform fails or returns another kind of image.
    """
    made = np.empty(images.shape, images.dtype)
    with preserve_generators(devices=[]), torch.no_grad():
        for row, (stored, name, seed) in enumerate(zip(images, names, seeds)):
            _seed(seed)
            image = torch.from_numpy(stored).permute(2, 0, 1).contiguous()
            made[row] = _check_result(transform, image, name).permute(1, 2, 0).cpu().numpy()
    return made


def _check_result(transform: Transform, image: Tensor, name: str) -> Tensor:
    kind, remedy = _kind(image), f"mend {transform_name(transform)}"
    try:
        made = transform(image)
    except Exception as error:
        why = error_summary(error, 200, with_type=True)
        raise UserError(f"transform= fails on the training image {name} ({why}); {remedy}") from error
    if _kind(made) != kind:
        raise UserError(
            f"transform= makes {_kind(made)} of {kind}, the training image {name}; {remedy} to "
            "return images as they come"
        )
    return made


def _kind(made: Any) -> str:
    """The type and shape of an image, in words."""
    if not isinstance(made, Tensor):
        return f"a {type(made).__name__}"
    return f"{str(made.dtype).removeprefix('torch.')} {tuple(made.shape)}"


def _seed(key: Sequence[int]) -> None:
    words = np.random.SeedSequence(key).generate_state(4)
    torch.default_generator.manual_seed(int(words[:2].view(np.uint64)[0] >> 1))
    np.random.seed(words)
    random.seed(words.tobytes())
