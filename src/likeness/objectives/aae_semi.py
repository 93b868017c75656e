"""Semi-supervised adversarial autoencoders: Makhzani et al. 2015, section 5."""

from likeness.objectives._classifying import Classifying
from likeness.settings import settings


@settings
class AAESemi(Classifying):
    """q(y, z|x) with few labels: the cross-entropy of those there are is a third phase."""
