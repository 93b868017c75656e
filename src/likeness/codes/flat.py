"""A row of numbers, such as every autoencoder of the papers has."""

from typing import Literal

from likeness.codes._code import Code, CodeShape, drawn
from likeness.nets import Family, Players
from likeness.noise import Noise
from likeness.posteriors import Posterior
from likeness.priors import Distribution
from likeness.settings import Count, settings
from likeness.shapes import Images, Labels, Shape, WholeCodes


@settings
class Flat(Code):
    """Codes are rows (n, latent)."""

    name: Literal["flat"] = "flat"
    latent: Count = 64
    """Dimensions of the codes."""

    @property
    def dims(self) -> int:
        return self.latent

    def shape(self, net: Family, shape: Shape) -> CodeShape:
        return (self.latent,)

    def outputs(self, heads: int, net: Family, shape: Shape) -> CodeShape:
        return (heads * self.latent,)

    def encode(
        self, nets: Players, posterior: Posterior, x: Images, labels: Labels, noise: Noise | None
    ) -> WholeCodes:
        return drawn(posterior, nets["encoder"](posterior.given(x, noise)), noise)

    def walk(
        self, prior: Distribution, rows: int, columns: int, shape: CodeShape, noise: Noise
    ) -> WholeCodes:
        return prior.walk(rows, columns, self.latent, noise)

    def sample(
        self, nets: Players, prior: Distribution, n: int, shape: CodeShape, noise: Noise, temperature: float
    ) -> WholeCodes:
        return temperature * prior.of_shape((n, *shape), noise)
