"""An encoder with tensors as outputs, for export and for other programs."""

import torch
from torch import Tensor, nn

from likeness.nets import Condition, Networks
from likeness.objectives import Objective
from likeness.shapes import UNLABELLED, Images, Labels


class Encoder(nn.Module):
    """From images (n, c, *sides) in [-1, 1] to the mean of q(z|x), a full code, and its log-variance.

    The log-variance is that of the style if codes have classes, and None if q(z|x) is not Gaussian.
    """

    def __init__(self, objective: Objective, nets: Networks) -> None:
        super().__init__()
        self.objective = objective
        names = ("encoder", *objective.code.own_players)
        self.nets = Networks({name: nets[name] for name in names})

    def forward(
        self, x: Images, condition: Condition = None, labels: Labels | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Mean and log-variance of q(z|x). Raises UserError if a label or condition is missing."""
        if labels is None:
            labels = torch.full((x.shape[0],), UNLABELLED, device=x.device)
        q = self.objective.encode(self.nets.of(condition), x, labels)
        return q.mean, q.log_variance
