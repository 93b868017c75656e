from ._adversary import Adversary as Adversary
from ._feature_loss import FeatureLoss as FeatureLoss
from ._latent_critic import LatentCritic as LatentCritic
from ._objective import (
    Adaptive as Adaptive,
)
from ._objective import (
    Losses as Losses,
)
from ._objective import (
    Moves as Moves,
)
from ._objective import (
    Objective as Objective,
)
from ._objective import (
    Phase as Phase,
)
from ._objective import (
    Step as Step,
)
from ._players import autoencoder as autoencoder
from ._players import decoder as decoder
