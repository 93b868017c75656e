"""The uniform distribution on a cube."""

from typing import Annotated

from likeness.noise import Noise
from likeness.priors._distribution import Distribution, grid
from likeness.settings import Positive, Rare, settings
from likeness.shapes import Codes


@settings
class Uniform(Distribution):
    """Uniform distribution on a cube around the origin."""

    half: Annotated[Positive, Rare()] = 1.0
    """Half the length of the cube's sides."""

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self.half * (2 * noise.uniform("cube", (n, dim)) - 1)

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """In two dimensions an even grid, else at random."""
        if dim != 2:
            return self.sample(rows * columns, dim, noise)
        return self.half * (2 * grid(rows, columns) - 1)
