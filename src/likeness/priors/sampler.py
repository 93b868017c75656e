"""A prior that a program of the user's draws from."""

import runpy
from functools import lru_cache
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.errors import UserError, error_summary
from likeness.priors._sample_based import SampleBasedPrior
from likeness.settings import Count, settings


@settings
class Sampler(SampleBasedPrior):
    """A Python file with `sample(n, dim)`, which gives an array of floats (n, dim).

    It is run once, when a training begins; the codes that it gave are kept with the run, which never
    runs the file again.
    """

    program: str = ""
    """A Python file that defines `sample(n, dim)`."""
    draws: Count = 200_000
    """Codes that are drawn from it."""

    def rows(self, dim: int, option: str = "--latent") -> Float[Tensor, "rows dim"]:
        return _drawn(self.program, self.draws, dim)


@lru_cache(maxsize=4)
def _drawn(program: str, n: int, dim: int) -> Tensor:
    """What a user's `sample(n, dim)` gives. Raises UserError if that is no finite (n, dim)."""
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
        raise UserError(f"sample({n}, {dim}) of {program} gives {tuple(rows.shape)}; give ({n}, {dim})")
    if not rows.isfinite().all():
        raise UserError(f"sample({n}, {dim}) of {program} gives values that are not finite; mend it")
    return rows
