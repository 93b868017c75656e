"""A prior that a Python file of the user samples."""

import runpy
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.errors import UserError, error_summary
from likeness.priors._sample_based import SampleBasedPrior
from likeness.settings import Count, Metavar, Rare, settings


@settings
class Sampler(SampleBasedPrior):
    """Samples from a Python file with a function `sample(n, dim)` that returns floats (n, dim).

    The file is executed once, when a training begins. The run keeps the samples and never executes the file
    again.
    """

    program: Annotated[str, Metavar("FILE")] = ""
    """Path of a Python file that defines `sample(n, dim)`."""
    draws: Annotated[Count, Rare()] = 200_000
    """Number of samples to draw."""

    def rows(self, dim: int, option: str = "--latent") -> Float[Tensor, "rows dim"]:
        return _draw(self.program, self.draws, dim)


@lru_cache(maxsize=4)
def _draw(program: str, n: int, dim: int) -> Tensor:
    """Samples of a user's `sample(n, dim)`. Raises UserError if it fails, or the result is not finite or
    not of shape (n, dim)."""
    if not Path(program).is_file():
        raise UserError(f"{program!r} is no file; name a Python file that defines sample(n, dim)")
    try:
        sample = runpy.run_path(program)["sample"]
        rows = torch.as_tensor(sample(n, dim)).float()
    except KeyError:
        raise UserError(f"{program} defines no sample(n, dim); add that function") from None
    except Exception as error:
        reason = error_summary(error, 150, with_type=True)
        raise UserError(f"{program} fails ({reason}); mend its sample(n, dim)") from None
    if rows.shape != (n, dim):
        raise UserError(f"sample({n}, {dim}) of {program} returns {tuple(rows.shape)}; return ({n}, {dim})")
    if not rows.isfinite().all():
        raise UserError(f"sample({n}, {dim}) of {program} returns values that are not finite; mend it")
    return rows
