"""Clustering with adversarial autoencoders: Makhzani et al. 2015, section 6."""

from likeness.batch import Batch
from likeness.errors import UserError
from likeness.nets import Players
from likeness.objectives._classifying import Classifying
from likeness.objectives._latent import Classes
from likeness.objectives._objective import Moves
from likeness.settings import settings
from likeness.shapes import Labels, Scalar


@settings
class AAECluster(Classifying):
    """Semi-supervision in which every label is unknown: the classes become clusters."""

    classes: Classes = 16
    """Clusters."""

    @property
    def moves(self) -> Moves:
        return {name: players for name, players in super().moves.items() if name != "classifier"}

    def check(self, labels: Labels, batch: int) -> None:
        self.prior.check(self.latent)
        if self.classes > batch:
            raise UserError(f"{self.classes} clusters are more than a batch of {batch}; raise --batch")

    def cross_entropy(self, nets: Players, batch: Batch) -> Scalar | None:
        return None
