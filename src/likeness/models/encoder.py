"""An encoder whose outputs are tensors: what other programs take, and what is exported."""

import torch
from torch import Tensor, nn

from likeness.nets import Condition, Networks
from likeness.objectives import Objective
from likeness.shapes import UNLABELLED, Images, Labels


class Encoder(nn.Module):
    """Images (n, c, *sides) in [-1, 1] to the mean of q(z|x), as the decoder takes it, and to its
    log-variance, which is None where q(z|x) is not a Gaussian.

    Of a code of a class and a style the log-variance is that of the style.
    """

    def __init__(self, objective: Objective, nets: Networks) -> None:
        super().__init__()
        self.objective = objective
        own = ("encoder", *objective.code.own_players)
        self.nets = Networks({name: nets[name] for name in own})

    def forward(
        self, x: Images, condition: Condition = None, labels: Labels | None = None
    ) -> tuple[Tensor, Tensor | None]:
        if labels is None:
            labels = torch.full((x.shape[0],), UNLABELLED, device=x.device)
        q = self.objective.encode(self.nets.of(condition), x, labels)
        return q.mean, q.log_variance
