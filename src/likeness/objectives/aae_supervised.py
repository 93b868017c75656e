"""Style and content: Makhzani et al. 2015, section 4 (the label goes to the decoder, the code is style)."""

from likeness.codes import StyleAndLabel
from likeness.objectives.aae import AAE
from likeness.settings import settings


@settings
class AAESupervised(AAE):
    """The adversarial autoencoder whose whole code is the style, then the one-hot label; the style alone is
    matched to the prior."""

    code: StyleAndLabel = StyleAndLabel()  # type: ignore[assignment]
    """Layout of the codes."""
