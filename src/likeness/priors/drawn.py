"""Priors of the user's own, known by codes drawn from them."""

import runpy
from abc import abstractmethod
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.errors import UserError, brief
from likeness.noise import Noise
from likeness.priors._distribution import Distribution
from likeness.settings import Count, settings
from likeness.shapes import Codes


@settings
class Drawn(Distribution):
    """One that is known by codes drawn from it, in a file of the user's; a run keeps them as its own."""

    @abstractmethod
    def rows(self, dim: int) -> Float[Tensor, "rows dim"]:
        """All the codes that there are. Raises UserError if they are not codes of `dim` dimensions."""

    def check(self, dim: int) -> None:
        self.rows(dim)

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        rows, which = self.rows(dim), noise.integers("row", len(self.rows(dim)), n)
        return rows.to(which.device)[which].to(torch.get_default_dtype())


@settings
class Empirical(Drawn):
    """Rows of an .npy file, drawn with replacement."""

    name: Literal["empirical"] = "empirical"
    file: str = ""
    """An .npy file of floats (rows, dimensions)."""

    def rows(self, dim: int) -> Float[Tensor, "rows dim"]:
        rows = _read(self.file)
        if rows.shape[1] != dim:
            raise UserError(
                f"{self.file} has {rows.shape[1]} dimensions, --latent is {dim}; make them the same"
            )
        return rows


@settings
class Sampler(Drawn):
    """A Python file with `sample(n, dim)`, which gives an array of floats (n, dim).

    It is run once, when a training begins; the codes that it gave are kept with the run, which never
    runs the file again.
    """

    name: Literal["sampler"] = "sampler"
    program: str = ""
    """A Python file that defines `sample(n, dim)`."""
    draws: Count = 200_000
    """Codes that are drawn from it."""

    def rows(self, dim: int) -> Float[Tensor, "rows dim"]:
        return _drawn(self.program, self.draws, dim)


@lru_cache(maxsize=4)
def _read(file: str) -> Tensor:
    """The rows of an .npy file. Raises UserError if it holds no finite (rows, dimensions)."""
    try:
        rows = np.load(Path(file), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        reason = brief(error, 100)
        raise UserError(f"{file} cannot be read as .npy ({reason}); give an array of codes") from None
    if not isinstance(rows, np.ndarray) or rows.ndim != 2 or rows.dtype.kind != "f" or not rows.size:
        raise UserError(f"{file} holds no floats (rows, dimensions); give an array of codes")
    if not np.isfinite(rows).all():
        raise UserError(f"{file} holds values that are not finite; take them out")
    return torch.from_numpy(rows)


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
        reason = brief(error, 150, named=True)
        raise UserError(f"{program} fails ({reason}); mend its sample(n, dim)") from None
    if rows.shape != (n, dim):
        raise UserError(f"sample({n}, {dim}) of {program} gives {tuple(rows.shape)}; give ({n}, {dim})")
    if not rows.isfinite().all():
        raise UserError(f"sample({n}, {dim}) of {program} gives values that are not finite; mend it")
    return rows
