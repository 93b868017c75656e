"""Label information in the regularisation: Makhzani et al. 2015, section 2.3."""

import torch
from torch import nn

from likeness.batch import Batch
from likeness.losses import mean_squared_error
from likeness.nets import Family, Players
from likeness.objectives._latent import Labelled, one_hot
from likeness.objectives._objective import Phase, Step
from likeness.settings import settings
from likeness.shapes import UNLABELLED, ImageShape


@settings
class AAELabels(Labelled):
    """The discriminator sees the label beside the code, so each class has its region of the prior.

    The class after the last is "unlabelled": the prior sample beside it comes from the whole prior.
    """

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        extra = {"critic": net.critic(self.latent + self.classes + 1)}
        return super().players(net, shape) | extra

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.attributes)
        Enc, Dec, D, x = nets["encoder"], nets["decoder"], nets["critic"], batch.x
        known = torch.where(batch.labels == UNLABELLED, self.classes, batch.labels)
        y = one_hot(known, self.classes + 1).to(x)

        # reconstruction
        x_tilde = Dec(self.posterior(Enc, self.noisy(x)).sample())
        L_llike = self.llike(nets, x, x_tilde).mean()
        yield Phase({"autoencoder": L_llike})

        # regularisation
        z = self.posterior(Enc, self.noisy(x)).sample()
        z_p = self.prior.sample_regions(batch.labels, self.latent)
        report = yield from self.regularisation(D, z, z_p, y)

        pixels = mean_squared_error(x, x_tilde).mean()
        return {"llike": L_llike, "pixels": pixels} | report
