__version__: str
__all__: list[str]

from . import data as data
from . import likelihoods as likelihoods
from . import metrics as metrics
from . import nets as nets
from . import objectives as objectives
from . import posteriors as posteriors
from . import priors as priors
from .data.settings import Images as Images
from .errors import (
    LikenessError as LikenessError,
)
from .errors import (
    LikenessWarning as LikenessWarning,
)
from .errors import (
    RunError as RunError,
)
from .errors import (
    Stopped as Stopped,
)
from .errors import (
    UserError as UserError,
)
from .models.autoencoder import Autoencoder as Autoencoder
from .objectives.aae import AAE as AAE
from .objectives.aae_cluster import AAECluster as AAECluster
from .objectives.aae_labels import AAELabels as AAELabels
from .objectives.aae_reduce import AAEReduce as AAEReduce
from .objectives.aae_semi import AAESemi as AAESemi
from .objectives.aae_supervised import AAESupervised as AAESupervised
from .objectives.ae import AE as AE
from .objectives.gan import GAN as GAN
from .objectives.vae import VAE as VAE
from .objectives.vae_dis_l import VAEDisL as VAEDisL
from .objectives.vae_gan import VAEGAN as VAEGAN
from .registry import register as register
from .runs.library import (
    load as load,
)
from .runs.library import (
    metric as metric,
)
from .runs.library import (
    train as train,
)
from .similarity.perceptual_metric import PerceptualMetric as PerceptualMetric
