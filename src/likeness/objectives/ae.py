"""The plain autoencoder, a control: nothing shapes its codes."""

from likeness.batch import Batch
from likeness.losses import mean_squared_error
from likeness.nets import Players
from likeness.objectives._objective import Phase, Step
from likeness.objectives._pixels import PixelCoding
from likeness.settings import settings


@settings
class AE(PixelCoding):
    """Encoder and decoder descend the reconstruction error; samples decode codes that none taught."""

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.attributes)
        Enc, Dec, x = nets["encoder"], nets["decoder"], batch.x

        x_tilde = Dec(self.posterior(Enc, x).sample())
        L_llike = self.llike(nets, x, x_tilde).mean()

        yield Phase({"autoencoder": L_llike})
        return {"llike": L_llike, "pixels": mean_squared_error(x, x_tilde).mean()}
