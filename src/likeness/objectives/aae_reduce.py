"""Dimensionality reduction with adversarial autoencoders: Makhzani et al. 2015, section 7."""

from likeness.codes import Heads
from likeness.objectives.aae_semi import AAESemi
from likeness.settings import settings


@settings
class AAEReduce(AAESemi):
    """Semi-supervised objective with codes W_C y + z in few dimensions: the learned head of the class plus
    a style. Without labels the classes are clusters."""

    code: Heads = Heads()
    """Layout of the codes."""
