"""Style and content: Makhzani et al. 2015, section 4 (the label goes to the decoder, the code is style)."""

from likeness.codes import StyleAndLabel
from likeness.objectives.aae import AAE
from likeness.settings import settings


@settings
class AAESupervised(AAE):
    """Adversarial autoencoder whose decoder gets the style and the one-hot label; only the style is matched
    to the prior."""

    code: StyleAndLabel = StyleAndLabel()  # type: ignore[assignment]
    """Layout of the codes."""
