from ._adversary import Adversary as Adversary
from ._feature_loss import FeatureLoss as FeatureLoss
from ._latent_critic import LatentCritic as LatentCritic
from ._missing_parts import missing_part_error as missing_part_error
from ._objective import (
    Objective as Objective,
)
from ._phase import AdaptiveLoss as AdaptiveLoss
from ._phase import Losses as Losses
from ._phase import Moves as Moves
from ._phase import Phase as Phase
from ._phase import Step as Step
from ._players import autoencoder as autoencoder
from ._players import decoder as decoder
from ._players import find_scale as find_scale
from ._players import scale_names as scale_names
from ._players import scale_network as scale_network
