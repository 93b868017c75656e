"""Style and content: Makhzani et al. 2015, section 4 (the label goes to the decoder, the code is style)."""

from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from likeness.batch import Batch
from likeness.errors import UserError
from likeness.losses import mean_squared_error
from likeness.nets import Family, Players
from likeness.objectives._latent import Labelled, one_hot
from likeness.objectives._objective import Phase, Step
from likeness.settings import settings
from likeness.shapes import UNLABELLED, Codes, Images, ImageShape, Labels


@settings
class AAESupervised(Labelled):
    """A whole code is the style, then the one-hot label; only the style is matched to the prior."""

    told: ClassVar[bool] = True
    asks: ClassVar[bool] = True

    @property
    def code_size(self) -> int:
        return self.latent + self.classes

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        return super().players(net, shape) | {"decoder": net.decoder(self.code_size, shape)}

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.attributes)
        Enc, Dec, D, x = nets["encoder"], nets["decoder"], nets["critic"], batch.x
        y = one_hot(batch.labels, self.classes).to(x)

        # reconstruction
        z = self.posterior(Enc, self.noisy(x)).sample()
        x_tilde = Dec(torch.cat([z, y], 1))
        L_llike = self.llike(nets, x, x_tilde).mean()
        yield Phase({"autoencoder": L_llike})

        # regularisation
        z = self.posterior(Enc, self.noisy(x)).sample()
        z_p = self.prior.sample(len(x), self.latent)
        report = yield from self.regularisation(D, z, z_p)

        pixels = mean_squared_error(x, x_tilde).mean()
        return {"llike": L_llike, "pixels": pixels} | report

    def whole(self, nets: Players, labels: Labels, styles: Codes) -> Float[Tensor, "n w"]:
        return torch.cat([styles, one_hot(labels, self.classes).to(styles)], 1)

    def codes(self, n: int, nets: Players, temperature: float = 1.0) -> Codes:
        labels = torch.arange(n) % self.classes
        return self.whole(nets, labels, temperature * self.prior.sample(n, self.latent))

    def restyled(self, nets: Players, x: Images, labels: Labels) -> Codes:
        return self.encode(nets, x, labels)

    def styles(self, codes: Codes) -> Float[Tensor, "n s"]:
        return codes[:, : self.latent]

    def encode(self, nets: Players, x: Images, labels: Labels) -> Codes:
        if (labels == UNLABELLED).any():
            raise UserError("aae_supervised needs the label of each image; give data that have labels")
        if (most := int(labels.max())) >= self.classes:
            raise UserError(f"there is a label {most} of {self.classes} classes; choose one of them")
        return self.whole(nets, labels, super().encode(nets, x, labels))

    def draw(self, nets: Players, x: Images, labels: Labels) -> Codes:
        return self.whole(nets, labels, super().draw(nets, x, labels))
