from ._likelihood import FeatureLikelihood as FeatureLikelihood
from ._likelihood import Likelihood as Likelihood
from ._likelihood import ObservationModel as ObservationModel
from ._likelihood import Scale as Scale
from .bernoulli import Bernoulli as Bernoulli
from .laplace import Laplace as Laplace
from .learned_normal import LearnedNormal as LearnedNormal
from .normal import Normal as Normal
