"""Clustering with adversarial autoencoders: Makhzani et al. 2015, section 6."""

from typing import ClassVar

from likeness.codes import ClassAndStyle
from likeness.errors import UserError
from likeness.objectives.aae_semi import AAESemi
from likeness.settings import settings
from likeness.shapes import Labels


@settings
class AAECluster(AAESemi):
    """Semi-supervised objective without labels: the classes become clusters."""

    supervised: ClassVar[bool] = False

    code: ClassAndStyle = ClassAndStyle(classes=16)
    """Layout of the codes; its classes are the clusters."""

    def check(self, labels: Labels, batch: int) -> None:
        self.prior.check(self.code.dims, self.code.dims_option)
        if self.code.classes > batch:
            raise UserError(
                f"{self.code.classes} clusters are more than the {batch} images of a batch; raise --batch"
            )
