"""A prior of samples in a file."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.errors import UserError, error_summary
from likeness.priors._sample_based import SampleBasedPrior
from likeness.settings import Metavar, settings


@settings
class Empirical(SampleBasedPrior):
    """Rows of an .npy file, sampled with replacement."""

    file: Annotated[str, Metavar("FILE")] = ""
    """Path of an .npy file with floats (rows, dimensions)."""

    def rows(self, dim: int, option: str = "--latent") -> Float[Tensor, "rows dim"]:
        rows = _read(self.file)
        if rows.shape[1] != dim:
            raise UserError(
                f"{self.file} has {rows.shape[1]} dimensions, {option} is {dim}; make them the same"
            )
        return rows


@lru_cache(maxsize=4)
def _read(file: str) -> Tensor:
    """The rows of an .npy file. Raises UserError if it is no array of finite floats (rows, dimensions)."""
    try:
        rows = np.load(Path(file), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        reason = error_summary(error, 100)
        raise UserError(f"{file} cannot be read as .npy ({reason}); give an array of codes") from None
    if not isinstance(rows, np.ndarray) or rows.ndim != 2 or rows.dtype.kind != "f" or not rows.size:
        raise UserError(f"{file} holds no floats (rows, dimensions); give an array of codes")
    if not np.isfinite(rows).all():
        raise UserError(f"{file} holds values that are not finite; take them out")
    return torch.from_numpy(rows)
